"""14 Mended: people whose money did not arrive bring a new account, and it is paid again."""

from demonstration.month import CountyMonth


async def mend(month: CountyMonth) -> None:
    """Play the people who come to the desk."""
    del month
