"""Writes COVERAGE.md: what every row of the texts says, and what became of it."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from policies.reading.packs import Source, read_sources
from policies.reading.rows import (
    FAMILIES,
    Row,
    Rows,
    Showing,
    declared_numbers,
    read_rows,
    showings,
)

HERE: Final = Path(__file__).parent.parent
PAGE: Final = "COVERAGE.md"
_HEAD: Final = """# What became of every rule of the texts

Written by `make coverage` from [`rows.yaml`](rows.yaml) and the worked cases. A row is a **rule**,
shown by cases that name it; a **setting**, a number without an amount until a place gives one,
because the text is garbled or silent; or set **aside**, because nobody is owed anything by it.
"""


def text(folder: Path = HERE) -> str:
    """The whole page, from the rows and cases of a folder of packs."""
    sources = read_sources(folder / "sources.yaml")
    rows = read_rows(folder / "rows.yaml", sources)
    shown: dict[str, list[Showing]] = {name: [] for name in rows.rows}
    for showing in showings(folder):
        shown.setdefault(showing.row, []).append(showing)
    numbers = declared_numbers(folder)
    hows = {name: _how(row, shown[name], numbers, folder) for name, row in rows.rows.items()}
    parts = [_HEAD, _totals(rows, shown, numbers), *_families(rows, hows), _places(rows, sources)]
    return "\n".join(parts)


def main(arguments: Sequence[str], folder: Path = HERE) -> int:
    """The command line: writes the page, or refuses when it is not what rows and cases say."""
    parser = argparse.ArgumentParser(prog="policies coverage", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if out of date")
    checks = parser.parse_args(arguments).check
    page, wanted = folder / PAGE, text(folder)
    if not checks:
        page.write_text(wanted, encoding="utf-8")
    elif not page.is_file() or page.read_text(encoding="utf-8") != wanted:
        sys.stderr.write(f"{page} is out of date: make coverage writes it\n")
        return 1
    return 0


def _how(row: Row, shown: Sequence[Showing], numbers: set[str], folder: Path) -> str:
    cases = _cases(shown, folder)
    if row.aside is not None:
        return f"aside: {row.aside}"
    if row.setting is not None:
        there = "" if row.setting in numbers else ", **declared nowhere yet**"
        return f"setting `{row.setting}`{there}: {row.why}" + (f" {cases}" if cases else "")
    return cases or "**no case yet**"


def _cases(shown: Sequence[Showing], folder: Path) -> str:
    """How many cases, and the files they stand in."""
    if not shown:
        return ""
    files = Counter(showing.entry.path.relative_to(folder).as_posix() for showing in shown)
    count = len(shown)
    links = ", ".join(f"[{_short(file)}]({file})" for file in sorted(files))
    return f"{count} case{'s' if count > 1 else ''}: {links}"


def _short(file: str) -> str:
    return file.removeprefix("places/").removesuffix(".yaml").replace("/cases/", "/")


def _totals(rows: Rows, shown: Mapping[str, Sequence[Showing]], numbers: set[str]) -> str:
    kinds: dict[str, Counter[str]] = {}
    for row in rows.rows.values():
        group = {"F": "shapes", "C": "contradictions"}.get(row.family, "rows")
        kinds.setdefault(group, Counter())[_kind(row, shown, numbers)] += 1
    columns = ["rule with a case", "rule without", "setting", "setting undeclared", "aside"]
    table = [
        [group, *(str(count[each]) for each in columns), str(count.total())]
        for group, count in [*kinds.items(), ("all", sum(kinds.values(), Counter()))]
    ]
    return _table(["", *columns, "together"], table)


def _kind(row: Row, shown: Mapping[str, Sequence[Showing]], numbers: set[str]) -> str:
    if row.aside is not None:
        return "aside"
    if row.setting is not None:
        return "setting" if row.setting in numbers else "setting undeclared"
    return "rule with a case" if shown[row.name] else "rule without"


def _families(rows: Rows, hows: Mapping[str, str]) -> Iterator[str]:
    for family, title in FAMILIES.items():
        own = [row for row in rows.rows.values() if row.family == family]
        if own:
            lines = [[row.name, row.says, ", ".join(row.places), hows[row.name]] for row in own]
            yield f"## {title}\n\n{_table(['Row', 'What it says', 'Place', 'How'], lines)}"


def _places(rows: Rows, sources: Mapping[str, Source]) -> str:
    lines = [
        [place, f"`{key}`", sources[key].title.en]
        for place, keys in rows.places.items()
        for key in keys
    ]
    return f"## Places\n\n{_table(['Place', 'Source', 'Read from'], lines)}"


def _table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    written = [head, ["---"] * len(head), *lines]
    cells = ([cell.replace("|", "\\|") for cell in line] for line in written)
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
