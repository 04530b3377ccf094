"""The names of whoever acts: that of the account, and that of the person behind it."""

from shared.callers import Caller


def known_as(caller: Caller) -> set[str]:
    """By which names a caller may have been named."""
    return known_by(caller.person, caller.subject)


def known_by(person: str, account: str) -> set[str]:
    """By which names somebody may be named: their account's, and that of the person behind it."""
    plain = {each.removeprefix("staff:") for each in (person, account)}
    return plain | {f"staff:{each}" for each in plain}
