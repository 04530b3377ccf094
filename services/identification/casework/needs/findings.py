"""What must be there before assistance ends on what an official found: nobody loses it by one
person's word.

What a finding has to rest on, its category's table says by the ground it names: a visit signed by
two, a dated report, a paper that speaks for itself. And the household was told what was found and
has answered, agreed or let its days go by, before another decides.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from services.identification.casework import authorisations, hits
from services.identification.casework.applicants import CITIZENS
from services.identification.casework.foresight import ended
from services.identification.casework.needs import seen
from services.identification.casework.paths import RECORD
from services.identification.casework.standing import Standing
from services.identification.grammar.history import Done
from services.identification.models import CaseDocument
from shared.callers import Kind

PROOF: Final = "finding-proof"
NOTICE: Final = "finding-notice"
"""Kinds of paper: what a finding rests on, and the notice of it, signed for."""
FINDINGS: Final = ("over-standard", "ground-gone", "wrongly-in")
"""What an official finds; the others a household says itself, or the register of deaths does."""
WANTED: Final = "wanted"
"""The word of a change that was handed in under which stands what it has to rest on."""
CHANGE_LETTER: Final = "change-letter"
"""The kind of paper by which a household reports over its own signature."""
_WRITTEN_ANEW: Final = ("start-over", "reopen", "describe-again")
_MEANS: Final = "means"
"""The ground of whatever was found above the standard."""


def finding(at: Standing) -> Done | None:
    """What an official found, where the case rests on that."""
    found = at.done(*FINDINGS)
    return found[-1] if found else None


def wanted(at: Standing) -> Sequence[str]:
    """What a finding has to rest on; nothing, where nobody found anything.

    One that was written down before a ground was asked for rests on means; on whatever ends its
    category, where that is not granted by means.
    """
    found = finding(at)
    if found is None:
        handed_in = None if at.case.state == at.path.begins else at.last("submit")
        return rests_on(at) if handed_in is None else handed_in.words.get(WANTED, ())
    grounds = ended(found.words).ends_on
    every = sorted({want for each in grounds.values() for want in each})
    return grounds.get(str(found.words.get("rests_on", _MEANS)), every)


def rests_on(at: Standing) -> list[str]:
    """What requests have to rest on as they are written; nothing, where they are the household's
    own."""
    if _asked_by_their_proxy(at) or _filed(at, CHANGE_LETTER):
        return []
    said = [each for each in at.since("start-over") if not each.actor.startswith(CITIZENS)]
    return sorted({want for each in said for want in at.path.found.get(each.act, ())})


def _asked_by_their_proxy(at: Standing) -> bool:
    """Whether the household consented to who asks for them; not to what it was before."""
    proxy = at.application.proxy
    consent = at.document(str(proxy.consent_document_id)) if proxy else None
    return consent is not None and _is_of_what_is_written(at, consent)


def _filed(at: Standing, kind: str) -> bool:
    """Whether a paper of a kind is on file, and not of what it was before it was written anew."""
    papers = [each for each in at.documents if each.kind == kind]
    return any(_is_of_what_is_written(at, each) for each in papers)


def _is_of_what_is_written(at: Standing, paper: CaseDocument) -> bool:
    anew = at.done(*_WRITTEN_ANEW)
    return not anew or paper.added_at >= anew[-1].done_at


def _rests_on_what_ends_it(at: Standing) -> bool:
    return str(at.words["rests_on"]) in ended(at.words).ends_on


def _visited(at: Standing) -> bool:
    return "visit" not in wanted(at) or seen.is_signed_and_counts(at)


def _compared(at: Standing) -> bool:
    return "report" not in wanted(at) or seen.compared(at)


def _shown(at: Standing) -> bool:
    """Where a paper speaks for itself it is on file; where either will do, one is."""
    filed = _filed(at, PROOF)
    if "visit-or-paper" in wanted(at):
        return filed or seen.is_signed_and_counts(at)
    return filed or not {"paper", RECORD} & set(wanted(at))


def _heard(at: Standing) -> bool:
    """They were told of what is written now, and agreed, or were heard; what explained it away ends
    nothing. What is refused was not to be heard."""
    if at.words.get("opinion") == "refuse" or not set(wanted(at)) - {RECORD}:
        return True
    written = at.since(*_WRITTEN_ANEW)
    told = [number for number, each in enumerate(written) if each.act == hits.TELL]
    if not told:
        return False
    judged = [each.act for each in written[told[-1] :] if each.act in {hits.ACCEPT, hits.REJECT}]
    return judged[-1:] != [hits.ACCEPT] and hits.are_settled(at)


def _signed_for_or_why_not(at: Standing) -> bool:
    return "notice_id" in at.words or "unsigned_because" in at.words


def _agreed_by_themselves_or_signed(at: Standing) -> bool:
    return at.caller.kind is Kind.CITIZEN or "notice_id" in at.words


def _letters_here_or_on_file(at: Standing) -> bool:
    """What is found of whoever is on assistance they have authorised with the application, or do so
    now; what may raise what is paid, now."""
    on_file = at.words.get("authorised_on")
    before = on_file is not None and str(on_file) <= str(at.words["reported_on"])
    return (before and bool(wanted(at))) or not authorisations.unauthorised(at)


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "officials-found": lambda at: bool(wanted(at)),
    "rests-on-what-ends-it": _rests_on_what_ends_it,
    "finding-visited": _visited,
    "finding-compared": _compared,
    "finding-shown": _shown,
    "finding-heard": _heard,
    "signed-for-or-why-not": _signed_for_or_why_not,
    "agreed-by-themselves-or-signed": _agreed_by_themselves_or_signed,
    "letters-here-or-on-file": _letters_here_or_on_file,
}
"""The needs of a finding by the word the tables use."""
