"""Who applies, who asks for something in whose name, and whom somebody has seen."""

from collections.abc import Callable, Mapping
from typing import Final

from services.identification.casework import channels, home_counties
from services.identification.casework.decisions import payees
from services.identification.casework.foresight import READERS
from services.identification.casework.own import doors
from services.identification.casework.papers import archive
from services.identification.casework.standing import Standing
from shared.callers import Kind

_FOUND_BY_ANYBODY: Final = {
    "death", "alive", "move-out", "away", "refused-work", "find-number", "set-sum", "self-care",
}  # fmt: skip


def _applicant_named(at: Standing) -> bool:
    return bool(at.application.members)


def _applicant_numbered(at: Standing) -> bool:
    """Nothing is granted where whoever applies stands under a code."""
    applicant = at.application.applicant
    refused = at.words.get("opinion", "grant") != "grant"
    return refused or (applicant is not None and applicant.id_number is not None)


def _whose_said(at: Standing) -> bool:
    """What is a person's says whose it is, where it might be that of several."""
    return not at.path.is_of_one or bool(at.asked_for)


def _whose_named(at: Standing) -> bool:
    """Who is found to qualify is the one it is applied for."""
    said = {each.key for each in at.asked_for}
    return not said or str(at.words["person_key"]) in said


def _proxy_named(at: Standing) -> bool:
    """Through some channels nobody applies for themselves."""
    return at.application.proxy is not None or not channels.by_a_proxy(at)


def _proxy_consented(at: Standing) -> bool:
    proxy = at.application.proxy
    if proxy is None:
        return True
    consent = at.document(str(proxy.consent_document_id))
    return consent is not None and consent.kind == "consent"


def _has_own_card(at: Standing) -> bool:
    """Whether the applicant's own ID card is on file; who has no number has none."""
    return at.application.applicant not in archive.without_card(at)


def _applicants_id_filed(at: Standing) -> bool:
    """Whom a proxy applies for is there with their own ID card."""
    return at.application.proxy is None or _has_own_card(at)


def _applicant_identified(at: Standing) -> bool:
    """Whom nobody had before them is known by their own ID card, or was seen since."""
    return at.case.channel not in channels.UNSEEN or at.applicant_seen or _has_own_card(at)


def _applied_by_telephone(at: Standing) -> bool:
    return at.case.applicant_id is not None


def _identity_not_seen(at: Standing) -> bool:
    return not at.applicant_seen


def _identity_seen(at: Standing) -> bool:
    return at.applicant_seen


def _holder_stands(at: Standing) -> bool:
    """A telephone that is on record was seen; another is, and nobody has taken it back."""
    by_telephone = at.case.channel == channels.OWN and at.case.applicant_id is not None
    return not by_telephone or at.applicant_seen or doors.is_code_enough(at.settings)


def _asked_by_themselves(at: Standing) -> bool:
    """A village may report what it finds; what it asks for in somebody's name, as a proxy."""
    asked = {each.act for each in at.since("start-over")} & _requests()
    return asked <= _FOUND_BY_ANYBODY or _proxy_named(at)


def _requests() -> set[str]:
    return READERS.keys() | {*payees.REQUESTS, "find-number"}


def _change_described(at: Standing) -> bool:
    return any(each.act in _requests() for each in at.since("start-over"))


def _one_head_named(at: Standing) -> bool:
    """Somebody of this household by their key; of another, which no telephone asks after, by their
    number."""
    by_key, by_number = ("person_key" in at.words, "id_number" in at.words)
    return by_key != by_number and (by_key or at.caller.kind is Kind.STAFF)


def _is_a_minor(at: Standing) -> bool:
    key = str(at.words["person_key"])
    return key not in {each.key for each in at.application.adults(at.today)}


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "applicant-named": _applicant_named,
    "applicant-numbered": _applicant_numbered,
    "whose-said": _whose_said,
    "whose-named": _whose_named,
    "proxy-named": _proxy_named,
    "applied-by-telephone": _applied_by_telephone,
    "identity-not-seen": _identity_not_seen,
    "identity-seen": _identity_seen,
    "proxy-consented": _proxy_consented,
    "applicants-id-filed": _applicants_id_filed,
    "applicant-identified": _applicant_identified,
    "asked-by-themselves": _asked_by_themselves,
    "holder-stands": _holder_stands,
    "change-described": _change_described,
    "one-head-named": _one_head_named,
    "is-a-minor": _is_a_minor,
    "home-still-has-it": home_counties.still_has_it,
}
"""Who applies and who asks, by the words the tables use."""
