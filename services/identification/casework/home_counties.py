"""Subsidies that the home county of another province decides: what lies there, what it is told."""

from typing import Final

from services.identification.casework.standing import Standing

TELLS: Final = "tell-home-withdrawn"
"""Tells a home county that what it has was withdrawn."""
_SAYS: Final = {"take-back-from-home", TELLS}


def still_has_it(at: Standing) -> bool:
    """Whether it lies with a home county, which was told nothing since."""
    sent = at.last("send-home")
    return sent is not None and _SAYS.isdisjoint(each.act for each in at.after(sent))


def is_to_be_told(at: Standing) -> bool:
    """Whether it is over here, and the home county does not know."""
    return at.case.state == "withdrawn" and still_has_it(at)
