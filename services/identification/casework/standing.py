"""Where a case stands: its row, what it says, and everything done to it so far."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from services.identification.casework.applications import Application, Member
from services.identification.casework.known_names import known_as
from services.identification.casework.paths import CasePath
from services.identification.casework.visits import SET_ASIDE, Visits
from services.identification.delegation import COUNTY_DECIDES, TRANSFERRED, Delegation
from services.identification.grammar.history import Done
from services.identification.models import CaseDocument, CaseFile, Posting
from services.identification.roster.columns import HEAD

_OBJECTED: Final = "objected"
_REVIEWING: Final = "reviewing"
_NAMING: Final = {"accept", "propose", "read-certificate", "check-child"}
"""Acts that may name the person the case is about."""
CORRECT: Final = "correct"
GO_ON: Final = "go-on"
KEEP: Final = "keep-secret"
END: Final = "end-secret"
WRITINGS: Final = ("write", CORRECT, GO_ON)
"""Acts that say the application anew; once it was accepted, where it was wrong or somebody died."""
REPLACED: Final = "decision-replaced"
"""What an appeal does to a case that is decided otherwise."""
OWED_FROM: Final = "owed_from"
DECISION_NUMBER: Final = "decision_number"
"""The word that makes an act a decision."""
OTHER_TOWNSHIPS: Final = "other_townships"
"""The word of a change that was handed in under which stand the other townships it touches."""
ENDS: Final = "ends"
"""The word of a finding or a wish that says what ends."""
_MOVES: Final = {"tekun": ("dibao",)}
"""What else moves with what ends: for whoever leaves tekun their household's dibao counts."""
TOUCHED: Final = "touched"
"""The other households a decision touched, by their ids."""
DECLARED: Final = ("declare-relative", "say-relative")
"""Acts that say of a near relative: an officer's, by account, and an applicant's, by name."""
COUNTY_REACH: Final = 6
TOWNSHIP_REACH: Final = 9


def declared_near(acts: Iterable[Done]) -> set[str]:
    """The accounts of officers who were declared somebody's near relatives."""
    said = (each.words.get("officer") for each in acts if each.act == DECLARED[0])
    return {str(officer) for officer in said if officer}


@dataclass(frozen=True)
class Related:
    """Somebody of a case whom an officer has declared a relative."""

    officer: str
    person: str
    relation: str
    person_key: str
    called: str | None = None
    """Name and post of an official who has no account."""


@dataclass(frozen=True)
class FiledBefore:
    """A paper of another case of the same people that counts in this one: of which case and
    village, by key for whom, and until which day."""

    paper: CaseDocument
    receipt: str
    village: str
    whose: frozenset[str]
    until: date


@dataclass(frozen=True)
class WhoCounts:
    """Whom the last decision on their household counts otherwise than a case says: who is on tekun,
    by key, and who is away, by name."""

    on_tekun: frozenset[str] = frozenset()
    away: tuple[str, ...] = ()


@dataclass(frozen=True)
class RegisterHome:
    """A household of the register: where it lives, as what it is registered, and in words; the
    village of the case in words; who lives there whom the case does not name; who does under a code
    and has a number by the case; by their keys, the codes of those who have one in both; and who
    counts of whom it names, unsealed once somebody asks. Of that nothing is told to who does not
    see the household, nor before the case was taken in: whoever only types numbers learns nothing.
    """

    number: str
    village: str
    registration: str
    called: str
    case_called: str
    others: tuple[str, ...] = ()
    coded_still: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    who_counts: Callable[[], WhoCounts] = WhoCounts


