"""What must be there before something ends: whose it is, the letter or why not, and the month."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from services.identification.casework.foresight import READERS, ended
from services.identification.casework.paths import PERSON
from services.identification.casework.standing import Standing
from shared.months import Month

_SAID_ON: Final = ("found_on", "signed_on", "moved_on")
_WITHOUT_A_SIGNATURE: Final = {"wished", "moved"}
"""States in which nothing is left to be signed: the letter is there, or they are not."""


def _whose_it_is(at: Standing) -> bool:
    return (ended(at.words).whose == PERSON) == ("person_key" in at.words)


def _found_lately(at: Standing) -> bool:
    """A fade-out is counted from the finding, so a finding does not wait until it is over."""
    since = at.case.opened_at.date() - timedelta(days=at.settings.days("finding_days_max"))
    return date.fromisoformat(str(at.words["found_on"])) >= since


def _fade_out_over(at: Standing) -> bool:
    """The last month of the fade-out is past."""
    finding = at.last("over-standard")
    if finding is None:
        return False
    found_in = Month.of(date.fromisoformat(str(finding.words["found_on"])))
    return found_in.plus(at.settings.days("fade_out_months")) < Month.of(at.today)


def _signed_then_shown(at: Standing) -> bool:
    return str(at.words["signed_on"]) <= str(at.words["shown_on"])


def _signed_or_why_not(at: Standing) -> bool:
    if at.case.state in _WITHOUT_A_SIGNATURE:
        return True
    return "letter_id" in at.words or "unsigned_because" in at.words


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
    "after-it-was-so": _after_it_was_so,
}
"""The needs of leaving by the word its table uses."""
