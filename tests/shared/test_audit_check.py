"""An exported audit log is checked with nothing but the file; whatever was done to it shows."""

import ast
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared import audit_check
from shared.audit_check import GENESIS, Broken, check, line_of, row_hash

ROWS = 5


def an_export() -> list[str]:
    """A log of five rows, as its owner exports it."""
    lines, previous = [], GENESIS
    for number in range(1, ROWS + 1):
        row: dict[str, Any] = {
            "number": number,
            "county": "511425",
            "recorded_at": datetime(2026, 9, 25, tzinfo=UTC) + timedelta(seconds=number),
            "actor": "staff:wang-fang",
            "act": "case-accept",
            "subject": f"case-{number}",
            "details": {"from": "submitted", "to": "surveying", "version": number},
        }
        this = row_hash(previous, row)
        lines.append(line_of({**row, "previous_hash": previous, "hash": this}))
        previous = this
    return lines


OTHER: dict[str, Any] = {
    "number": 9,
    "county": "511423",
    "recorded_at": "2026-09-25T00:00:09.000000+00:00",
    "actor": "staff:he-jun",
    "act": "case-confirm",
    "subject": "another",
    "details": {},
    "previous_hash": "ab" * 32,
    "hash": "cd" * 32,
}


@pytest.mark.parametrize("place", range(ROWS))
@pytest.mark.parametrize("field", sorted(OTHER))
def test_a_change_of_any_field_of_any_row_shows(field: str, place: int) -> None:
    lines = an_export()
    row = json.loads(lines[place])
    lines[place] = json.dumps({**row, field: OTHER[field]})
    with pytest.raises(Broken, match=rf"(row|line) {place + 1}\b"):
        check(lines)


@pytest.mark.parametrize("field", ["actor", "to"])
def test_a_word_that_stands_twice_shows(field: str) -> None:
    lines = an_export()
    lines[2] = lines[2].replace(f'"{field}":', f'"{field}":"staff:other","{field}":', 1)
    with pytest.raises(Broken, match="line 3"):
        check(lines)


@pytest.mark.parametrize(
    ("done", "seen"),
    [
        (lambda lines: lines[1:], "row 2 stands where row 1 belongs"),
        (lambda lines: [*lines[:2], *lines[3:]], "row 4 stands where row 3 belongs"),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], "row 3 stands where row 2"),
        (lambda lines: [lines[0], lines[0], *lines[1:]], "row 1 stands where row 2 belongs"),
        (lambda lines: [*lines[:2], "{}", *lines[2:]], "line 3: this is no row"),
        (lambda lines: [*lines, "not json"], "line 6: this is no row"),
    ],
)
def test_rows_taken_out_moved_or_put_in_show(
    done: Callable[[list[str]], list[str]], seen: str
) -> None:
    with pytest.raises(Broken, match=seen):
        check(done(an_export()))


def test_a_row_that_was_written_anew_with_its_hash_breaks_the_next() -> None:
    lines = an_export()
    row = json.loads(lines[1])
    words = {name: row[name] for name in audit_check.WORDS} | {
        "subject": "another",
        "recorded_at": datetime.fromisoformat(row["recorded_at"]),
    }
    before = bytes.fromhex(row["previous_hash"])
    lines[1] = line_of({**words, "previous_hash": before, "hash": row_hash(before, words)})
    with pytest.raises(Broken, match="row 3: the hash before it is not that of row 2"):
        check(lines)


def test_rows_cut_off_at_the_end_show_by_what_was_noted_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines, export = an_export(), tmp_path / "log.jsonl"
    whole = check(lines)
    for kept, asked, status in (
        (lines, ["--rows", "5", "--head", whole.head.hex()], 0),
        (lines[:-1], [], 0),
        (lines, ["--rows", "3", "--head", check(lines[:3]).head.hex()], 0),
        (lines, ["--head", check(lines[:3]).head.hex()], 0),
        (lines, ["--rows", "3", "--head", whole.head.hex()], 1),
        (lines[:-1], ["--rows", "5"], 1),
        (lines[:-1], ["--head", whole.head.hex()], 1),
        ([], ["--rows", "5"], 1),
    ):
        export.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
        assert audit_check.main([str(export), *asked]) == status
        said = capsys.readouterr()
        assert ("the chain holds" in said.out) == (status == 0), said
        assert ("nothing shows whether its end is there" in said.out) == (not asked), said
    assert audit_check.main([str(tmp_path / "nowhere")]) == 1


def test_the_checker_is_one_file_that_needs_nothing_but_python() -> None:
    tree = ast.parse(Path(audit_check.__file__).read_text(encoding="utf-8"))
    named = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert named <= sys.stdlib_module_names
