"""What must be there before something ends: whose it is, the letter or why not, and the month."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from services.identification.casework import steps
from services.identification.casework.foresight import READERS, ended
from services.identification.casework.paths import PERSON
from services.identification.casework.standing import Standing
from shared.months import Month, civil_date

_SAID_ON: Final = ("found_on", "signed_on", "moved_on")
_DATED_BACK: Final = ("found_on", "visited_on", "reported_on")
"""Days on which something was found: none waits until it is long past."""
_WITHOUT_A_SIGNATURE: Final = {"wished", "moved"}
"""States in which nothing is left to be signed: the letter is there, or they are not."""
_SHOWN: Final = {
    "ground-gone": "ground-gone",
    "wished": "own-wish",
    steps.FADING: steps.RISEN,
}
"""States from which it is shown in the village that somebody left, by the act that says who; a
death and a move are shown to nobody."""


def _whose_it_is(at: Standing) -> bool:
    return (ended(at.words).whose == PERSON) == ("person_key" in at.words)


def _found_lately(at: Standing) -> bool:
    """A fade-out is counted from the finding, so neither that nor what it rests on is long past."""
    since = civil_date(at.case.opened_at) - timedelta(days=at.settings.number("finding_days_max"))
    said = [str(at.words[name]) for name in _DATED_BACK if name in at.words]
    return all(date.fromisoformat(each) >= since for each in said)


def _fade_out_over(at: Standing) -> bool:
    """The last month of the fade-out is past."""
    found = at.last(steps.RISEN) is not None
    return found and steps.last_fading_month(at) < Month.of(at.today)


def _signed_then_shown(at: Standing) -> bool:
    dated = "signed_on" in at.words and "shown_on" in at.words
    return not dated or str(at.words["signed_on"]) <= str(at.words["shown_on"])


def _signed_or_why_not(at: Standing) -> bool:
    """The letter with its day, or why there is none."""
    if at.case.state in _WITHOUT_A_SIGNATURE:
        return True
    signed = "letter_id" in at.words and "signed_on" in at.words
    return signed or ("letter_id" not in at.words and "unsigned_because" in at.words)


def _shown_in_the_village(at: Standing) -> bool:
    """Who leaves what the village has on its list is shown to have left it, unless no list may
    show them."""
    said = at.last(_SHOWN.get(at.case.state, ""))
    if said is None or "shown_on" in at.words:
        return True
    whose = said.words.get("person_key")
    adults = {each.key for each in at.application.adults(at.today)}
    hidden = at.withheld or (whose is not None and whose not in adults)
    return hidden or said.words["ends"] not in at.settings.public_categories


def _after_it_was_so(at: Standing) -> bool:
    """A ground that went takes nothing back: what ends ends with a month after it was found."""
    said = [
        date.fromisoformat(str(each.words[name]))
        for each in at.acts
        if each.act in READERS
        for name in _SAID_ON
        if name in each.words
    ]
    return Month.parse(str(at.words["from_month"])) > Month.of(max(said))


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "whose-it-is": _whose_it_is,
    "found-lately": _found_lately,
    "fade-out-over": _fade_out_over,
    "signed-then-shown": _signed_then_shown,
    "signed-or-why-not": _signed_or_why_not,
    "shown-in-the-village": _shown_in_the_village,
    "after-it-was-so": _after_it_was_so,
}
"""The needs of leaving by the word its table uses."""
