"""The table of a category of cases: what is applied for, and whom it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from services.identification.casework import stands_aside
from services.identification.determinations import NOT_APPLICABLE
from services.identification.grammar.acts import (
    PLAIN_TYPES,
    Act,
    Table,
    Words,
    only,
    read_rows,
    read_whole,
    read_words,
)
from shared.contracts.identification import Happened
from shared.problems import Malformed
from shared.tables import TableUnreadable, read_table

PATHS: Final = Path(__file__).resolve().parent / "paths"
TYPES: Final = PLAIN_TYPES | {"application", "document", "means", "people", "person"}
HOUSEHOLD: Final = "household"
CASE: Final = "case"
OWN: Final = "cases:own"
"""The scope of whoever applies for themselves."""
PERSON: Final = "person"
ONCE: Final = "once"
LAPSED: Final = frozenset({"lapsed", "applicant-died", "ended-undecided"})
"""Where a case ends whose papers never came, whose applicant died, or that could not go on, before
anything was decided of what was asked for."""
UNDECIDED: Final = LAPSED | {"withdrawn"}
"""Where a case ends of whose matter nothing was decided."""
AGAINST: Final = frozenset({"kept", "refused", "upheld", "turned-away"})
"""Where a case ends of which it was decided that nothing follows: what stood before stands."""
BASIC: Final = "basic"
SUBSIDY: Final = "subsidy"
STATUS: Final = "status"
"""What a grant is: what a household lives on, a subsidy to somebody, or a status without money."""
RECORD: Final = "record"
WANTED: Final = frozenset({"visit", "report", "paper", "own-paper", "visit-or-paper", RECORD})
"""What a finding that ends something may have to rest on; a record is a paper that speaks of
somebody who is asked no more, and its own paper is said with a request."""
GRANTS: Final = "grant_"
"""What the name of an effect begins with that grants something."""


_NO_ACTS: Final = {
    "decision-set-aside": Words("原决定被撤销，重新作出", "the decision was set aside on appeal"),
    "decision-replaced": Words("原决定经申诉变更", "decided otherwise on appeal"),
    "fade-out-ended-by-another": Words("渐退因另一决定结束", "another decision ended the fade-out"),
    "fade-out-goes-on": Words("渐退继续", "the fade-out goes on"),
    "advance-came-back": Words(
        "先行救助的钱退回备用金", "what was paid first came back to the reserve"
    ),
}
"""What other cases and payments do to a case, which no table says, in words."""


class NoSuchCategory(Malformed):
    """No case is of that category."""


@dataclass(frozen=True)
class Fading:
    """A fade-out: the fact that says since when, and whether the grant stays on meanwhile.

    What was paid last is no fact of a decision: benefits knows what it granted.
    """

    since: str
    stays_on: bool = False

    def is_on(self, facts: Mapping[str, Any]) -> bool:
        """Whether by these facts it is under way."""
        return bool(facts.get(self.since, NOT_APPLICABLE) != NOT_APPLICABLE)

    @property
    def over(self) -> dict[str, Any]:
        """The facts once nothing fades any more."""
        return {self.since: NOT_APPLICABLE}


@dataclass(frozen=True)
class Grant:
    """What a category grants: whose it is, of what kind, the act whose words it rests on, and how
    it ends.

    `ended` are the facts decided when it is granted no more; what is given once ends by itself.
    `ends_on` are the grounds on which somebody may find that it ends, each with what has to be
    there before it does: where a paper speaks for itself, no visit. `instead_of` are the categories
    whose place it takes: it is never granted beside them, and they end with it.
    """

    whose: str
    found_by: str
    kind: str
    ended: Mapping[str, Any]
    fading: Fading | None = None
    ends_on: Mapping[str, Sequence[str]] = field(default_factory=dict)
    instead_of: Sequence[str] = ()

    @cached_property
    def flags(self) -> tuple[str, ...]:
        """The facts any of which says that it is granted."""
        return tuple(name for name in self.ended if name.startswith("on_"))

    def is_on(self, facts: Mapping[str, Any]) -> bool:
        """Whether by these facts it is granted; a county's people are asked at once, so plainly."""
        for name in self.flags:  # noqa: SIM110 # A generator takes thrice as long.
            if facts.get(name) == 1:
                return True
        return False

    def is_fading(self, facts: Mapping[str, Any]) -> bool:
        """Whether by these facts it fades out, and so is paid still; not what is granted again."""
        if self.fading is None or not self.fading.is_on(facts):
            return False
        return self.fading.stays_on or not self.is_on(facts)

    def is_paid(self, facts: Mapping[str, Any]) -> bool:
        """Whether by these facts it is granted, or fades out."""
        return self.is_on(facts) or (self.fading is not None and self.is_fading(facts))

    def ending(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The facts that end it where these stand: what fades ends with it."""
        over = self.fading.over if self.fading and self.fading.is_on(facts) else {}
        return {**self.ended, **over}


@dataclass(frozen=True)
class CasePath(Table):
    """The whole table of one category; `plain` says for whom it is, where one may apply oneself,
    and `plain_where` for whom besides, where the place has set a word."""

    category: str
    about: str | None
    plain: Words | None
    plain_where: Mapping[str, Words]
    grant: Grant | None = None
    found: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """On what a request has to rest where an official says it, and not the household itself."""

    @property
    def is_own(self) -> bool:
        """Whether an applicant may follow a case of it, and do some of its acts."""
        return any(may_applicant(act) for act in self.acts.values())

    @property
    def hand_in(self) -> Act | None:
        """The act by which an application of it is handed in; none where nobody applies."""
        if self.about is not None:
            return None
        return next((act for act in self.acts.values() if act.tells == Happened.RECEIVED), None)

    @cached_property
    def seen_by_few(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """The words few may read, by the acts that ask for them, with the scopes it takes."""
        found = {
            act.name: {name: each.seen_by for name, each in act.fields.items() if each.seen_by}
            for act in self.acts.values()
        }
        return {act: words for act, words in found.items() if words}

    @property
    def is_of_one(self) -> bool:
        """Whether what is applied for is a person's."""
        return self.grant is not None and self.grant.whose == PERSON

    @property
    def about_household(self) -> bool:
        """Whether a case of it is about a household of the register, and so begins with one."""
        return self.about == HOUSEHOLD

    @property
    def about_case(self) -> bool:
        """Whether a case of it is about another case that was decided."""
        return self.about == CASE


@lru_cache
def read_path(path: Path) -> CasePath:
    """A category's table.

    Raises:
        TableUnreadable: it names what is not there, or says something that is not known.
    """
    words = read_whole(path, {"category", "about", "plain", "plain_where", "grant", "found"})
    table = read_rows(path, words, TYPES)
    about = words.get("about")
    if about not in {None, HOUSEHOLD, CASE}:
        raise TableUnreadable(f"{path}: a case is about a {HOUSEHOLD} or a {CASE}, or says nothing")
    for act in table.acts.values():
        if act.tells is not None and act.tells not in list(Happened):
            raise TableUnreadable(f"{path}: {act.name} tells {act.tells}, which has no words")
        if (flaw := stands_aside.flaw(act, OWN)) is not None:
            raise TableUnreadable(f"{path}: {act.name} {flaw}")
    # What another table says of these is not said of one like it.
    own = read_table(path)
    said, granted, where = own.get("plain"), own.get("grant"), own.get("plain_where", {})
    found = CasePath(
        **vars(table),
        category=str(words["category"]),
        about=about,
        plain=read_words(path, "plain", said) if said else None,
        plain_where={name: read_words(path, name, each) for name, each in where.items()},
        grant=_grant(path, granted) if granted else None,
        found=words.get("found", {}),
    )
    if found.found.keys() - found.acts.keys():
        raise TableUnreadable(f"{path}: what officials find is no act")
    for request, wanted in found.found.items():
        _insist_known(path, request, wanted)
    grants = any((act.does or "").startswith(GRANTS) for act in found.acts.values())
    if grants != (found.grant is not None):
        raise TableUnreadable(f"{path}: what is granted says how it ends, and nothing else does")
    if found.grant is not None and found.grant.found_by not in found.acts:
        raise TableUnreadable(f"{path}: no act finds what it grants")
    if said and not found.is_own:
        raise TableUnreadable(f"{path}: it says for whom it is, and nobody applies for themselves")
    return found


def _grant(path: Path, said: Mapping[str, Any]) -> Grant:
    known = {"whose", "found_by", "kind", "ended", "fading", "ends_on", "instead_of"}
    only(path, "grant", said, known)
    grant = Grant(
        whose=said["whose"],
        found_by=said["found_by"],
        kind=said.get("kind", ONCE),
        ended=said.get("ended", {}),
        fading=Fading(**said["fading"]) if "fading" in said else None,
        ends_on=said.get("ends_on", {}),
        instead_of=said.get("instead_of", ()),
    )
    if bool(grant.ends_on) != bool(grant.ended):
        raise TableUnreadable(f"{path}: what is ended says on which grounds, and nothing else does")
    for ground, wanted in grant.ends_on.items():
        _insist_known(path, ground, wanted)
    if grant.whose not in {HOUSEHOLD, PERSON, ONCE} or (grant.whose == ONCE) == bool(grant.ended):
        raise TableUnreadable(f"{path}: a {HOUSEHOLD}'s or a {PERSON}'s grant is ended by facts")
    if grant.kind not in ({ONCE} if grant.whose == ONCE else {BASIC, SUBSIDY, STATUS}):
        raise TableUnreadable(f"{path}: a grant is {BASIC}, a {SUBSIDY} or a {STATUS}")
    return grant


def _insist_known(path: Path, name: str, wanted: Sequence[str]) -> None:
    if not wanted or set(wanted) - WANTED:
        raise TableUnreadable(f"{path}: {name} rests on what is not known")


def called(path: CasePath, act: str) -> Words:
    """What was done to a case, in words; what another case or an office did to it, by the word of
    whose it is."""
    tables = (path, *all_paths().values())
    return next(
        (each.acts[act].words for each in tables if act in each.acts),
        _NO_ACTS.get(act, Words(act, act)),
    )


def may_applicant(act: Act) -> bool:
    """Whether an applicant may do it to their own case."""
    return OWN in act.scopes


@lru_cache
def all_paths(folder: Path = PATHS) -> Mapping[str, CasePath]:
    """Every category by its name."""
    found = [read_path(path) for path in sorted(folder.glob("*.yaml"))]
    return {each.category: each for each in found}


@lru_cache
def applied_for() -> Mapping[str, CasePath]:
    """Every category somebody applies for, by its name."""
    return {name: path for name, path in all_paths().items() if path.hand_in is not None}


@lru_cache
def endable() -> Mapping[str, Grant]:
    """What is granted until it is ended, by category."""
    return {
        path.category: path.grant
        for path in all_paths().values()
        if path.grant is not None and path.grant.whose != ONCE
    }
