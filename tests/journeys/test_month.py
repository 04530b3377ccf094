"""A county's month from roster to proof, through the gateway, with independent banks."""

import csv
import re
from collections import Counter
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook

from tests.journeys.counties import PEOPLE, Played, processes_in, summary_in

STATES = ("settled", "returned", "refused", "unconfirmed", "waiting")
CREDIT = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}CdtTrfTxInf"


def test_every_fen_granted_is_accounted_for(unhurt: Played) -> None:
    summary = unhurt.summary
    assert summary["granted"]["count"] > 0
    there = [summary[state] for state in STATES] + [summary["held_lines"]]
    for unit in ("count", "total_fen"):
        assert sum(one[unit] for one in there) == summary["granted"][unit]
        assert (
            sum(one[unit] for one in summary["by_programme"].values()) == (summary["granted"][unit])
        )
    assert summary["checker"] == {"ok": True, "findings": []}
    assert summary["waiting"]["count"] == summary["unconfirmed"]["count"] == 0


def test_the_banks_own_books_hold_what_we_say_is_settled(unhurt: Played) -> None:
    kept = sum(credit.net_fen for credit in unhurt.credits)
    assert kept == unhurt.summary["settled"]["total_fen"]
    credited = Counter(credit.end_to_end_id for credit in unhurt.credits)
    assert set(credited.values()) == {1}


def test_the_files_named_lie_beside_the_summary_and_add_up(unhurt: Played) -> None:
    out = unhurt.folder / "out"
    summary = summary_in(unhurt.folder)
    formats = {envelope["format"] for envelope in summary["envelopes"]}
    assert formats == {"pain.001.001.09", "delimited"}
    for envelope in summary["envelopes"]:
        content = (out / envelope["file"]).read_bytes()
        assert sha256(content).hexdigest() == envelope["sha256"]
        count, total_fen = _counted(content, envelope["layout"])
        assert (count, total_fen) == (envelope["count"], envelope["total_fen"])


def test_people_were_told_and_no_more_were_told_than_paid(unhurt: Played) -> None:
    messages = unhurt.summary["messages"]
    assert messages["delivered"] > 0
    assert messages["sent"] <= unhurt.summary["granted"]["count"] * 2


def test_nothing_is_left_running(unhurt: Played) -> None:
    assert processes_in(unhurt.folder) == []


def test_no_number_of_a_person_stands_where_it_must_not(unhurt: Played) -> None:
    numbers = _numbers_of_people(next(unhurt.folder.glob("roster-*.xlsx")))
    assert len(numbers) > PEOPLE
    allowed = ("outside/", "out/", "roster-", "keys/")
    looked_at = 0
    for path in sorted(unhurt.folder.rglob("*")):
        place = path.relative_to(unhurt.folder).as_posix()
        if not path.is_file() or place.startswith(allowed):
            continue
        looked_at += 1
        found = _found(path.read_bytes(), numbers)
        if place.startswith("files/payments/"):
            continue  # Payout files may hold them.
        assert not found, place
    assert looked_at > 500


def _counted(content: bytes, layout: dict[str, object] | None) -> tuple[int, int]:
    """Lines and fen in a payout file, read as a stranger would by what the summary says of it."""
    if layout is None:
        credits = list(ElementTree.fromstring(content).iter(CREDIT))  # noqa: S314 # Our own file.
        amounts = [one.findtext(".//{*}InstdAmt") or "" for one in credits]
        return len(credits), sum(round(float(amount) * 100) for amount in amounts)
    lines = content.decode(str(layout["encoding"])).splitlines()
    head, tail = layout["head_lines"], layout["tail_lines"]
    assert isinstance(head, int)
    assert isinstance(tail, int)
    rows = list(csv.reader(lines[head : len(lines) - tail], delimiter=str(layout["separator"])))
    column = layout["amount_column"]
    assert isinstance(column, int)
    factor = 100 if layout["amount_unit"] == "yuan" else 1
    return len(rows), sum(round(float(row[column]) * factor) for row in rows)


def _found(content: bytes, numbers: set[bytes]) -> set[bytes]:
    """Which of the numbers stand in it, also inside a longer one: 86 before a phone number."""
    lengths = {len(number) for number in numbers}
    return {
        run[start : start + length]
        for run in re.findall(rb"\d{11,}[Xx]?", content)
        for length in lengths
        for start in range(len(run) - length + 1)
    } & numbers


def _numbers_of_people(roster: Path) -> set[bytes]:
    """ID, card and phone numbers of everybody in a roster."""
    rows = CalamineWorkbook.from_path(str(roster)).get_sheet_by_name("花名册").to_python()
    cells = {str(cell).strip() for row in rows for cell in row}
    return {
        cell.encode() for cell in cells if re.fullmatch(r"\d{17}[\dXx]|\d{16,19}|1[3-9]\d{9}", cell)
    }
