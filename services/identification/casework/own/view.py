"""A case as its applicant reads it: by an allow-list, in plain words, with ID numbers masked.

Who visited, what they noted, which relatives are on record, who objected and which papers officers
filed are not here: what is not named in this file does not leave.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from services.identification import id_numbers, phones
from services.identification.casework import (
    applicants,
    authorisations,
    cases,
    hits,
    means,
    support,
)
from services.identification.casework.applications import Application, Member
from services.identification.casework.decisions import appeals
from services.identification.casework.own import blanks, corrected, doors, supporters
from services.identification.casework.papers import blank_forms, letters
from services.identification.casework.paths import OWN, CasePath, all_paths, may_applicant
from services.identification.casework.standing import Standing
from services.identification.casework.telling import by_another, day_of
from services.identification.grammar.acts import Act
from services.identification.grammar.history import Done
from services.identification.means.reckoning import asked_here
from services.identification.models import CaseDocument
from services.identification.place_settings import PlaceSettings
from shared.contracts.identification import Happened
from shared.months import civil_date
from shared.tables import read_table

BRINGS: Final = (
    "id-card", "household-register", "income-proof", "illness", "outpatient", "guardianship",
    "authorisation", "joint-authorisation", support.PROOF, authorisations.EXCUSED, "other",
)  # fmt: skip
"""Kinds an applicant may file; in a change a photo of a card too."""
_OF_PARENTS: Final = ("father-proof", "mother-proof")
"""Kinds for a child whose parents' circumstances are looked into."""
_UNSAID: Final[Mapping[str, Any]] = {"means": {}, "disability_grade": None, "disability_kind": None}
_REASONED: Final = {
    Happened.REFUSED, Happened.APPEAL_DECIDED, Happened.ENDED, Happened.CHANGED, Happened.LAPSED,
}  # fmt: skip
"""Decisions whose reasons are written for the applicant."""


def row(at: Standing) -> dict[str, Any]:
    """One line of an applicant's list of cases."""
    stands = _state(at)
    return {
        "case_id": str(at.case.id),
        "receipt": at.case.receipt,
        "category": at.case.category,
        "name": at.path.words.both(),
        "state": at.case.state,
        "state_words": {"zh": stands["zh"], "en": stands["en"]},
        "next": _next(at, stands),
        "ended": at.path.states[at.case.state].ends,
        "opened_on": civil_date(at.case.opened_at).isoformat(),
        "waits_for_you": any(act.name == "bring-papers" for act in _acts(at)),
    }


def whole(at: Standing) -> dict[str, Any]:
    """A case whole, for its applicant; of what is closed to them, nothing."""
    seen = doors.is_seen(at)
    words = doors.may_read_words(at)
    wanted = at.application.authorising(at.today)
    unsigned = {each.key for each in authorisations.unauthorised(at)}
    return {
        **row(at),
        "identity_seen": seen,
        "village": at.case.village if words else None,
        "by_day": (day := day_of(at.case, at)) and day.isoformat(),
        "written_by": _written_by(at) if seen else None,
        "steps": _steps(at),
        "application": _application(at) if words else None,
        "asks_whose": at.path.is_of_one,
        "means": _means(at) if words and not at.path.about_household else [],
        "authorising": [each.key for each in wanted] if words else [],
        "authorised": sorted({each.key for each in wanted} - unsigned),
        "excused": [each.key for each in authorisations.excused(at)] if words else [],
        "asks_letters": any(act.name == "authorise" for act in _acts(at)),
        "signs_on_phone": _signs_on_phone(at),
        "today": at.today.isoformat(),
        "hands_in": _hands_in(at),
        "may_appeal": may_appeal(at),
        "may_appeal_until": may_appeal_until(at),
        "relatives": [dict(each.words) for each in at.done("say-relative")] if words else [],
        "sent_back": _sent_back(at),
        "corrections": corrected.told(at) if seen else [],
        "missing": _missing(at),
        "hits": _hits(at),
        "answer": _answer(at),
        "papers": [_paper(each) for each in at.documents if doors.may_read_paper(at, each)],
        "brings": list(brings(at)),
        "told": [told for each in at.acts if (told := _told(at, each))],
        "postings": [
            {"first_day": each.first_day.isoformat(), "last_day": each.last_day.isoformat()}
            for each in at.postings
        ],
        "decision": decision(at) if seen else None,
        "letters": [
            {"letter": each.name, "name": each.words.both()}
            for each in letters.of_case(at)
            if doors.may_read_letter(at, each.name)
        ],
        "forms": blank_forms.of_case(at, own=True) if doors.may_print_form(at) else [],
        "acts": [
            {
                "act": act.name,
                "name": act.words.both(),
                "missing": [cases.needs_in_words()[need].zh for need in missing],
            }
            for act, missing in cases.lawful(at)
            if OWN in act.scopes and doors.may_do(at, act.name)
        ],
    }


