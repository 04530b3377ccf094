"""How far ahead a month may lie that somebody types, and how far back for whoever was just born.

A decision stands in its place from the day it is made: of whoever it ended in ten years nothing is
due, shown or found any more, while what stood before is paid. So none names a later month than the
next, and nobody is asked for who comes or goes later than that.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from services.identification import id_numbers
from services.identification.casework.decisions.appeals import REFUSED
from services.identification.casework.foresight import requests
from services.identification.casework.standing import OWED_FROM, Standing
from shared.months import Month

MONTHS_AHEAD: Final = 1
"""Money begins and ends with the month after the decision, at the latest."""
NAMED: Final = ("from_month", OWED_FROM, "since", "until")
"""The words of a case that are months."""


def latest(today: date) -> Month:
    """The last month that may be named on a day."""
    return Month.of(today).plus(MONTHS_AHEAD)


def _month_at_hand(at: Standing) -> bool:
    """Of what is said now, and of what it decides that was asked for before."""
    asked = [each.words for each in requests(_decided(at))]
    return max(_months([at.words, *asked]), default="") <= str(latest(at.today))


def _decided(at: Standing) -> Standing:
    """The case whose requests are carried out: of an appeal that is won, the one that was refused.
    What is undone, or goes back, may have asked for anything."""
    about = at.about
    return about if about and about.case.state == REFUSED and "from_month" in at.words else at


def _months(said: list[Mapping[str, object]]) -> Iterator[str]:
    return (str(words[name]) for words in said for name in NAMED if name in words)


def _here_since_birth(at: Standing) -> bool:
    """Nobody lives anywhere before they are born; a number overrules what is said besides."""
    number, said = at.words.get("id_number"), at.words.get("born_on")
    if number is not None:
        born = id_numbers.birth_date(str(number))
    else:
        born = date.fromisoformat(str(said)) if said is not None else None
    return born is None or str(at.words["since"]) >= str(Month.of(born))


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "month-at-hand": _month_at_hand,
    "here-since-birth": _here_since_birth,
}
"""The needs of months by the word the tables use."""
