"""The table of feeds: each list, its columns, what of a row is kept, how old it may be; read
strictly, so that nothing in it is guessed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from shared.tables import read_table

DEFAULTS: Final = Path(__file__).resolve().parent / "feeds.yaml"
PERSON: Final = "id_number"
TAKES: Final = {"earliest", "latest", "most", "sum", "rows", "any", "together"}
_KNOWN: Final = {
    "name", "owner", "fresh_days", "when_stale", "rejects_most", "may_be_empty", "columns",
    "identity", "pairs", "shared", "decides", "facts",
    "supporters",
}  # fmt: skip
_PLAIN: Final = {"rows", "any", "together"}
_NAME: Final = re.compile(r"[a-z]+(-[a-z]+){0,5}")
_COLUMN: Final = re.compile(r"[a-z]+(_[a-z]+){0,4}")


class FeedsUnreadable(Exception):
    """The table of feeds cannot be used; the text says where and why."""


class Kind(StrEnum):
    """What stands in a column."""

    ID_NUMBER = "id-number"
    DATE = "date"
    MONTH = "month"
    FEN = "fen"
    COUNT = "count"
    CODE = "code"
    TOKEN = "token"  # noqa: S105 # A word of the table, no secret.


class WhenStale(StrEnum):
    """What a comparison does when a list did not come, or is too old."""

    STOP = "stop"
    LAST_KNOWN = "last-known"
    NONE = "none"


@dataclass(frozen=True)
class Column:
    """One column of a list."""

    name: str
    headings: tuple[str, ...]
    kind: Kind
    optional: bool = False
    ahead: bool = False
    """Whether its days may be to come."""

    codes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Taking:
    """How one fact of a person comes from the rows that tell of them.

    `within` is a column and so many months: only rows of as many months before the one compared
    count, and those that say no day.
    """

    fact: str
    take: str
    of: str | None = None
    where: tuple[str, tuple[int, ...]] | None = None
    unless_over: str | None = None
    within: tuple[str, int] | None = None


@dataclass(frozen=True)
class Feed:
    """One list another department sends."""

    name: str
    zh: str
    en: str
    owner_zh: str
    owner_en: str
    fresh_days: int
    when_stale: WhenStale
    rejects_rows_most: int
    rejects_percent_most: int
    may_be_empty: bool
    columns: Mapping[str, Column]
    identity: tuple[str, ...]
    pairs: str | None
    shared: bool
    decides: str | None
    supporters: bool
    facts: tuple[Taking, ...]

    def is_fresh(self, as_of: date, on: date) -> bool:
        """Whether a list of a day is recent enough on another: for a month, on its first."""
        return on - as_of <= timedelta(days=self.fresh_days)

    def bears(self, rejected: int, rows: int) -> bool:
        """Whether so many wrong rows of a delivery still leave a list that counts."""
        return rejected <= max(self.rejects_rows_most, rows * self.rejects_percent_most // 100)

    @property
    def within(self) -> tuple[str, int] | None:
        """The column by which its facts are of so many months, where any is: of the most."""
        several = [each.within for each in self.facts if each.within is not None]
        return max(several, key=lambda each: each[1], default=None)

    @property
    def kept(self) -> tuple[Column, ...]:
        """The columns of which a value is kept, in their order."""
        return tuple(each for each in self.columns.values() if each.kind != Kind.ID_NUMBER)


def read_feeds(own: Path | None = None) -> dict[str, Feed]:
    """The nation's feeds, and over them a place's own.

    Raises:
        FeedsUnreadable: a feed says what is not known, or two bring one fact.
    """
    said = read_table(DEFAULTS, FeedsUnreadable)
    said |= read_table(own, FeedsUnreadable) if own else {}
    feeds = {}
    for name, words in said.items():
        try:
            feeds[name] = _feed(name, words)
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            raise FeedsUnreadable(f"feed {name}: {problem!r}") from problem
    brought = [taking.fact for feed in feeds.values() for taking in feed.facts]
    for fact in brought:
        if brought.count(fact) > 1:
            raise FeedsUnreadable(f"two feeds bring {fact}")
    return feeds


def _feed(name: str, said: Mapping[str, Any]) -> Feed:
    _only(name, said, _KNOWN)
    if not _NAME.fullmatch(name):
        raise ValueError("a feed's name is of small letters and hyphens")
    columns = {each: _column(each, words) for each, words in said["columns"].items()}
    if PERSON not in columns or columns[PERSON].kind != Kind.ID_NUMBER:
        raise ValueError(f"the column {PERSON} is the person's ID number")
    pairs = said.get("pairs")
    numbers = {each.name for each in columns.values() if each.kind == Kind.ID_NUMBER}
    if numbers != {PERSON} | ({pairs} if pairs else set()):
        raise ValueError("a second ID number is named under pairs, and there is no third")
    feed = Feed(
        name=name,
        zh=str(said["name"]["zh"]),
        en=str(said["name"]["en"]),
        owner_zh=str(said["owner"]["zh"]),
        owner_en=str(said["owner"]["en"]),
        fresh_days=int(said["fresh_days"]),
        when_stale=WhenStale(said["when_stale"]),
        rejects_rows_most=int(said["rejects_most"]["rows"]),
        rejects_percent_most=int(said["rejects_most"]["percent"]),
        may_be_empty=bool(said.get("may_be_empty", False)),
        columns=columns,
        identity=tuple(said["identity"]),
        pairs=pairs,
        shared=bool(said.get("shared", False)),
        decides=said.get("decides"),
        supporters=bool(said.get("supporters", False)),
        facts=tuple(_taking(each, words) for each, words in said["facts"].items()),
    )
    _check(feed)
    return feed


def _check(feed: Feed) -> None:
    """Whatever is named is there."""
    kept = {each.name for each in feed.kept}
    named = {*feed.identity, *([feed.decides] if feed.decides else [])}
    if feed.shared and feed.decides:
        raise ValueError("of shared things none decides")
    for taking in feed.facts:
        named |= {each for each in (taking.of, taking.unless_over) if each is not None}
        named |= {each[0] for each in (taking.where, taking.within) if each is not None}
        if taking.within and feed.columns[taking.within[0]].kind not in (Kind.DATE, Kind.MONTH):
            raise ValueError(f"{taking.fact} lies within months of a day or a month")
        if taking.take == "together" and feed.pairs is None:
            raise ValueError(f"{taking.fact} is about two people, and a row names one")
    if strays := named - kept:
        raise ValueError(f"no such column is kept: {', '.join(sorted(strays))}")
    if not feed.identity or not feed.facts:
        raise ValueError("a feed has an identity and brings a fact")


def _column(name: str, said: Mapping[str, Any]) -> Column:
    _only(name, said, {"headings", "is", "optional", "ahead", "of"})
    if not _COLUMN.fullmatch(name):
        raise ValueError(f"{name} is no name for a column")
    codes = {str(word): int(code) for word, code in said.get("of", {}).items()}
    kind = Kind(said["is"])
    if (kind == Kind.CODE) != bool(codes):
        raise ValueError(f"{name}: a code says its words under of, and nothing else does")
    headings = tuple(str(each) for each in said["headings"])
    may = {each: bool(said.get(each, False)) for each in ("optional", "ahead")}
    return Column(name, headings, kind, codes=codes, **may)


def _taking(fact: str, said: Mapping[str, Any]) -> Taking:
    _only(fact, said, {"take", "of", "where", "unless_over", "within_months"})
    take = str(said["take"])
    if take not in TAKES or (take in _PLAIN) != ("of" not in said):
        raise ValueError(f"{fact}: take one of {', '.join(sorted(TAKES))}, of a column")
    where = None
    if "where" in said:
        ((column, codes),) = said["where"].items()
        several = codes if isinstance(codes, list) else [codes]
        where = (str(column), tuple(int(each) for each in several))
    within = None
    if "within_months" in said:
        ((column, months),) = said["within_months"].items()
        within = (str(column), int(months))
    return Taking(fact, take, said.get("of"), where, said.get("unless_over"), within)


def _only(name: str, said: Mapping[str, Any], known: set[str]) -> None:
    for word in said:
        if word not in known:
            raise ValueError(f"{name} says {word}, which is not known")
