"""Where a case stands: its row, what it says, and everything done to it so far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from services.identification.casework.applications import Application, Member
from services.identification.casework.paths import CasePath
from services.identification.grammar.history import Done, History
from services.identification.models import CaseDocument, CaseFile, Posting

_NAMING: Final = {"accept", "propose", "read-certificate", "check-child"}
"""Acts that may name the person the case is about."""
SET_ASIDE: Final = "decision-set-aside"
REPLACED: Final = "decision-replaced"
"""What an appeal does to a case: it is decided again, or was decided otherwise."""
OWED_FROM: Final = "owed_from"
DECISION_NUMBER: Final = "decision_number"
"""The word that makes an act a decision."""
COUNTY_REACH: Final = 6
TOWNSHIP_REACH: Final = 9


@dataclass(frozen=True)
class Related:
    """Somebody of a case whom an officer has declared a relative."""

    officer: str
    person: str
    relation: str
    person_key: str


@dataclass(frozen=True)
class Standing(History):
    """A case as an act finds it; `words` are those of the act that is asked for."""

    case: CaseFile
    path: CasePath
    application: Application
    documents: Sequence[CaseDocument]
    postings: Sequence[Posting]
    related: Sequence[Related] = ()
    about: "Standing | None" = None
    """The case this one is about, where there is one."""
    applicant_seen: bool = False
    """Whether an officer compared the ID card with whoever holds the applicant's telephone."""

    secret: bool = False
    """Whether somebody it is about is kept off every list, by this case or another."""

    @property
    def round(self) -> int:
        """The how-manieth time it is posted: again after an objection, and when sent back."""
        return 1 + len(self.done("object", "return-to-township"))

    def this_round(self) -> Sequence[Done]:
        """What was done since the last objection sent it back."""
        return self.since("survey-again")

    def surveys(self) -> Iterator[tuple[str, set[str]]]:
        """Each visit of this round with the people who signed it."""
        signed: dict[str, set[str]] = {}
        for each in self.this_round():
            if each.act in {"survey", "sign-survey"}:
                signed.setdefault(str(each.words["survey_id"]), set()).add(each.person)
        yield from signed.items()

    @property
    def reach(self) -> set[int]:
        """At what levels the caller is over it, each by how many places its areas' codes have."""
        over = [area for area in self.caller.divisions if self.case.village.startswith(area)]
        return {len(area) for area in over}

    @property
    def visit_that_counts(self) -> str | None:
        """The only visit of this round, or the one somebody chose when all of them were there."""
        done = [each for each in self.this_round() if each.act in {"survey", "choose-survey"}]
        visits = [each for each in done if each.act == "survey"]
        if not done or (done[-1].act == "survey" and len(visits) > 1):
            return None
        return str(done[-1].words["survey_id"])

    @property
    def next_stage(self) -> str | None:
        """The next list of this round that was not shown to its end."""
        over = {each.stage for each in self.postings
                if each.round == self.round and each.taken_down_on}  # fmt: skip
        return next((stage for stage in self.settings.stages if stage not in over), None)

    @property
    def decided(self) -> Done | None:
        """The decision that stands: the last one with a number, unless it was set aside since."""
        for each in reversed(self.acts):
            if each.act == SET_ASIDE:
                return None
            if DECISION_NUMBER in each.words:
                return each
        return None

    def set_aside(self) -> list[Done]:
        """The decisions of this case that were set aside."""
        found, decided = [], None
        for each in self.acts:
            if DECISION_NUMBER in each.words:
                decided = each
            elif each.act == SET_ASIDE and decided is not None:
                found.append(decided)
        return found

    @property
    def subject(self) -> Member | None:
        """Whom the case is about: the person who was named for it, or the applicant."""
        members = self.application.members
        named = [
            key
            for each in self.acts
            if each.act in _NAMING and (key := each.words.get("person_key"))
        ]
        found = [each for each in members if named and each.key == named[-1]]
        return next(iter([*found, *members]), None)

    @property
    def withheld(self) -> bool:
        """Whether no list may show it: kept secret, or about somebody not known to be of age."""
        subject = self.subject
        if subject is None or self.secret:
            return True
        return subject.born() is None or subject not in self.application.adults(self.today)

    def document(self, document_id: str) -> CaseDocument | None:
        """A paper of this case by its id."""
        return next((each for each in self.documents if str(each.id) == document_id), None)
