"""The packs: folders of prose, rules, words and numbers, read and checked as a whole."""

import ast
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from traceback import extract_tb
from typing import Any, Final

from policies.marks import MARK, Mark
from policies.reading import grammar
from policies.reading.documents import Entry, PackFault, apart, month_index, read
from policies.reading.facts import Fact, declare_facts, read_codes
from policies.reading.numbers import Number, declare
from policies.reading.programmes import PAYEES, Declared, read_programme
from policies.reading.words import Code, Words

SUM: Final = "sum_of_"
MONTH: Final = "month_index"
_UNITS_BY_ENDING: Final = {
    "_months": "months",
    "_years": "years",
    "_days": "days",
    "_basis_points": "basis_points",
    "_hundredths": "hundredths",
    "month_index": "month",
}


@dataclass(frozen=True)
class Rule:
    """One quantity: how it is reckoned, in whose name, and what a clerk says of it."""

    name: str
    pack: str
    entity: str
    parameters: tuple[str, ...]
    function: Callable[..., int]
    tree: ast.FunctionDef
    unit: str
    source: str
    label: Words
    sentence: Words
    otherwise: Words | None
    codes: Mapping[int, Code]
    since: int
    threshold: int | None
    strict: bool
    pays: bool
    explains: bool
    to: str | None
    paid_by: str | None
    path: Path
    line: int

    @property
    def passes_from(self) -> int | None:
        """The least value that passes, of a test."""
        return None if self.threshold is None else self.threshold + self.strict

    def fault(self, why: str, over: str | None = None) -> PackFault:
        return PackFault(self.path, self.line, why, over)


@dataclass(frozen=True)
class Pack:
    """One folder: its rules in the order of the file, facts and numbers, and what it gives."""

    name: str
    path: Path
    programme: Declared | None
    rules: tuple[Rule, ...]
    facts: Mapping[str, Fact] = field(default_factory=dict)
    numbers: Mapping[str, Number] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """Where something is written, under the short key that rules and numbers name."""

    key: str
    title: Words
    note: str


def read_sources(path: Path) -> dict[str, Source]:
    """The sources by key."""
    found = {}
    with apart(path):
        for key, entry in read(path).mapping().items():
            with apart(key):
                fields = entry.fields(["title"], ["note"])
                note = fields["note"].text() if "note" in fields else ""
                found[key] = Source(key, fields["title"].words(), note)
    return found


def read_packs(folder: Path, sources: Iterable[str]) -> dict[str, Pack]:
    """Every pack of the folder by name; a name may stand for one quantity only."""
    known = frozenset(sources)
    packs: dict[str, Pack] = {}
    paths = sorted(path.parent for path in folder.glob("*/rules.py"))
    for path in paths:
        packs[path.name] = Pack(
            name=path.name,
            path=path,
            programme=_programme(path),
            rules=_rules(path, known),
            facts=declare_facts(path / "facts.yaml"),
        )
    codes = {rule.name: rule.codes for pack in packs.values() for rule in pack.rules}
    codes |= {fact.name: fact.codes for pack in packs.values() for fact in pack.facts.values()}
    numbered = {
        name: replace(pack, numbers=declare(pack.path / "numbers.yaml", codes.get, known))
        for name, pack in packs.items()
    }
    _refuse_doubles(numbered.values())
    _refuse_unpaid(numbered)
    return numbered


def facts_of(packs: Iterable[Pack]) -> dict[str, Fact]:
    """Every fact the packs declare, in the order of packs and files."""
    return {name: fact for pack in packs for name, fact in pack.facts.items()}


def numbers_of(packs: Iterable[Pack]) -> dict[str, Number]:
    """Every number the packs declare, in the order of packs and files."""
    return {name: number for pack in packs for name, number in pack.numbers.items()}


def _programme(folder: Path) -> Declared | None:
    with apart(folder.name):
        return read_programme(folder / "programme.yaml")
    return None


def _rules(folder: Path, sources: frozenset[str]) -> tuple[Rule, ...]:
    path = folder / "rules.py"
    found: list[Rule] = []
    with apart(path, folder.name):
        written = grammar.read_rules(path)
        entries = read(folder / "words.yaml").fields(["rules"])["rules"].mapping()
        for name, entry in entries.items():
            with apart():
                if name not in written.functions:
                    raise entry.fault(f"there is no rule {name} in rules.py", over=name)
        space: dict[str, Any] = {"__name__": f"policies.{folder.name}.rules"}
        _run(path, written.imports, space)
        for name, tree in written.functions.items():
            with apart(name, folder.name):
                _run(path, [tree], space)
                found.append(_rule(path, tree, space[name], entries.get(name), sources))
        pays = any(rule.pays for rule in found)
        if pays != (folder / "programme.yaml").is_file():
            why = "a pack with an @award, and only it, has a programme.yaml"
            raise PackFault(path, 1, why, over=folder.name)
    return tuple(found)


