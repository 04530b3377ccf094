"""Where a case stands: its row, what it says, and everything done to it so far."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from services.identification.casework.applications import Application, Member
from services.identification.casework.paths import CasePath
from services.identification.grammar.history import Done, History
from services.identification.models import CaseDocument, CaseFile, Posting
from shared.callers import Caller

_NAMING: Final = {"accept", "propose", "read-certificate", "check-child"}
"""Acts that may name the person the case is about."""
LOOKED_AT_AGAIN: Final = ("survey-again", "reopen", "describe-again", "fade")
"""Acts before which what was found is of another time: an objection, other words, a fade-out."""
SET_ASIDE: Final = "decision-set-aside"
REPLACED: Final = "decision-replaced"
"""What an appeal does to a case: it is decided again, or was decided otherwise."""
OWED_FROM: Final = "owed_from"
DECISION_NUMBER: Final = "decision_number"
"""The word that makes an act a decision."""
TOUCHED: Final = "touched"
"""The other households a decision touched, by their ids."""
VISITS: Final = {"survey", "survey-late"}
CHOICES: Final = {"choose-survey", "choose-late-survey"}
"""Visits, and the words of whoever chose one of them."""
NAMED: Final = ("visitor", "other_visitor")
"""The words of a visit that name who signed it on paper, where it was typed in later."""
CHECKS: Final = {"spot-check", "home-check"}
WEIGHED: Final = {"weigh-spot-check", "weigh-home-check"}
"""The township's and the county's own look at what a visit found, and who weighed it."""
DECLARED: Final = ("declare-relative", "say-relative")
"""Acts that say of a near relative: an officer's, by account, and an applicant's, by name."""
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

    picked: Mapping[str, bool] = field(default_factory=dict)
    """The stages at which a sample was drawn from it, and whether chance picked it."""

    secret_by: frozenset[str] = frozenset()
    """Who put somebody it is about down as secret, in this case or another."""
    """Whether somebody it is about is kept off every list, by this case or another."""

    complained_on: date | None = None
    """The last day somebody complained of it, or of whom it is about, where anybody did."""

    @property
    def round(self) -> int:
        """The how-manieth time it is posted: again after an objection, and when sent back."""
        return 1 + len(self.done("object", "return-to-township"))

    def this_round(self) -> Sequence[Done]:
        """What was done since it was last sent back to be looked at again."""
        return self.since(*LOOKED_AT_AGAIN)

    def signers(self) -> dict[str, set[str]]:
        """Every visit there ever was, with the people who signed it."""
        signed: dict[str, set[str]] = {}
        for each in self.acts:
            if each.act in VISITS | {"sign-survey"}:
                signed.setdefault(str(each.words["survey_id"]), set()).add(each.person)
        return signed

    def named(self, survey_id: str) -> set[str]:
        """Whom the form of a visit names, where it was typed in from one."""
        visits = [each.words for each in self.acts if each.act in VISITS]
        return {
            str(words[name])
            for words in visits
            for name in NAMED
            if str(words["survey_id"]) == survey_id and name in words
        }

    def awaited(self, survey_id: str) -> set[str]:
        """Who of those has not signed it by their own account."""
        signed = (each for each in self.acts if each.act in VISITS | {"sign-survey"})
        theirs = (each for each in signed if str(each.words["survey_id"]) == survey_id)
        known = {name for each in theirs for name in known_by(each.person, each.actor)}
        return self.named(survey_id) - known

    def surveys(self) -> Iterator[tuple[str, set[str]]]:
        """Each visit of this round with the people who signed it."""
        signed = self.signers()
        for each in self._visits_and_choices(self.this_round()):
            if each.act in VISITS:
                yield (survey_id := str(each.words["survey_id"])), signed[survey_id]

    @property
    def reach(self) -> set[int]:
        """At what levels the caller is over it, each by how many places its areas' codes have."""
        over = [area for area in self.caller.divisions if self.case.village.startswith(area)]
        return {len(area) for area in over}

    @property
    def visit_that_counts(self) -> str | None:
        """The only visit of this round, or the one somebody chose when all of them were there."""
        return self._counted(self.this_round())

    @property
    def visit_proposed_on(self) -> str | None:
        """The visit that counted when the township gave its opinion."""
        done = list(self.this_round())
        while done and done[-1].act != "propose":
            done.pop()
        return self._counted(done)

    @property
    def visits_wait(self) -> bool:
        """Whether there are several visits, and one came after the last choice."""
        return self.visit_that_counts is None and any(self.surveys())

    def _counted(self, acts: Sequence[Done]) -> str | None:
        done = self._visits_and_choices(acts)
        visits = [each for each in done if each.act in VISITS]
        if not done or (done[-1].act in VISITS and len(visits) > 1):
            return None
        return str(done[-1].words["survey_id"])

    def _visits_and_choices(self, acts: Sequence[Done]) -> list[Done]:
        """Without those made before the last objection, or before what a check found otherwise,
        that came after it was to be visited again."""
        days = [each.done_on.isoformat() for each in self.done("object")]
        days += [str(each.words["visited_on"]) for each in self.checked_otherwise()]
        since = max(days, default="")
        return [
            each
            for each in acts
            if each.act in CHOICES
            or (each.act in VISITS and str(each.words["visited_on"]) >= since)
        ]

    def visited_before_check(self) -> list[str]:
        """The visits after which a check found it otherwise, and it was to be visited again."""
        checks = self.checked_otherwise()
        before = self.acts[: self.acts.index(checks[-1])] if checks else ()
        return [str(each.words["survey_id"]) for each in before if each.act in VISITS]

    def checked_otherwise(self) -> list[Done]:
        """The checks that found it otherwise, and after which it was visited again."""
        found: list[Done] = []
        otherwise: Done | None = None
        for each in self.acts:
            if differs(each):
                otherwise = each
            elif each.act in WEIGHED and each.words["counts"] == "visit":
                otherwise = None
            elif each.act == "survey-again" and otherwise is not None:
                found, otherwise = [*found, otherwise], None
        return found

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
    def asked_for(self) -> list[Member]:
        """Whom it is asked for; of what is a person's nobody, while it is not said whose it is."""
        return self.application.asked_for(self.path.is_of_one)

    @property
    def subject(self) -> Member | None:
        """Whom the case is about: whose it is, the person who was named for it, or who applies."""
        members = self.application.members
        asked = self.asked_for if self.path.is_of_one else []
        named = [
            key
            for each in self.acts
            if each.act in _NAMING and (key := each.words.get("person_key"))
        ]
        found = [each for each in members if named and each.key == named[-1]]
        return next(iter([*asked, *found, *members]), None)

    @property
    def withheld(self) -> bool:
        """Whether no list may show it: kept secret, or about somebody not known to be of age."""
        subject = self.subject
        if subject is None or self.secret_by:
            return True
        return subject.born() is None or subject not in self.application.adults(self.today)

    def document(self, document_id: str) -> CaseDocument | None:
        """A paper of this case by its id."""
        return next((each for each in self.documents if str(each.id) == document_id), None)


def differs(done: Done) -> bool:
    """Whether it was a check, and it found another thing than the visit."""
    return done.act in CHECKS and done.words.get("as_found") is False


def known_as(caller: Caller) -> set[str]:
    """By which names a caller may have been named."""
    return known_by(caller.person, caller.subject)


def known_by(person: str, account: str) -> set[str]:
    """By which names somebody may be named: their account's, and that of the person behind it."""
    plain = {each.removeprefix("staff:") for each in (person, account)}
    return plain | {f"staff:{each}" for each in plain}
