"""The templates of the exchange: how a file of the province looks, and what its words are here.

A template is a table of YAML. A place's folder adds templates of its own, and one of a name that
is known here takes its place; `like: <name>` says only what differs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from services.identification.roster import written
from shared.tables import read_table

TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
IN: Final = "in"
OUT: Final = "out"
TYPES: Final = frozenset(
    {"text", "name", "id-number", "date", "month", "fen", "count", "code", "village", "serial"}
)
FORMS: Final = ("xlsx", "csv-utf-8", "csv-gb18030")
_TABLE_WORDS: Final = {
    "template", "name", "direction", "work", "with", "sheet", "form", "columns", "answers", "key",
    "once", "total", "clock", "rows_max", "like",
}  # fmt: skip
_COLUMN_WORDS: Final = {"heading", "type", "needed", "ahead", "most", "codes"}
_TOTAL_WORDS: Final = {"column", "label", "sums", "needed"}


class TemplateUnreadable(Exception):
    """A template cannot be used; the text says where and why."""


@dataclass(frozen=True)
class Column:
    """One column: its heading there, its type, whether its days may be to come, and for codes
    theirs by ours."""

    name: str
    heading: str
    type: str
    needed: bool = False
    ahead: bool = False
    most: int = 100
    codes: Mapping[str, str] = field(default_factory=dict)

    def code_of(self, word: str) -> str:
        """Their code for a word of ours; the word itself where they have none."""
        return self.codes.get(word, word)

    def word_of(self, code: str) -> str | None:
        """Our word for a code of theirs."""
        return next((word for word, theirs in self.codes.items() if theirs == code), None)


@dataclass(frozen=True)
class Total:
    """The row of sums: by which word in which column it is known, and what it adds up."""

    column: str
    label: str
    sums: tuple[str, ...]
    needed: bool = False


@dataclass(frozen=True)
class Template:
    """One kind of file."""

    name: str
    zh: str
    en: str
    direction: str
    work: str
    words: Mapping[str, Any]
    sheet: str
    form: str
    columns: Mapping[str, Column]
    answers: Mapping[str, Column]
    key: str | None
    once: tuple[str, ...]
    total: Total | None
    clock: str | None
    rows_max: int


def read_templates(own: Path | None = None) -> Mapping[str, Template]:
    """Every template by its name: ours, and over them a place's own.

    Raises:
        TemplateUnreadable: one names what is not known, or does not say what it must.
    """
    return _read(own)


def read_template(path: Path) -> Template:
    """One template that stands by itself.

    Raises:
        TemplateUnreadable: it names what is not known, or does not say what it must.
    """
    return _template(path, _whole(path))


@lru_cache
def _read(own: Path | None) -> Mapping[str, Template]:
    paths = {path.stem: path for path in sorted(TEMPLATES.glob("*.yaml"))}
    if own is not None:
        paths |= {path.stem: path for path in sorted(own.glob("*.yaml"))}
    return {name: _template(path, _whole(path)) for name, path in paths.items()}


def _whole(path: Path, depth: int = 0) -> Mapping[str, Any]:
    """A table as it is written; one that is `like` another has its rows but for its own."""
    words: Mapping[str, Any] = read_table(path, TemplateUnreadable)
    _only(path, "the table", words, _TABLE_WORDS)
    if words.get("template") != path.stem:
        raise TemplateUnreadable(f"{path}: the template is called as its file, {path.stem}")
    if "like" not in words:
        return words
    # A place's own of the same name builds on ours, and not on itself.
    beside = path.with_name(f"{words['like']}.yaml")
    other = TEMPLATES / beside.name if words["like"] == path.stem else beside
    if not other.exists():
        other = TEMPLATES / beside.name
    if depth > 3:
        raise TemplateUnreadable(f"{path}: too many templates like one another")
    like = _whole(other, depth + 1)
    whole = {**like, **{k: v for k, v in words.items() if k != "like"}}
    for rows in ("columns", "answers"):
        before, said = like.get(rows, {}), words.get(rows, {})
        whole[rows] = {**before, **{k: {**before.get(k, {}), **v} for k, v in said.items()}}
    return whole


def _template(path: Path, words: Mapping[str, Any]) -> Template:
    for needed in ("name", "direction", "work", "columns"):
        if needed not in words:
            raise TemplateUnreadable(f"{path}: {needed} is not said")
    name = words["name"]
    if not isinstance(name, dict) or not name.get("zh") or not name.get("en"):
        raise TemplateUnreadable(f"{path}: the name is not said in both languages")
    found = Template(
        name=path.stem,
        zh=str(name["zh"]),
        en=str(name["en"]),
        direction=str(words["direction"]),
        work=str(words["work"]),
        words=words.get("with", {}),
        sheet=str(words.get("sheet", name["zh"])),
        form=str(words.get("form", "xlsx")),
        columns={k: _column(path, k, v) for k, v in words["columns"].items()},
        answers={k: _column(path, k, v) for k, v in words.get("answers", {}).items()},
        key=words.get("key"),
        once=tuple(words.get("once", ())),
        total=_total(path, words["total"]) if words.get("total") else None,
        clock=words.get("clock"),
        rows_max=int(words.get("rows_max", 50_000)),
    )
    _check(path, found)
    return found


def _column(path: Path, name: str, said: Mapping[str, Any]) -> Column:
    _only(path, name, said, _COLUMN_WORDS)
    kind = str(said.get("type", "text"))
    if kind not in TYPES or not said.get("heading"):
        raise TemplateUnreadable(f"{path}: {name} has a heading and a type of {sorted(TYPES)}")
    codes = {str(word): str(code) for word, code in said.get("codes", {}).items()}
    if (kind == "code") != bool(codes) or len(set(codes.values())) < len(codes):
        raise TemplateUnreadable(f"{path}: {name}: a code has codes, each once")
    return Column(
        name=name,
        heading=str(said["heading"]),
        type=kind,
        needed=bool(said.get("needed", False)),
        ahead=bool(said.get("ahead", False)),
        most=int(said.get("most", 100)),
        codes=codes,
    )


def _total(path: Path, said: Mapping[str, Any]) -> Total:
    _only(path, "total", said, _TOTAL_WORDS)
    return Total(
        column=str(said["column"]),
        label=str(said.get("label", "合计")),
        sums=tuple(said.get("sums", ())),
        needed=bool(said.get("needed", False)),
    )


def _check(path: Path, found: Template) -> None:
    """Whatever is named is there."""
    if found.direction not in {IN, OUT} or found.form not in FORMS:
        raise TemplateUnreadable(f"{path}: in or out, as one of {', '.join(FORMS)}")
    total = [found.total.column, *found.total.sums] if found.total else []
    named = [*found.once, *total, *([found.key] if found.key else [])]
    for name in named:
        if name not in found.columns:
            raise TemplateUnreadable(f"{path}: there is no column {name}")
    every = [*found.columns.values(), *found.answers.values()]
    headings = [written.heading(each.heading) for each in every]
    if len(set(headings)) < len(headings) or found.columns.keys() & found.answers.keys():
        raise TemplateUnreadable(f"{path}: two columns are called the same")


def _only(path: Path, name: str, said: Any, known: set[str]) -> None:
    if not isinstance(said, dict):
        raise TemplateUnreadable(f"{path}: {name} is no table")
    for word in said:
        if word not in known:
            raise TemplateUnreadable(f"{path}: {name} says {word}, which is not known")
