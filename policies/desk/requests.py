"""A household as somebody writes it down in JSON: read strictly, or refused with where and why.

    {"place": "511425", "month": "2026-10",
     "household": {"facts": {"registration": "rural", "on_dibao": true},
                   "members": [{"person_id": "li-wei", "facts": {"born_on": "1980-01-01"}}]}}

A fact that is not written, or is null, is unknown. A code may be written by its name, a date as
YYYY-MM-DD or yyyymmdd, a flag as true or false.
"""

import json
from collections.abc import Mapping, Set
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from policies.engine.law import Law
from policies.reading.documents import PackFault, month_index
from policies.reading.facts import HOUSEHOLD, NOT_APPLICABLE_WORD, PERSON, Fact
from policies.reading.loading import load

TEXTS: Final = ("household_id", "determination_id", "decided_on", "village")
MONTHS: Final = ("from_month", "until_month")
_ABOUT: Final = frozenset({*TEXTS, *MONTHS})
"""What a household may say of itself beside its facts and members."""


class RequestRefused(ValueError):
    """What was asked cannot be read: where, and why; on one line, whatever it quotes."""

    def __init__(self, why: str) -> None:
        super().__init__("".join(c if c.isprintable() else repr(c)[1:-1] for c in why))


@dataclass(frozen=True)
class Request:
    """One household in one month, and the law it is asked of."""

    law: Law
    month: str
    household: Mapping[str, Any]


def read_request(text: str, places_dir: Path | None = None) -> Request:
    """What a file asks.

    Raises:
        RequestRefused: it is not of this form, or names a place or a fact that is not known.
    """
    fields = _fields("the file", read_json(text), {"place", "month", "household"}, set())
    place, month = _text("place", fields["place"]), _text("month", fields["month"])
    try:
        month_index(month)
    except ValueError as why:
        raise RequestRefused(f"month: {why}") from None
    law = _law(place, places_dir)
    return Request(law, month, read_household(fields["household"], law))


def _law(place: str, places_dir: Path | None) -> Law:
    known = Path(places_dir or Path(__file__).parent.parent / "places")
    if not place.replace("-", "").isalnum() or not (known / place / "place.yaml").is_file():
        places = sorted(path.parent.name for path in known.glob("*/place.yaml"))
        raise RequestRefused(f"place: there is no {place}; there are {', '.join(places)}")
    try:
        return load(place, places_dir)
    except PackFault as why:
        raise RequestRefused(f"the law of {place} cannot be read: {why}") from None


def read_json(text: str) -> object:
    """What a text says in JSON, read strictly.

    Raises:
        RequestRefused: it is no JSON, says something twice, or what JSON has no number for.
    """

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) != len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise RequestRefused(f"{twice} stands twice in one object")
        return found

    def refuse(word: str) -> object:
        raise RequestRefused(f"{word} is no number of JSON")

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=refuse)
    except RecursionError:
        raise RequestRefused("it is nested too deeply") from None
    except ValueError as why:
        if isinstance(why, RequestRefused):
            raise
        raise RequestRefused(f"not JSON: {why}") from None


def read_household(
    said: object, law: Law, required: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The words of one household.

    Raises:
        RequestRefused: something in it cannot be read, or what is required is not there.
    """
    fields = _fields("household", said, {"facts", "members", *required}, _ABOUT)
    if not isinstance(fields["members"], list):
        raise RequestRefused("household.members: a list is wanted here")
    members = [_member(at, each, law) for at, each in enumerate(fields["members"])]
    ids = [each["person_id"] for each in members]
    for person_id in ids:
        if ids.count(person_id) > 1:
            raise RequestRefused(f"household.members: {person_id} stands there twice")
    texts = {
        name: _text(f"household.{name}", fields[name])
        for name in _ABOUT & fields.keys()
        if fields[name] is not None
    }
    return {
        "household_id": HOUSEHOLD,
        **texts,
        "facts": _facts("household.facts", fields["facts"], HOUSEHOLD, law),
        "members": members,
    }


def _member(at: int, said: object, law: Law) -> dict[str, Any]:
    where = f"household.members[{at}]"
    fields = _fields(where, said, {"facts"}, {"person_id", "since", "until"})
    found: dict[str, Any] = {"person_id": _text(where, fields.get("person_id", f"person-{at + 1}"))}
    for name in ("since", "until"):
        if fields.get(name) is not None:
            found[name] = _text(f"{where}.{name}", fields[name])
            try:
                month_index(found[name])
            except ValueError as why:
                raise RequestRefused(f"{where}.{name}: {why}") from None
    return {**found, "facts": _facts(f"{where}.facts", fields["facts"], PERSON, law)}


def _facts(where: str, said: object, entity: str, law: Law) -> dict[str, object]:
    if not isinstance(said, dict):
        raise RequestRefused(f"{where}: an object is wanted here")
    known = {name: fact for name, fact in law.facts.items() if fact.entity == entity}
    found = {}
    for name, word in said.items():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"; is {near[0]} meant?" if near else ""
            raise RequestRefused(f"{where}: no fact of a {entity} is called {name}{hint}")
        found[name] = _word(f"{where}.{name}", known[name], word)
    return found


def _word(where: str, fact: Fact, said: object) -> object:
    """A word as determinations have it: a whole number, not-applicable, or nothing."""
    if said is None or (type(said) is int and not fact.codes) or said == NOT_APPLICABLE_WORD:
        return said
    if fact.codes:
        by_name = {code.name: value for value, code in fact.codes.items()}
        if isinstance(said, bool) and fact.unit == "flag":
            return int(said)
        if isinstance(said, str) and said in by_name:
            return by_name[said]
        if type(said) is int and said in fact.codes:
            return said
        raise RequestRefused(f"{where}: {said!r} is not one of {', '.join(by_name)}")
    if fact.unit == "date" and isinstance(said, str):
        parts = said.split("-")
        if [len(part) for part in parts] == [4, 2, 2] and "".join(parts).isdecimal():
            return int("".join(parts))
        raise RequestRefused(f"{where}: a date is written YYYY-MM-DD, not {said!r}")
    raise RequestRefused(f"{where}: a whole number of {fact.unit} is wanted here, not {said!r}")


def _fields(where: str, said: object, required: Set[str], optional: Set[str]) -> dict[str, object]:
    if not isinstance(said, dict):
        raise RequestRefused(f"{where}: an object is wanted here")
    for name in sorted(required - said.keys()):
        raise RequestRefused(f"{where}: {name} is missing")
    for name in sorted(said.keys() - required - optional):
        raise RequestRefused(f"{where}: {name} is not known here")
    return said


def _text(where: str, said: object) -> str:
    if not isinstance(said, str) or not said or not said.isprintable():
        raise RequestRefused(f"{where}: a text is wanted here, not {said!r}")
    return said