@dataclass(frozen=True)
class Secret:
    """That people are kept secret: by whose word, since when, and until when if it ended."""

    by: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Standing(Visits):
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

    secret_elsewhere: frozenset[Secret] = frozenset()
    """By whom and when somebody it is about was kept secret in another case."""

    near_elsewhere: frozenset[str] = frozenset()
    """Officers who were declared near to somebody in another case of the household."""

    complained_on: date | None = None
    """The last day somebody complained of it, or of whom it is about, where anybody did."""

    filed_before: Sequence[FiledBefore] = ()
    """Papers of other cases of the same people that count in this one."""

    lives_in: RegisterHome | None = None
    """The household of the register its people live in, where they apply and it is one."""

    @property
    def round(self) -> int:
        """The how-manieth time it is posted."""
        return 1 + len(self.posted_anew())

    def posted_anew(self, after: int = 0) -> list[Done]:
        """Of what was done from a place among the acts on, that after which lists are shown anew:
        an objection, and what was sent back; where one was up already also a death of one of them,
        one that was noted in error, another village, what was corrected before the township, and a
        visit again after a check that found it otherwise."""
        found, was_up = [], False
        for place, each in enumerate(self.acts):
            was_up = was_up or each.act == "post"
            again = (
                each.act in {GO_ON, "unnote-death", "put-in-place"}
                or (each.act == "survey-again" and each.from_state != _OBJECTED)
                or (each.act == CORRECT and each.from_state == _REVIEWING)
            )
            if place >= after and (
                each.act in {"object", "return-to-township"} or (was_up and again)
            ):
                found.append(each)
        return found

    @property
    def reach(self) -> set[int]:
        """At what levels the caller is over it, each by how many places its areas' codes have."""
        over = [area for area in self.caller.divisions if self.case.village.startswith(area)]
        return {len(area) for area in over}

    def decided_by(self, on: date) -> Delegation:
        """Who decides it on a day: that something ends, whoever decides that it is granted. Where
        townships decide in their own name, none decides what is another's too: that the county
        does, as it does where what ends moves what another decides."""
        ends = self.ends or self.case.category
        found, *moved = [
            self.settings.decided_by(each, self.case.village, on, self.case.category)
            for each in (ends, *_MOVES.get(ends, ()))
        ]
        handed_in = self.last("submit")
        beyond = handed_in is not None and handed_in.words.get(OTHER_TOWNSHIPS)
        is_anothers = any(each.authority != found.authority for each in moved)
        if is_anothers or (found.authority == TRANSFERRED and beyond):
            return replace(found, authority=COUNTY_DECIDES, body=None, seal=None)
        return found

    @property
    def ends(self) -> str | None:
        """The category of what is said to end; none where nothing is, or whatever there is."""
        said = [str(each.words[ENDS]) for each in self.acts if ENDS in each.words]
        return said[-1] if said else None

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
    def near(self) -> set[str]:
        """Who is a near relative of somebody in it, in the case it is about or in another of the
        household, by account or person: as an applicant or they themselves declared."""
        declared = declared_near(self.acts) | self.near_elsewhere
        declared |= {name for each in self.related for name in (each.officer, each.person)}
        return declared | (self.about.near if self.about is not None else set())

    @property
    def is_of_a_relative(self) -> bool:
        """Whether the caller is near to somebody, by any account of theirs."""
        return not self.near.isdisjoint(known_as(self.caller))

    def written(self, until: int | None = None) -> list[Application]:
        """What the application was written to say, each time; of the first acts alone."""
        written = [each.words["application"] for each in self.acts[:until] if each.act in WRITINGS]
        return [Application.model_validate(each) for each in written]

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

    def secrets(self) -> list[Secret]:
        """Whenever somebody it is about was kept secret, in this case or another."""
        found: list[Secret] = []
        for each in self.done(KEEP, END):
            if each.act == KEEP:
                found.append(Secret(each.person, each.done_on, None))
            else:
                found[-1] = replace(found[-1], until=each.done_on)
        return [*found, *self.secret_elsewhere]

    @property
    def secret_by(self) -> set[str]:
        """Who put somebody it is about down as secret, in this case or another, and they still
        are."""
        return {each.by for each in self.secrets() if each.until is None}

    def listed(self, but: Collection[str] = ()) -> Member | None:
        """Who names its line on a list: whose it is, or of a household the head, else another who
        lives there; nobody where none of them is known to be of age. Not who died, by these keys.
        """
        whose = [self.subject] if self.path.is_of_one else self.asked_for
        grown = [each for each in whose if each and each.is_of_age(self.today)]
        named = [each for each in grown if each.key not in but]
        return min(named, key=lambda each: each.relation != HEAD, default=None)

    @property
    def withheld(self) -> bool:
        """Whether no list may show it: kept secret, or nobody it is about is known to be of age."""
        return bool(self.secret_by) or self.listed() is None

    def document(self, document_id: str) -> CaseDocument | None:
        """A paper of this case by its id."""
        return next((each for each in self.documents if str(each.id) == document_id), None)