def brings(at: Standing) -> tuple[str, ...]:
    """The kinds of paper an applicant may file in a case."""
    if at.path.about_household:
        return (*BRINGS, doors.BANK_CARD)
    return (*BRINGS, *_OF_PARENTS) if "check-child" in at.path.acts else BRINGS


def offered() -> list[CasePath]:
    """What one may apply for, in the order people look for it."""
    order: list[str] = _words()["order"]
    found = [path for path in all_paths().values() if path.plain is not None]
    found.sort(
        key=lambda path: order.index(path.category) if path.category in order else len(order)
    )
    return found


def in_plain_words(path: CasePath, settings: PlaceSettings) -> dict[str, str] | None:
    """For whom a category is, by what the place sets; none where nobody applies themselves."""
    if path.plain is None:
        return None
    said = [path.plain, *(each for name, each in path.plain_where.items() if settings.words[name])]
    return {"zh": "".join(each.zh for each in said), "en": " ".join(each.en for each in said)}


def _acts(at: Standing) -> list[Act]:
    acts = at.path.acts_from(at.case.state)
    return [act for act in acts if may_applicant(act) and doors.may_do(at, act.name)]


def _written_by(at: Standing) -> str | None:
    """Who applied, where it was somebody else: the proxy by name, or an office."""
    if applicants.is_by_a_stranger(at.caller, at.case):
        return "another-phone"
    if not by_another(at):
        return None
    return at.application.proxy.name if at.application.proxy else at.case.channel


def _state(at: Standing) -> Mapping[str, Any]:
    own = at.path.states[at.case.state].words
    states: Mapping[str, Any] = _words()["states"]
    of_category = f"{at.case.category}.{at.case.state}"
    decided = (f"{of_category}.{at.decided.act}",) if at.decided else ()
    named = (*decided, of_category, at.case.state)
    known: Mapping[str, Any] = next((states[name] for name in named if name in states), {})
    return known or {"zh": own.zh, "en": own.en, "next": []}


def _next(at: Standing, stands: Mapping[str, Any]) -> dict[str, str] | None:
    """The first sentence whose blanks are all known."""
    known = blanks.known(at)
    zh, en = ({name: each.both()[of] for name, each in known.items()} for of in ("zh", "en"))
    for sentence in stands["next"]:
        try:
            return {"zh": sentence["zh"].format_map(zh), "en": sentence["en"].format_map(en)}
        except KeyError:
            continue
    return None


def _steps(at: Standing) -> list[dict[str, Any]]:
    """The steps of this path in their order, each done, now, or to come."""
    states = _words()["states"]
    names = [states.get(name, {}).get("step") for name in at.path.states]
    there = list(dict.fromkeys(name for name in _words()["steps"] if name in names))
    now = _state(at).get("step")
    been = {now, *(states.get(each.to_state, {}).get("step") for each in at.acts)}
    ended = at.path.states[at.case.state].ends
    place = there.index(now) if now in there else -1
    # What was passed over, as a list that nobody put up, is not called done; and once it is over
    # nothing is to come.
    there = [
        name for number, name in enumerate(there) if name in been or (number >= place and not ended)
    ]
    place = there.index(now) if now in there else -1
    return [
        {
            **_words()["steps"][name],
            "stands": "done" if ended or number < place
            else "now" if number == place else "to-come",
        }
        for number, name in enumerate(there)
    ]  # fmt: skip


def _told(at: Standing, each: Done) -> dict[str, str] | None:
    """What was told after an act, and on which day."""
    known = at.path.acts.get(each.act)
    tells = known.tells if known is not None else None
    if hits.wants_answer(at, each):
        tells = Happened.ANSWER_WANTED
    if tells is None:
        return None
    happened = Happened(tells)
    if happened is Happened.RECEIVED and by_another(at):
        happened = Happened.APPLIED_FOR
    return {**_words()["happened"][happened.value], "on": each.done_on.isoformat()}


def _hands_in(at: Standing) -> Act | None:
    """The act by which what was written is handed in, while it is not."""
    if at.case.state != at.path.begins:
        return None
    acts = (act for act in _acts(at) if act.way is not None and act.name != doors.WITHDRAW)
    return next(acts, None)


def _signs_on_phone(at: Standing) -> bool:
    """Whether the applicant may sign on the phone, and has not signed."""
    signer = at.application.applicant
    if at.path.about_household:  # Any of them may ask: each signs for themselves.
        signer = next((e for e in at.application.members if e.key == at.caller.person), None)
    if signer is None or signer in at.application.wards(at.today):
        return False
    signs = signer in authorisations.unauthorised(at)
    asked = any(act.name == "authorise" for act in _acts(at))
    return asked and signs and bool(at.settings.words["sign_on_phone"])


