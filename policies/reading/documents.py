"""A file of a pack, read strictly: every entry knows its line, and nothing is guessed.

The first fault stops the reading. Who wants to know them all reads within `gathering()`: then a
fault stops only what was read `apart`.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from policies.reading.words import Words

_INTEGER = re.compile(r"-?[0-9]{1,30}")
_BRACKETS_MAX = 20_000
# The same reader written in C, where PyYAML was built with it: ten times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NAME = re.compile(r"[a-z][\w-]+")


class PackFault(ValueError):
    """A pack that must not be used: which file, which line, and why.

    `over` is the name it stumbles over, when it is one that should have been declared elsewhere.
    """

    def __init__(self, path: Path, line: int, why: str, over: str | None = None) -> None:
        super().__init__(f"{path}:{line}: {why}")
        self.path, self.line, self.why, self.over = path, line, why, over


@dataclass
class Gathered:
    """The faults met on the way, and the names that could not be read because of them."""

    lost: set[str] = field(default_factory=set)
    faults: list[PackFault] = field(default_factory=list)

    def add(self, fault: PackFault, lost: Iterable[str | Path]) -> None:
        """Note a fault, unless it only follows from another; of a file every word is lost."""
        if fault.over not in self.lost:
            self.faults.append(fault)
        for each in lost:
            if isinstance(each, str):
                self.lost.add(each)
            elif each.is_file():
                self.lost.update(_NAME.findall(each.read_text(encoding="utf-8", errors="replace")))


_GATHERED: Final[ContextVar[Gathered | None]] = ContextVar("gathered", default=None)


@contextmanager
def gathering(lost: Iterable[str] = ()) -> Iterator[Gathered]:
    """Read on after a fault; what was read may not be used to pay, for it is not whole."""
    gathered = Gathered(set(lost))
    token = _GATHERED.set(gathered)
    try:
        yield gathered
    finally:
        _GATHERED.reset(token)


@contextmanager
def apart(*lost: str | Path) -> Iterator[None]:
    """Read something that others can do without while faults are gathered.

    `lost` are the names, or the file of names, that nobody knows if it cannot be read.
    """
    try:
        yield
    except PackFault as fault:
        gathered = _GATHERED.get()
        if gathered is None:
            raise
        gathered.add(fault, lost)


@dataclass(frozen=True)
class Entry:
    """One entry of a YAML file, with the place it stands at."""

    path: Path
    node: yaml.Node

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    def fault(self, why: str, over: str | None = None) -> PackFault:
        return PackFault(self.path, self.line, why, over)

    @property
    def is_text(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode)

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    def text(self) -> str:
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value.strip():
            raise self.fault("a text is wanted here")
        return " ".join(self.node.value.split())

    def is_null(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode) and self.node.tag.endswith(":null")

    def integer(self) -> int:
        text = self.text()
        if not _INTEGER.fullmatch(text):
            raise self.fault(f"a whole number is wanted here, not {text!r}")
        return int(text)

    def yes(self) -> bool:
        """The word yes, or no."""
        if self.text() not in {"yes", "no"}:
            raise self.fault(f"yes or no is wanted here, not {self.text()}")
        return self.text() == "yes"

    def items(self) -> Iterator["Entry"]:
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.fault("a list is wanted here")
        return (Entry(self.path, child) for child in self.node.value)

    def mapping(self) -> dict[str, "Entry"]:
        """The entries by key; a key twice is refused, where YAML would keep the last."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.fault("named entries are wanted here")
        found: dict[str, Entry] = {}
        for key, value in self.node.value:
            name = Entry(self.path, key).text()
            with apart():
                if name in found:
                    raise Entry(self.path, key).fault(f"{name} stands here twice")
                found[name] = Entry(self.path, value)
        return found

    def fields(self, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, "Entry"]:
        """The entries by key, when exactly the keys that are known stand here."""
        found = self.mapping()
        wanted = set(required)
        for name in sorted(wanted - found.keys()):
            raise self.fault(f"{name} is missing")
        for name in sorted(found.keys() - wanted - set(optional)):
            with apart():
                raise found[name].fault(f"{name} is not known here")
        return found

    def words(self) -> Words:
        """A text in both languages: {zh: …, en: …}."""
        both = self.fields(["zh", "en"])
        return Words(zh=both["zh"].text(), en=both["en"].text())

    def month(self) -> int:
        try:
            return month_index(self.text())
        except ValueError as why:
            raise self.fault(str(why)) from None


def read(path: Path) -> Entry:
    """The whole file as one entry; a missing or unreadable file is a fault of line 1."""
    try:
        text = path.read_text(encoding="utf-8")
        # The reader in C goes down with the process when brackets nest without end.
        if text.count("[") + text.count("{") > _BRACKETS_MAX:
            raise PackFault(path, 1, f"more than {_BRACKETS_MAX} brackets stand in one file")
        node = yaml.compose(text, Loader=_LOADER)
    except OSError:
        raise PackFault(path, 1, "the file is missing") from None
    except yaml.MarkedYAMLError as why:
        line = why.problem_mark.line + 1 if why.problem_mark else 1
        raise PackFault(path, line, f"not YAML: {why.problem}") from None
    except (UnicodeDecodeError, yaml.YAMLError) as why:
        raise PackFault(path, 1, f"no text to be read: {why}") from None
    if node is None:
        raise PackFault(path, 1, "the file is empty")
    return Entry(path, node)


@lru_cache(maxsize=1024)
def month_index(month: str) -> int:
    """The months since year 0 of a month written YYYY-MM."""
    if not re.fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])", month):
        raise ValueError(f"a month is written YYYY-MM, not {month!r}")
    return int(month[:4]) * 12 + int(month[5:]) - 1


def month_text(index: int) -> str:
    """The month of an index, written YYYY-MM."""
    return f"{index // 12:04d}-{index % 12 + 1:02d}"
