"""What a pack declares and nothing reads, and what it says twice."""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from policies.colleague.findings import Finding
from policies.reading import grammar
from policies.reading.documents import Entry, read
from policies.reading.packs import SUM, Pack, Rule

_KEY = re.compile(r"[a-z0-9][\w-]+")
_ASKED_BY_THE_ENGINE = frozenset({"registration"})
"""A place's budget items are told apart by it."""


def unused(packs: Mapping[str, Pack], besides: Collection[str] = ()) -> Iterator[Finding]:
    """Facts, numbers, quantities and parameters that nothing reads.

    `besides` are names that files speak of which could not be read.
    """
    rules = [rule for pack in packs.values() for rule in pack.rules]
    read_by_rules = {name.removeprefix(SUM) for rule in rules for name in rule.parameters}
    payees = {pack.programme.payee_by for pack in packs.values() if pack.programme}
    known = read_by_rules.union(payees, _ASKED_BY_THE_ENGINE, besides)
    for pack in packs.values():
        for fact in pack.facts.values():
            if fact.name not in known:
                why = f"no rule reads the fact {fact.name}"
                yield Finding(fact.path, fact.line, "unused", why)
        for name, number in pack.numbers.items():
            if name not in known:
                declared = number.declaration
                why = f"no rule reads the number {name}"
                yield Finding(declared.path, declared.line, "unused", why)
    for rule in rules:
        if rule.name not in known and not _is_asked(rule):
            yield Finding(rule.path, rule.line, "unused", f"nothing reads {rule.name}")
        for name in sorted(set(rule.parameters) - _names_in(rule)):
            why = f"{rule.name} asks for {name} and does not read it"
            yield Finding(rule.path, rule.line, "unused", why)


def said_twice(packs: Mapping[str, Pack]) -> Iterator[Finding]:
    """Sentences that two rules share: a clerk who reads one out means the other as well."""
    taken: dict[str, str] = {}
    for rule in (rule for pack in packs.values() for rule in pack.rules):
        for said in (rule.sentence.zh, rule.sentence.en):
            other = taken.setdefault(said, rule.tree.name)
            if other != rule.tree.name:
                where = _words_of(rule) if said == rule.sentence.zh else (rule.path, rule.line)
                why = f"{rule.tree.name} says the same as {other}: {said}"
                yield Finding(*where, "twice", why)


def unnamed_sources(folder: Path, places: Iterable[Path]) -> Iterator[Finding]:
    """Keys of sources that no rule, number, bound or row names."""
    places = list(places)
    homes = [*folder.glob("*/*.yaml"), *folder.glob("*/rules.py")]
    named = words_of([*homes, folder / "rows.yaml", *_files(places)])
    yield from _unnamed(folder / "sources.yaml", named)
    for place in places:
        own = place / "sources.yaml"
        if own.is_file():
            yield from _unnamed(own, words_of(_files([place])))


def words_of(paths: Iterable[Path]) -> set[str]:
    """Every word of some files: among them all names they could speak of."""
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file())
    return {word for text in texts for word in _KEY.findall(text)}


def _words_of(rule: Rule) -> tuple[Path, int]:
    """Where the Chinese sentence of a rule stands."""
    path = rule.path.parent / "words.yaml"
    return path, read(path).mapping()["rules"].mapping()[rule.tree.name].line


def _is_asked(rule: Rule) -> bool:
    return rule.pays or rule.explains or rule.threshold is not None or bool(rule.to or rule.paid_by)


def _names_in(rule: Rule) -> set[str]:
    nodes = (node for statement in grammar.body(rule.tree) for node in ast.walk(statement))
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def _files(places: Iterable[Path]) -> list[Path]:
    return [
        path for place in places for path in place.glob("*.yaml") if path.name != "sources.yaml"
    ]


def _unnamed(path: Path, named: Collection[str]) -> Iterator[Finding]:
    entries: Mapping[str, Entry] = read(path).mapping()
    for key, entry in entries.items():
        if key not in named:
            yield Finding(path, entry.line, "unused", f"nothing names the source {key}")