def _sent_back(at: Standing) -> str | None:
    """Why it came back to be put right, while it is being written again."""
    back = [each for each in at.acts if each.to_state == at.path.begins != each.from_state]
    return str(back[-1].words.get("reason", "")) if back and _hands_in(at) else None


def _missing(at: Standing) -> list[str]:
    """What was named as missing, all together, while it is."""
    wanted = at.last("want-papers")
    waits = any(act.name == "bring-papers" for act in at.path.acts_from(at.case.state))
    return list(wanted.words["missing"]) if wanted and waits else []


def _hits(at: Standing) -> list[str]:
    """What was hit or found, while the applicant may answer it."""
    asked = any(act.name == hits.ANSWER for act in _acts(at))
    return hits.to_answer(at) if asked and hits.may_be_answered(at) else []


def _answer(at: Standing) -> dict[str, str] | None:
    """What became of the answer to what was hit, and why."""
    said = hits.last_word(at)
    if said is None or hits.asks(said) or not doors.may_do(at, hits.ANSWER):
        return None
    return {**_words()["answers"][said.act], "reason": str(said.words.get("reason", ""))}


def decision(at: Standing) -> dict[str, Any] | None:
    """What was decided and stands, under which number, and why: also while it is carried out, as a
    fade-out or help in stages."""
    decided = at.decided
    if decided is None:
        return None
    act = at.path.acts.get(decided.act)
    told = act is not None and act.tells in _REASONED
    return {
        "number": decided.words.get("decision_number"),
        "on": decided.done_on.isoformat(),
        "reasons": decided.words.get("reasons") if told else None,
    }


def may_appeal(at: Standing) -> bool:
    """Whether the applicant may appeal against the decision that stands; until it was told, on any
    day."""
    if applicants.is_by_a_stranger(at.caller, at.case):
        return False
    if at.decided is None or at.path.about_case:
        return False
    until = appeals.last_day_of(at, at.decided)
    return until is None or at.today <= until


def may_appeal_until(at: Standing) -> str | None:
    """The last day on which they may; none where they may not, or before it was told."""
    if not may_appeal(at) or at.decided is None:
        return None
    until = appeals.last_day_of(at, at.decided)
    return until.isoformat() if until else None


def _means(at: Standing) -> list[dict[str, Any]]:
    """The steps means are asked in, and whether anything was said."""
    return [
        {
            "step": step.name,
            "of": step.of,
            **step.words.both(),
            "said": means.is_said(at, step),
        }
        for step in asked_here(at.settings.law(), means.month(at))
    ]


def _application(at: Standing) -> dict[str, Any]:
    """What the application says; of a household of the register who lives there, and not what was
    decided of each: any of them may ask for a change."""
    said: Application = at.application
    if at.path.about_household:
        bare = tuple(each.model_copy(update=_UNSAID) for each in said.members)
        said = said.model_copy(update={"members": bare, "means": {}})
    fields = said.model_dump(mode="json", exclude={"members", "supporters", "proxy", "phone"})
    phone = phones.mobile(said.phone)
    return {
        **fields,
        "phone": phones.masked(phone) if phone else "",
        "members": [_member(each, at) for each in said.members],
        "supporters": [] if at.path.about_household else supporters.written(at),
    }


def _member(member: Member, at: Standing) -> dict[str, Any]:
    born = member.born()
    return {
        **member.model_dump(mode="json", exclude={"id_number", "born_on"}),
        "id_number": id_numbers.masked(member.id_number) if member.id_number else None,
        "born_on": born.isoformat() if born else None,
        "adult": not member.is_minor(at.today),
        "ward": member.key in {each.key for each in at.application.wards(at.today)},
        "outside_guardian": _outsider(at.application.guardian_of(member), at),
    }


def _outsider(guardian: Member | None, at: Standing) -> dict[str, Any] | None:
    """A guardian who lives elsewhere; one of the household stands among its members."""
    if guardian is None or guardian in at.application.members:
        return None
    number = id_numbers.masked(guardian.id_number) if guardian.id_number else ""
    return {"name": guardian.name, "relation": guardian.relation, "id_number": number}


def _paper(document: CaseDocument) -> dict[str, Any]:
    return {
        "document_id": str(document.id),
        "kind": document.kind,
        "of_person": document.of_person,
        "media_type": document.media_type,
        "size_bytes": document.size_bytes,
        "added_on": civil_date(document.added_at).isoformat(),
        "replaced": document.replaced_by is not None,
    }


@lru_cache
def _words() -> Mapping[str, Any]:
    """The words of every state, step and notice."""
    path = Path(__file__).with_name("words.yaml")
    return read_table(path)
