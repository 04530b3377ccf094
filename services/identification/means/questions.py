"""The questions about means: each a fact of the law, in an order and in words of a plain kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import policies
from policies.reading.facts import (
    HOUSEHOLD,
    NOT_APPLICABLE_WORD,
    PERSON,
    Fact,
    State,
    declare_facts,
)
from services.identification.grammar.acts import Words, only
from services.identification.grammar.wrong import Wrong
from shared.tables import TableUnreadable, read_table

TABLE: Final = Path(__file__).with_name("questions.yaml")
PACKS: Final = Path(policies.__file__).parent

Facts = Mapping[str, int | str]
"""Facts by their names, as a determination says them: a number, or that it does not apply."""
_NOTHING: Final[Facts] = MappingProxyType({})


@dataclass(frozen=True)
class Question:
    """One fact, the words it is asked in, the number of the place it is reckoned by; and of how
    something is known, which facts it counts, or leaves out where there is none."""

    fact: Fact
    words: Words
    norm: str | None
    reckons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """Questions that are asked together, of the household or of each member."""

    name: str
    of: str
    words: Words
    questions: tuple[Question, ...]
    only: str | None


@lru_cache
def steps(table: Path = TABLE) -> tuple[Step, ...]:
    """Every step in its order.

    Raises:
        TableUnreadable: a fact is none of the law's, is of somebody else, is asked twice, or one
            of the packs that are named is asked nowhere.
    """
    said = read_table(table)
    only(table, "the table", said, {"packs", "said_elsewhere", "steps", "missing"})
    facts: dict[str, Fact] = {}
    for pack in said["packs"]:
        facts |= declare_facts(PACKS / pack / "facts.yaml")
    for name in said["said_elsewhere"]:
        del facts[name]
    found = tuple(_step(table, name, each, facts) for name, each in said["steps"].items())
    if facts:
        raise TableUnreadable(f"{table}: nobody is asked for {', '.join(facts)}")
    return found


@lru_cache
def missing(table: Path = TABLE) -> Mapping[str, Words]:
    """Why a sum is not known, in words with a blank for what it is about."""
    said = read_table(table)["missing"]
    return {name: Words(each["zh"], each["en"]) for name, each in said.items()}


@lru_cache
def facts_of(entity: str) -> Mapping[str, Fact]:
    """The facts that are asked of a household, or of a person."""
    asked = (each for step in steps() if step.of == entity for each in step.questions)
    return {each.fact.name: each.fact for each in asked}


def read(entity: str, said: Mapping[str, Any]) -> dict[str, int | str]:
    """Facts as they are said, when each is one of the law's and in its range.

    Raises:
        ValueError: naming the fact; never what stood in it.
    """
    known = facts_of(entity)
    for name, word in said.items():
        if name not in known:
            raise ValueError(f"{name} is nothing that is asked of a {entity}")
        if known[name].read(word)[1] is not State.KNOWN:
            raise ValueError(f"{name} is not one of {_range(known[name])}")
    return dict(said)


def insist_counted(entity: str, said: Mapping[str, Any], before: Facts = _NOTHING) -> None:
    """Nothing is said that would be left out, because how it is known says that there is none; by
    what is said with it, else by what was said `before`.

    Raises:
        Wrong: naming both; never what stood there.
    """
    whole, known = {**before, **said}, facts_of(entity)
    asked = (each for step in steps() if step.of == entity for each in step.questions)
    for basis in asked:
        if whole.get(basis.fact.name) != basis.fact.ordinary:
            continue
        for name in basis.reckons:
            if said.get(name) not in {None, 0, NOT_APPLICABLE_WORD}:
                raise _left_out(known[name], basis.fact)


def _left_out(said: Fact, basis: Fact) -> Wrong:
    none = basis.codes[basis.ordinary].words
    return Wrong(
        f"“{said.label.en}” is said, and “{basis.label.en}” is “{none.en}”",
        f"“{said.label.zh}”填了数，“{basis.label.zh}”却选了“{none.zh}”",
    )


def _range(fact: Fact) -> str:
    also = ", or not-applicable" if fact.may_not_apply else ""
    return f"{fact.lowest} to {fact.highest}{also}"


def _step(table: Path, name: str, said: Mapping[str, Any], facts: dict[str, Fact]) -> Step:
    """A step; the facts it asks for are taken from those that are left."""
    only(table, name, said, {"of", "only", "zh", "en", "asks"})
    if said["of"] not in {HOUSEHOLD, PERSON}:
        raise TableUnreadable(f"{table}: {name} is asked of a {said['of']}, which is nobody")
    asked = []
    for each, words in said["asks"].items():
        only(table, each, words, {"zh", "en", "norm", "reckons"})
        fact = facts.pop(each, None)
        if fact is None or fact.entity != said["of"]:
            raise TableUnreadable(f"{table}: {name} asks for {each}, which is no such fact of it")
        plain = Words(words.get("zh", fact.label.zh), words.get("en", fact.label.en))
        asked.append(Question(fact, plain, words.get("norm"), tuple(words.get("reckons", ()))))
    for one in asked:
        if set(one.reckons) - {each.fact.name for each in asked}:
            raise TableUnreadable(f"{table}: {one.fact.name} reckons what {name} does not ask")
        if one.reckons and one.fact.ordinary not in one.fact.codes:
            raise TableUnreadable(f"{table}: {one.fact.name} is no choice of how it is known")
    return Step(name, said["of"], Words(said["zh"], said["en"]), tuple(asked), said.get("only"))


def known(entity: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the facts that are asked of a household or a person, and that somebody said."""
    return {
        name: facts[name]
        for name, fact in facts_of(entity).items()
        if name in facts and fact.read(facts[name])[1] is State.KNOWN
    }
