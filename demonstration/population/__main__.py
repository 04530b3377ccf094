"""Writes a roster: python -m demonstration.population --people N --seed S --out roster.xlsx"""

import argparse
import sys
from pathlib import Path

from demonstration.population import determinations, workbook
from demonstration.population.canaries import Canaries
from demonstration.population.roster import FIRST_MONTH, Population
from demonstration.population.shares import villages
from shared.months import Month


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m demonstration.population", description=__doc__)
    parser.add_argument("--people", type=int, required=True, help="residents in the first month")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same people")
    parser.add_argument(
        "--out", type=Path, required=True,
        help="roster.xlsx, roster.csv, or people.jsonl (the same people for a what-if)",
    )  # fmt: skip
    parser.add_argument(
        "--month", type=Month.parse, default=FIRST_MONTH, help="whose roster; 2026-10 is the first"
    )
    parser.add_argument("--county", default="511425")
    parser.add_argument(
        "--encoding", choices=["utf-8", "utf-8-sig", "gb18030"], default="utf-8-sig", help="of CSV"
    )
    parser.add_argument("--canaries", type=Path, help="write 50 ID, card and phone numbers here")
    chosen = parser.parse_args()
    if chosen.people < 1:
        parser.error("--people: at least one")
    if chosen.month < FIRST_MONTH:
        parser.error(f"--month: {FIRST_MONTH} is the first")
    population = Population(chosen.people, chosen.seed, chosen.county, chosen.month)
    canaries = Canaries(chosen.seed)
    households = canaries.watch(population.households())
    if chosen.out.suffix == ".csv":
        workbook.write_csv(chosen.out, households, chosen.encoding)
    elif chosen.out.suffix == ".xlsx":
        if chosen.people > workbook.ROWS_MAX:
            parser.error("--out: a sheet has 1,048,576 rows; name a .csv file")
        workbook.write(chosen.out, households, villages(chosen.county))
    elif chosen.out.suffix == ".jsonl":
        determinations.write(chosen.out, households)
    else:
        parser.error("--out: a file ending in .xlsx, .csv or .jsonl")
    if chosen.canaries:
        canaries.write(chosen.canaries)
    sys.stdout.write(f"{chosen.out}\n")


if __name__ == "__main__":
    main()
