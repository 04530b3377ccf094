"""The stories as they are written down: one table, refused where a word of it is unknown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from demonstration.population.numbers import check_digit, region
from demonstration.staff import ACCOUNTS

TABLE: Final = Path(__file__).with_name("stories.yaml")
VERBS: Final = ("opens", "takes", "act", "post", "get", "paper", "file", "brings")
_WORDS: Final = {"by", "says", "as", "of", "params", *VERBS}
# The roster counts up from one within a birthday: whoever is of a story is nobody of the roster.
_ORDER: Final = 981


class ScriptUnreadable(Exception):
    """A story cannot be played as it is written."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing somebody does: a verb of the table, to what, with which words."""

    by: str
    verb: str
    what: str
    says: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    kept_as: str = ""
    of: str = "case"


@dataclass(frozen=True, slots=True)
class Story:
    """What becomes of one household or matter; its steps by the day they are done on."""

    name: str
    who: tuple[Mapping[str, Any], ...]
    application: Mapping[str, Any]
    home: int | None
    days: Mapping[int, tuple[Step, ...]]


@dataclass(frozen=True, slots=True)
class Script:
    """Everybody who comes on, and every story."""

    people: Mapping[str, Mapping[str, str]]
    stories: tuple[Story, ...]

    @property
    def days(self) -> list[int]:
        """The days on which something is done, counted from the first."""
        return sorted({day for story in self.stories for day in story.days})


@lru_cache
def read(path: Path = TABLE) -> Script:
    """The whole table.

    Raises:
        ScriptUnreadable: a step has no verb or two, or names an account or stretch nobody knows.
    """
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    people = {
        key: {"name": said["name"], "id_number": _number(said, place)}
        for place, (key, said) in enumerate(table["people"].items())
    }
    return Script(
        people, tuple(_story(name, said, table) for name, said in table["stories"].items())
    )


def _story(name: str, said: Mapping[str, Any], table: Mapping[str, Any]) -> Story:
    days: dict[int, list[Step]] = {}
    day = 0
    for each in _spread(name, said["steps"], table["stretches"]):
        if isinstance(each, int):
            day = each
        else:
            days.setdefault(day, []).append(each)
    application = {key: word for key, word in said.items() if key in ("address", "reason", "phone")}
    return Story(
        name=name,
        who=tuple(said.get("who", ())),
        application=application,
        home=said.get("home"),
        days={on: tuple(steps) for on, steps in days.items()},
    )


def _spread(name: str, steps: Any, stretches: Mapping[str, Any]) -> Iterator[Step | int]:
    """The steps of a story with each named stretch in its place; a number is a day."""
    for each in steps:
        if isinstance(each, str):
            if each not in stretches:
                raise ScriptUnreadable(f"{name}: there is no stretch {each}")
            yield from _spread(name, stretches[each], stretches)
        elif each.keys() == {"day"}:
            yield int(each["day"])
        else:
            yield _step(name, each)


def _step(name: str, said: Mapping[str, Any]) -> Step:
    verbs = [verb for verb in VERBS if verb in said]
    if len(verbs) != 1 or said.keys() - _WORDS or said.get("by") not in ACCOUNTS:
        raise ScriptUnreadable(f"{name}: {dict(said)}")
    return Step(
        by=said["by"],
        verb=verbs[0],
        what=str(said[verbs[0]]),
        says=said.get("says", {}),
        params=said.get("params", {}),
        kept_as=said.get("as", ""),
        of=said.get("of", "case"),
    )


def _number(said: Mapping[str, Any], place: int) -> str:
    """An ID number that checks, of nobody in the roster: the orders there stay far below."""
    born: date = said["born"]
    order = _ORDER + 2 * (place % 9) - (1 if said["sex"] == "female" else 0)
    payload = f"{region(born)}{born:%Y%m%d}{order:03d}"
    return payload + check_digit(payload)
