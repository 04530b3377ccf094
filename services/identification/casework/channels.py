"""By which way an application comes in: it follows from who calls, and is not just said."""

from typing import Final

from services.identification.casework.standing import Standing
from shared.callers import Caller, Kind
from shared.problems import Forbidden

OWN: Final = "own"
VILLAGE: Final = "village"
WINDOW: Final = "window"
PHONE: Final = "phone"
ONE_DOOR: Final = "one-door"
ALL: Final = (OWN, VILLAGE, WINDOW, PHONE, ONE_DOOR, "school", "lead", "list")
"""Every channel; a school's list, a lead and a list of an office come in by none of a caller's."""
THEMSELVES: Final = frozenset({OWN, WINDOW, PHONE, ONE_DOOR})
"""Channels by which people come for themselves, unless a proxy is named."""
UNSEEN: Final = frozenset({OWN, PHONE})
"""Channels by which nobody of the administration has the applicant before them."""
FOUND: Final = frozenset({"lead", "list", "school"})
"""Channels by which an office found somebody who had asked nobody."""
VILLAGE_PLACES: Final = 12
"""How many places the code of a village has."""


class ChannelNotYours(Forbidden):
    """Applications do not come in through you that way."""


def of_caller(caller: Caller, village: str, counter: str = WINDOW) -> tuple[str, ...]:
    """The ways an application of a village comes in through a caller, the usual one first.

    A citizen applies for themselves. Who is of the village alone applies for its people, and never
    as a window. Who takes applications and sees nobody's face sits at the telephone.
    """
    if caller.kind is Kind.CITIZEN:
        return (OWN,)
    if is_of_village_alone(caller, village):
        return (VILLAGE,)
    if caller.has("cases:apply") and not caller.has("cases:identify"):
        return (PHONE,)
    return (counter, PHONE)


def is_of_village_alone(caller: Caller, village: str) -> bool:
    """Whether no area of a caller's over a village is more than the village itself."""
    over = [len(area) for area in caller.divisions if village.startswith(area)]
    return not over or min(over) == VILLAGE_PLACES


def through(caller: Caller, village: str, said: str | None, counter: str = WINDOW) -> str:
    """The channel of a case a caller opens: their usual one, or the one of theirs that is said.

    Raises:
        ChannelNotYours: what is said is none of theirs.
    """
    ways = of_caller(caller, village, counter)
    if said is not None and said not in ways:
        raise ChannelNotYours(f"through you it is {' or '.join(ways)}", channels=list(ways))
    return said or ways[0]


def of_draft(begun: str, comes: str) -> str:
    """By which way a draft comes in that somebody goes on with through another channel: by theirs.
    Whom an office found, it found; but not once nobody of it has them before them."""
    return begun if begun in FOUND and comes not in UNSEEN else comes


def by_a_proxy(at: Standing) -> bool:
    """Whether the place asks for a proxy: by the channel of the case, and by every way of whoever
    applies, so that a village hands in no draft of a window's or a list's without one."""
    proxies = set(at.settings.words["proxy_channels"])
    applies = at.caller.has("cases:apply") or at.caller.kind is Kind.CITIZEN
    ways = set(of_caller(at.caller, at.case.village)) if applies else {at.case.channel}
    return at.case.channel in proxies or ways <= proxies