def _run(path: Path, statements: Sequence[ast.stmt], space: dict[str, Any]) -> None:
    """Let statements of a rules file take effect; the grammar has refused all others."""
    try:
        exec(compile(ast.Module([*statements], []), str(path), "exec"), space)  # noqa: S102  # Only imports of our words, and rules.
    except (ImportError, NameError, TypeError) as why:
        lines = [f.lineno or 1 for f in extract_tb(why.__traceback__) if f.filename == str(path)]
        raise PackFault(path, lines[0] if lines else 1, str(why)) from None


def _rule(
    path: Path,
    tree: ast.FunctionDef,
    function: Callable[..., int],
    entry: Entry | None,
    sources: frozenset[str],
) -> Rule:
    def fault(why: str) -> PackFault:
        return PackFault(path, tree.lineno, why)

    mark = getattr(function, MARK, None)
    if not isinstance(mark, Mark):
        raise fault(f"{tree.name} is neither @household nor @person")
    key = mark.source.split()[0]
    if key not in sources:
        raise PackFault(path, tree.lineno, f"{key} is not a key of sources.yaml", over=key)
    if (mark.since is None) != (mark.replaces is None):
        raise fault("a rule that replaces another says since when, and which")
    if mark.to is not None and mark.to not in PAYEES:
        raise fault(f"{mark.to} is not one of {', '.join(PAYEES)}")
    english = ast.get_docstring(tree)
    if not english:
        raise fault(f"{tree.name} has no English sentence")
    if entry is None:
        why = f"{tree.name} has no Chinese sentence in words.yaml"
        raise PackFault(path, tree.lineno, why, over=tree.name)
    fields = entry.fields(["label", "zh"], ["otherwise", "codes", "unit"])
    is_test = mark.threshold is not None
    if is_test != ("otherwise" in fields):
        raise entry.fault("a test, and only a test, says what is said otherwise")
    name = mark.replaces or tree.name
    codes = read_codes(fields["codes"]) if "codes" in fields else {}
    unit = fields["unit"].text() if "unit" in fields else _unit(name, codes)
    return Rule(
        name=name,
        pack=path.parent.name,
        entity=mark.entity,
        parameters=tuple(argument.arg for argument in tree.args.args),
        function=function,
        tree=tree,
        unit=unit,
        source=mark.source,
        label=fields["label"].words(),
        sentence=Words(zh=fields["zh"].text(), en=" ".join(english.split())),
        otherwise=fields["otherwise"].words() if is_test else None,
        codes=codes,
        since=month_index(mark.since) if mark.since else 0,
        threshold=mark.threshold,
        strict=mark.strict,
        pays=mark.pays,
        explains=mark.explains,
        to=mark.to,
        paid_by=mark.paid_by,
        path=path,
        line=tree.lineno,
    )


def _unit(name: str, codes: Mapping[int, Code]) -> str:
    if codes:
        return "code"
    if "_fen" in name:
        return "fen"
    return next((unit for end, unit in _UNITS_BY_ENDING.items() if name.endswith(end)), "count")


def _refuse_doubles(packs: Collection[Pack]) -> None:
    """A name stands for one thing only, whichever pack it stands in."""
    taken = {MONTH: "the calendar"}
    for pack in packs:
        for fact in pack.facts.values():
            with apart():
                _take(taken, fact.name, f"the facts of {pack.name}", fact.path, fact.line)
    dated: set[tuple[str, int]] = set()
    for pack in packs:
        for rule in pack.rules:
            with apart():
                if rule.name.startswith(SUM):
                    raise rule.fault(f"{SUM}… is the engine's own")
                if (rule.name, rule.since) in dated or taken.get(rule.name, pack.name) != pack.name:
                    raise rule.fault(f"{rule.name} stands in {taken[rule.name]} already")
                dated.add((rule.name, rule.since))
                taken[rule.name] = pack.name
        with apart():
            if sum(rule.pays for rule in pack.rules if rule.since == 0) > 1:
                raise PackFault(pack.path / "rules.py", 1, "a programme has one @award")
    for pack in packs:
        for name, number in pack.numbers.items():
            with apart():
                _take(taken, name, pack.name, number.declaration.path, number.declaration.line)


def _refuse_unpaid(packs: Mapping[str, Pack]) -> None:
    """A fact of what was granted names money of its own beneficiaries, and a day of theirs."""
    facts = facts_of(packs.values())
    for pack in packs.values():
        for fact in pack.facts.values():
            if (granted := fact.granted) is None:
                continue
            with apart():
                of = packs.get(granted.programme)
                entities = {rule.entity for rule in of.rules if rule.pays} if of else set()
                day = facts.get(granted.in_month_of)
                if pack.programme is None or fact.unit != "fen":
                    why = f"{fact.name} is fen, of a pack that pays by it"
                elif entities != {fact.entity}:
                    why = f"{granted.programme} grants a {fact.entity} nothing"
                elif day is None or (day.entity, day.unit) != (fact.entity, "date"):
                    why = f"{granted.in_month_of} is no day of a {fact.entity}"
                else:
                    continue
                raise PackFault(fact.path, fact.line, why, over=granted.programme)


def _take(taken: dict[str, str], name: str, where: str, path: Path, line: int) -> None:
    if name in taken:
        raise PackFault(path, line, f"{name} stands in {taken[name]} already")
    taken[name] = where
