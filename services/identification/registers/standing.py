"""Where an entry stands: its row, what it says, everything done to it, and who may know of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ARRAY, ColumnElement, Text, and_, cast, or_
from sqlmodel import col

from services.identification import id_numbers, phones
from services.identification.desk import Desk
from services.identification.grammar.history import History
from services.identification.models import CaseFile, RegisterEntry, RegisterPaper
from services.identification.registers.tables import LEVELS, RegisterTable, all_registers
from shared.callers import Caller

SCORES: Final = "scores"
"""The word under which an entry says what its points were counted from."""
PHONE: Final = "phone"
"""The type of a field that says a telephone."""


@dataclass(frozen=True)
class EntryStanding(History):
    """An entry as an act finds it; `content` is what was said last under each name.

    `names` are those of the people it is about: what is published is held against them.
    """

    entry: RegisterEntry
    table: RegisterTable
    content: Mapping[str, Any]
    names: frozenset[str]
    papers: Sequence[RegisterPaper]
    is_relatives: bool = False
    """Whether it is about a near relative of the caller's, where the register asks for that."""
    led_to: CaseFile | None = None
    """The case that goes on with it, where there is one."""
    is_mended: bool = False
    """Whether that case is over."""
    told: frozenset[str] = frozenset()
    """The numbers the caller may read of what its scores were counted from, of registers that are
    against somebody."""

    def paper(self, paper_id: str) -> RegisterPaper | None:
        """A paper of this entry by its id."""
        return next((each for each in self.papers if str(each.id) == paper_id), None)

    @property
    def said(self) -> Mapping[str, Any]:
        """What the entry will say when the act that is asked for is done."""
        return {**self.content, **self.words}

    @property
    def against(self) -> list[str]:
        """Those it is against when the act is done; of a register that asks for nobody, those that
        what it comes from is against."""
        names = self.table.against
        said = {str(self.said[name]) for name in names if name in self.said}
        return sorted(said) if names else self.entry.against

    @property
    def may_be_against_caller(self) -> bool:
        """Whether it may be the caller who is accused: nobody else has said who it is.

        It was once against officers of a rank, and what stands of the accused now either gives no
        account and does not say that there is none, or was said by the caller alone.
        """
        guard, ranked = self.table.guarded, False
        stands: dict[str, Any] = {}
        sayers: set[str] = set()
        if guard is None:
            return False
        for each in self.acts:
            named = (guard.by, guard.until, guard.without)
            said = {name: each.words[name] for name in named if name in each.words}
            if not said:
                continue
            if {**stands, **said} != stands:
                sayers.clear()
            stands |= said
            if guard.until in said or said.get(guard.without) or not guard.tells(stands):
                sayers.add(each.person)
            ranked = ranked or stands.get(guard.by) in guard.ranks
        known = stands.get(guard.by) not in guard.ranks or guard.tells(stands)
        return ranked and not (known and sayers - {self.caller.person})

    def shown(self, words: Mapping[str, Any]) -> dict[str, Any]:
        """What of them is shown to the caller, every ID number and telephone masked."""
        found: dict[str, Any] = id_numbers.masked_within(self.readable(words))
        for name in self.phones(found):
            found[name] = phones.masked_to_officers(str(found[name]))
        return found

    def phones(self, words: Mapping[str, Any]) -> list[str]:
        """The names of the words that are telephones."""
        fields = self.table.fields
        return [name for name in words if name in fields and fields[name].type == PHONE]

    def readable(self, words: Mapping[str, Any]) -> dict[str, Any]:
        """The words of the entry, or of one of its acts, that the caller may read."""
        found = seen_by(self.caller, self.table, words)
        for name in found.keys() & {SCORES}:
            found[name] = [_as_told(score, self.told) for score in found[name]]
        if not self.may_be_against_caller:
            return found
        return {name: word for name, word in found.items() if name not in self.table.hidden}


def _as_told(score: Mapping[str, Any], told: frozenset[str]) -> dict[str, Any]:
    """A score with every fact counted, and the number only of one that may be known of."""
    hidden = {kind for kind, table in all_registers().items() if table.against}
    facts = {
        kept: [
            fact if fact["kind"] not in hidden or fact["number"] in told else {**fact, "number": ""}
            for fact in score[kept]
        ]
        for kept in ("met", "missed")
    }
    return {**score, **facts}


def content_of(desk: Desk, entry: RegisterEntry) -> Mapping[str, Any]:
    """What an entry says: the last word under each name."""
    said: dict[str, Any] = json.loads(
        desk.keys.decrypt(
            entry.content_sealed, table="register_entry", column="content_sealed", row=entry.id
        )
    )
    return said


def is_there_for(caller: Caller, table: RegisterTable, entry: RegisterEntry) -> bool:
    """Whether a caller may know of an entry: by scope, by area, and not accused in it.

    Whoever opened it, and whose it is, may know of it wherever it lies.
    """
    return (
        any(caller.has(scope) for scope in table.read)
        and (caller.may_see(entry.area) or caller.subject in {entry.owner, entry.opened_by})
        and not set(entry.against) & known_as(caller)
    )


def there_for(caller: Caller) -> ColumnElement[bool]:
    """The same of areas and of whom entries are against, as the database filters by them."""
    mine = [col(RegisterEntry.area).startswith(area) for area in caller.divisions]
    mine += [col(each) == caller.subject for each in (RegisterEntry.owner, RegisterEntry.opened_by)]
    return and_(
        or_(*mine),
        ~col(RegisterEntry.against).bool_op("&&")(cast(sorted(known_as(caller)), ARRAY(Text))),
    )


def known_as(caller: Caller) -> set[str]:
    """Every word an entry may name a caller by: the account, the person, the town or village.

    Not the county: an entry against the bureau itself names accounts, or nobody could handle it.
    """
    accounts = {caller.subject, caller.person, f"staff:{caller.person}"}
    lengths = [length for level, length in LEVELS.items() if level != "county"]
    return accounts | {
        area[:length] for area in caller.areas for length in lengths if len(area) >= length
    }


def seen_by(caller: Caller, table: RegisterTable, words: Mapping[str, Any]) -> dict[str, Any]:
    """The words of an entry or an act that a caller may read."""
    hidden = table.hidden
    return {
        name: word
        for name, word in words.items()
        if name not in hidden or any(caller.has(scope) for scope in hidden[name])
    }
