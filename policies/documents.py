"""A file of a pack, read strictly: every entry knows its line, and nothing is guessed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from policies.words import Words

_INTEGER = re.compile(r"-?\d+")


class PackFault(ValueError):
    """A pack that must not be used: which file, which line, and why."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        super().__init__(f"{path}:{line}: {why}")
        self.path, self.line, self.why = path, line, why


@dataclass(frozen=True)
class Entry:
    """One entry of a YAML file, with the place it stands at."""

    path: Path
    node: yaml.Node

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    def fault(self, why: str) -> PackFault:
        return PackFault(self.path, self.line, why)

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
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError:
        raise PackFault(path, 1, "the file is missing") from None
    except yaml.MarkedYAMLError as why:
        line = why.problem_mark.line + 1 if why.problem_mark else 1
        raise PackFault(path, line, f"not YAML: {why.problem}") from None
    if node is None:
        raise PackFault(path, 1, "the file is empty")
    return Entry(path, node)


def month_index(month: str) -> int:
    """The months since year 0 of a month written YYYY-MM."""
    if not re.fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])", month):
        raise ValueError(f"a month is written YYYY-MM, not {month!r}")
    return int(month[:4]) * 12 + int(month[5:]) - 1


def month_text(index: int) -> str:
    """The month of an index, written YYYY-MM."""
    return f"{index // 12:04d}-{index % 12 + 1:02d}"
