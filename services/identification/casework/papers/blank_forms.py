"""The forms of a case on paper, by their one table: which may be printed now, and each as PDF.

A form is printed with what is known already, so that nobody writes anything twice: before a visit
to be taken along, and after it, as it was typed in, to be signed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from services.identification.casework.needs.named import NEEDS
from services.identification.casework.papers import printing
from services.identification.casework.papers.documents import KINDS
from services.identification.casework.papers.form_contents import (
    FACTS,
    PEOPLE,
    TABLES,
    TEXTS,
    Printing,
)
from services.identification.casework.papers.letters import NoSuchLetter
from services.identification.casework.paths import all_paths
from services.identification.casework.standing import Standing
from services.identification.casework.visits import VISITS
from services.identification.desk import Desk
from services.identification.grammar.acts import Words, only
from services.identification.grammar.history import Done
from services.identification.places import Place
from shared.tables import TableUnreadable, read_table

TABLE: Final = Path(__file__).with_name("blank_forms.yaml")
EACH: Final = "each"
THAT_COUNTS: Final = "that-counts"
_WORDS: Final = {
    "name", "title", "where", "while_any", "of_visit", "own", "comes_back_as", "of_one", "blocks",
}  # fmt: skip
_KINDS: Final = ("facts", "table", "said", "text", "note", "box", "sign")
"""What a part of a form may be."""
_ROOM: Final = 2
"""Centimetres to write in under what is not known yet."""


@dataclass(frozen=True)
class Form:
    """One form: where it may be printed, as what kind of paper it comes back, and its parts."""

    name: str
    words: Words
    title: str
    where: tuple[str, ...]
    comes_back_as: str
    blocks: tuple[Mapping[str, Any], ...]
    while_any: str | None = None
    of_visit: str | None = None
    own: bool = False
    of_one: str | None = None

    def kind(self, at: Standing) -> str:
        """As what kind of paper it comes back: of one person, or of several who are in it."""
        alone = self.while_any is not None and len(PEOPLE[self.while_any](at)) == 1
        return self.of_one if self.of_one and alone else self.comes_back_as

    def is_open(self, at: Standing) -> bool:
        """Whether it may be printed where a case stands: one of its acts is offered there."""
        acts = [each for each in at.path.acts_from(at.case.state) if each.name in self.where]
        return any(all(NEEDS[need](at) for need in act.when) for act in acts)


@cache
def forms(table: Path = TABLE) -> Mapping[str, Form]:
    """Every form by its name.

    Raises:
        TableUnreadable: it names an act, a part or a kind of paper there is none of.
    """
    return {name: _form(table, name, said) for name, said in read_table(table).items()}


def of_case(at: Standing, *, own: bool = False) -> list[dict[str, Any]]:
    """The forms that may be printed of a case now, each of what visit; for its applicant only what
    is the applicant's."""
    return [
        {
            "form": form.name,
            "name": form.words.both(),
            "comes_back_as": form.kind(at),
            "visit": visit and str(visit.words["survey_id"]),
            "visited_on": visit and visit.words["visited_on"],
            "filed": visit and at.visit_forms().get(str(visit.words["survey_id"])),
        }
        for form in forms().values()
        if form.own or not own
        for visit in _printable(at, form)
    ]


async def printed(
    desk: Desk,
    place: Place,
    at: Standing,
    name: str,
    visit: str | None = None,
    *,
    own: bool = False,
) -> bytes:
    """A form of a case as PDF; that it was printed is written down.

    Raises:
        NoSuchLetter: there is no such form, or it is not to be printed now, or not of that visit.
    """
    offered = [(each["form"], each["visit"]) for each in of_case(at, own=own)]
    if (name, visit) not in offered:
        raise NoSuchLetter(f"{name} is not to be printed now")
    await desk.note(
        "case-form-printed", str(at.case.id), {"form": name, **({"visit": visit} if visit else {})}
    )
    form = forms()[name]
    which = visit or (at.visit_that_counts if form.of_visit == THAT_COUNTS else None)
    of = Printing(at, place, next((e for e in _visits(at) if e.words["survey_id"] == which), None))
    words = {
        "title": form.title,
        "receipt": f"{at.path.words.zh}　编号 {at.case.receipt}",
        "blocks": [_block(each, of) for each in form.blocks],
    }
    return printing.sheet("form", words)


def _printable(at: Standing, form: Form) -> Iterator[Done | None]:
    """Of which visits a form may be printed now: of none, to be filled in, and of each."""
    there = form.while_any is None or PEOPLE[form.while_any](at)
    if form.is_open(at) and there:
        yield None
    if form.of_visit == EACH:
        yield from _visits(at)


def _visits(at: Standing) -> list[Done]:
    return at.done(*VISITS)


def _block(said: Mapping[str, Any], of: Printing) -> dict[str, Any]:
    """A part of a form with what is known in it, as its sheet draws it."""
    kind = next(each for each in _KINDS if each in said)
    word = said[kind]
    if kind == "facts":
        return {"kind": kind, "rows": FACTS[word](of)}
    if kind == "table":
        empty = [[""] * len(said["columns"]) for _ in range(said.get("blank", 0))]
        return {
            "kind": kind,
            "columns": said["columns"],
            "wide": said.get("wide", [len(said["columns"]) - 1]),
            "high": bool(said.get("high")),
            "rows": [*TABLES[word](of), *empty],
        }
    if kind == "said":
        text = TEXTS[word](of)
        return {
            "kind": kind,
            "over": said.get("over", ""),
            "text": text,
            "room": 0 if text else _ROOM,
        }
    return {"kind": kind, "who" if kind == "sign" else "text": word}


def _form(table: Path, name: str, said: Mapping[str, Any]) -> Form:
    only(table, name, said, _WORDS)
    known = {act for path in all_paths().values() for act in path.acts}
    wrong = [each for each in said["where"] if each not in known]
    kinds = (said["comes_back_as"], said.get("of_one", said["comes_back_as"]))
    wrong += [each for each in kinds if each not in KINDS]
    wrong += [each for each in (said.get("while_any"),) if each not in {None, *PEOPLE}]
    wrong += [each for each in (said.get("of_visit"),) if each not in {None, EACH, THAT_COUNTS}]
    for block in said["blocks"]:
        only(table, name, block, {*_KINDS, "columns", "blank", "wide", "high", "over"})
        kind = next((each for each in _KINDS if each in block), "")
        parts = {"facts": FACTS, "table": TABLES, "said": TEXTS}.get(kind)
        wrong += [kind or str(block)] if kind not in _KINDS else []
        wrong += [block[kind]] if parts is not None and block[kind] not in parts else []
    if wrong:
        raise TableUnreadable(f"{table}: {name} names {', '.join(wrong)}, of which there is none")
    return Form(
        name,
        Words(said["name"]["zh"], said["name"]["en"]),
        said["title"],
        tuple(said["where"]),
        said["comes_back_as"],
        tuple(said["blocks"]),
        said.get("while_any"),
        said.get("of_visit"),
        bool(said.get("own")),
        said.get("of_one"),
    )
