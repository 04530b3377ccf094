"""The packs: folders of prose, rules, words and numbers, read and checked as a whole."""

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from traceback import extract_tb
from typing import Any, Final

from policies import grammar
from policies.documents import Entry, PackFault, month_index, read
from policies.facts import FACTS, Code, Words
from policies.marks import MARK, Mark
from policies.numbers import Number, declare

SUM: Final = "sum_of_"
MONTH: Final = "month_index"
_UNITS_BY_ENDING: Final = {"_months": "months", "_years": "years", "month_index": "month"}


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
    path: Path
    line: int

    @property
    def passes_from(self) -> int | None:
        """The least value that passes, of a test."""
        return None if self.threshold is None else self.threshold + self.strict

    def fault(self, why: str) -> PackFault:
        return PackFault(self.path, self.line, why)


@dataclass(frozen=True)
class Pack:
    """One folder: its rules in the order of the file, its numbers, and its name if it pays."""

    name: str
    path: Path
    title: Words | None
    rules: tuple[Rule, ...]
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
    for key, entry in read(path).mapping().items():
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
        title, rules = _rules(path, known)
        packs[path.name] = Pack(path.name, path, title, rules)
    codes = {rule.name: rule.codes for pack in packs.values() for rule in pack.rules}
    codes.update({fact.name: fact.codes for fact in FACTS.values()})
    numbered = {
        name: Pack(
            pack.name,
            pack.path,
            pack.title,
            pack.rules,
            declare(pack.path / "numbers.yaml", codes.get, known),
        )
        for name, pack in packs.items()
    }
    _refuse_doubles(numbered.values())
    return numbered


def _rules(folder: Path, sources: frozenset[str]) -> tuple[Words | None, tuple[Rule, ...]]:
    path = folder / "rules.py"
    text = path.read_text(encoding="utf-8")
    trees = grammar.functions(path, text)
    words = read(folder / "words.yaml").fields(["rules"], ["programme"])
    entries = words["rules"].mapping()
    for name, entry in entries.items():
        if name not in trees:
            raise entry.fault(f"there is no rule {name} in rules.py")
    namespace: dict[str, Any] = {"__name__": f"policies.{folder.name}.rules"}
    try:
        exec(compile(text, str(path), "exec"), namespace)  # noqa: S102  # Only rules stand in it: the grammar has just refused everything else.
    except (ImportError, NameError, TypeError) as why:
        lines = [f.lineno or 1 for f in extract_tb(why.__traceback__) if f.filename == str(path)]
        raise PackFault(path, lines[0] if lines else 1, str(why)) from None
    rules = tuple(
        _rule(path, tree, namespace[name], entries.get(name), sources)
        for name, tree in trees.items()
    )
    title = words["programme"].words() if "programme" in words else None
    if (title is not None) != any(rule.pays for rule in rules):
        raise PackFault(path, 1, "a pack with an @award has a programme name in words.yaml")
    return title, rules


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
    if mark.source.split()[0] not in sources:
        raise fault(f"{mark.source.split()[0]} is not a key of sources.yaml")
    if (mark.since is None) != (mark.replaces is None):
        raise fault("a rule that replaces another says since when, and which")
    english = ast.get_docstring(tree)
    if not english:
        raise fault(f"{tree.name} has no English sentence")
    if entry is None:
        raise fault(f"{tree.name} has no Chinese sentence in words.yaml")
    fields = entry.fields(["label", "zh"], ["otherwise", "codes", "unit"])
    is_test = mark.threshold is not None
    if is_test != ("otherwise" in fields):
        raise entry.fault("a test, and only a test, says what is said otherwise")
    name = mark.replaces or tree.name
    codes = _codes(fields["codes"]) if "codes" in fields else {}
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
        path=path,
        line=tree.lineno,
    )


def _codes(entry: Entry) -> dict[int, Code]:
    found = {}
    for value, code in entry.mapping().items():
        fields = code.fields(["name", "zh", "en"])
        words = Words(zh=fields["zh"].text(), en=fields["en"].text())
        found[int(value)] = Code(fields["name"].text(), words)
    return found


def _unit(name: str, codes: Mapping[int, Code]) -> str:
    if codes:
        return "code"
    if "_fen" in name:
        return "fen"
    return next((unit for end, unit in _UNITS_BY_ENDING.items() if name.endswith(end)), "count")


def _refuse_doubles(packs: Iterable[Pack]) -> None:
    taken: dict[str, str] = dict.fromkeys(FACTS, "facts.py") | {MONTH: "the calendar"}
    dated: set[tuple[str, int]] = set()
    for pack in packs:
        for rule in pack.rules:
            if rule.name.startswith(SUM):
                raise rule.fault(f"{SUM}… is the engine's own")
            if (rule.name, rule.since) in dated or taken.get(rule.name, pack.name) != pack.name:
                raise rule.fault(f"{rule.name} stands in {taken[rule.name]} already")
            dated.add((rule.name, rule.since))
            taken[rule.name] = pack.name
        if sum(rule.pays for rule in pack.rules if rule.since == 0) > 1:
            raise PackFault(pack.path / "rules.py", 1, "a programme has one @award")
    for pack in packs:
        for name, number in pack.numbers.items():
            if name in taken:
                where = number.declaration
                raise PackFault(where.path, where.line, f"{name} stands in {taken[name]} already")
            taken[name] = pack.name
