"""`python -m policies check`: reads packs and places as a careful colleague would.

Everything that is wrong is told in one go, each with file and line. A pack that is wrong here and
there is still read where it is right, but never used.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from policies.colleague import gaps, proofs, strays, uncased
from policies.colleague.findings import Finding
from policies.engine.cases import Case, read_cases
from policies.engine.kernel import Kernel
from policies.engine.law import Law
from policies.engine.standings import unconfirmed
from policies.reading.documents import PackFault, apart, gathering, month_index
from policies.reading.loading import PACKS, PLACES, at_place, load
from policies.reading.packs import Pack, Source, read_packs, read_sources

NATION: Final = "nation"
"""The place of no county, on whose numbers the packs' own cases stand."""


@dataclass
class Reading:
    """What could be read of packs and places, by folder, and what could not."""

    folder: Path
    packs: Mapping[str, Pack] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    laws: dict[Path, Law] = field(default_factory=dict)
    cases: dict[Path, list[Case]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    faults: list[PackFault] = field(default_factory=list)

    def is_whole(self, folder: Path) -> bool:
        """Whether nothing of a folder was refused."""
        return not any(folder in fault.path.parents for fault in self.faults)

    def spoken_of(self) -> set[str]:
        """Names that files speak of which could not be read to their end."""
        paths = {fault.path for fault in self.faults}
        return strays.words_of(paths | {path.parent / "rules.py" for path in paths})


def check(folder: Path = PACKS, places: Sequence[Path] | None = None) -> list[Finding]:
    """Every finding in the order of files and lines; of places, of those chosen or of all."""
    known = sorted({path.parent for path in folder.glob("places/*/*.yaml")})
    chosen = known if places is None else list(places)
    reading = _read(folder, sorted({*known, *chosen}))
    found = {Finding.of(fault) for fault in reading.faults}
    for ask in (_incomplete, _unused, _unproved, _uncased, _gaps, _other_than_written):
        found.update(_asked(ask, reading))
    others = set(known) - set(chosen)
    return sorted(each for each in found if others.isdisjoint(each.path.parents))


def unpayable(law: Law, month: str | None) -> list[Finding]:
    """The amounts by which the families of a place would pay, though nobody confirmed them."""
    run = [name for names in law.families.values() for name in names]
    found = unconfirmed(law, run, month)
    return sorted(
        Finding(each.dated.path, each.dated.line, "standing", str(each)) for each in found
    )


def _read(folder: Path, places: Sequence[Path]) -> Reading:
    """Packs, places and cases, each as far as it can be read."""
    reading = Reading(folder)
    with gathering() as gathered:
        reading.sources = read_sources(folder / "sources.yaml")
        reading.packs = read_packs(folder, reading.sources)
        for since in _begun(reading.packs):
            Kernel(reading.packs, since)
    reading.lost, reading.faults = gathered.lost, gathered.faults
    for place in places:
        with gathering(reading.lost) as gathered, apart():
            law = at_place(folder, reading.packs, reading.sources, place)
            reading.laws[place] = law
            reading.cases[place] = list(read_cases(place / "cases", law))
            if place == folder / "places" / NATION:
                for pack in reading.packs.values():
                    reading.cases[pack.path] = list(read_cases(pack.path / "cases", law))
        reading.faults += gathered.faults
    return reading


def _begun(packs: Mapping[str, Pack]) -> list[int]:
    """The months in which the rules change their shape, from the first on."""
    return sorted({rule.since for pack in packs.values() for rule in pack.rules} | {0})


def _asked(ask: Callable[[Reading], Iterator[Finding]], reading: Reading) -> list[Finding]:
    """What one of the colleague's questions finds; what cannot be read was told already."""
    found: list[Finding] = []
    with gathering(reading.lost), apart():
        found += ask(reading)
    return found


def _incomplete(reading: Reading) -> Iterator[Finding]:
    """Folders in which something is missing."""
    for path in sorted({path.parent for path in reading.folder.glob("*/*.yaml")}):
        for name in ("rules.py", "README.md"):
            if not (path / name).is_file():
                yield Finding(path / name, 1, "missing", "a pack has this file")
        if not any((path / "cases").glob("*.yaml")):
            yield Finding(path / "cases", 1, "missing", "a pack has worked cases")


def _unused(reading: Reading) -> Iterator[Finding]:
    # What a pack that gives nothing itself is asked for by its cases, it is there to be asked for.
    asked = {
        expected.name
        for name, pack in reading.packs.items()
        if pack.programme is None
        for case in reading.cases.get(reading.folder / name, ())
        for expected in case.expects
    }
    yield from strays.unused(reading.packs, reading.spoken_of() | asked)
    yield from strays.said_twice(reading.packs)
    yield from strays.unnamed_sources(reading.folder, list(reading.laws))


def _unproved(reading: Reading) -> Iterator[Finding]:
    for since in _begun(reading.packs):
        kernel = Kernel(reading.packs, since)
        readable = {
            name
            for name in kernel.rules
            if all(kernel.is_known(part) for part in kernel.closure(name))
            and reading.lost.isdisjoint(kernel.closure(name))
        }
        yield from proofs.doubts(kernel, readable)


def _uncased(reading: Reading) -> Iterator[Finding]:
    whole = {
        each: cases for each, cases in reading.cases.items() if reading.is_whole(each / "cases")
    }
    for law in reading.laws.values():
        yield from uncased.beginnings(law.packs, whole)
    cases = [case for each in reading.cases.values() for case in each]
    spoken_of = reading.spoken_of()
    yield from uncased.refusals(reading.packs, cases, spoken_of)
    yield from uncased.gifts(reading.packs, cases, spoken_of)


def _other_than_written(reading: Reading) -> Iterator[Finding]:
    """Cases that come out otherwise; asked of a law only when all of it can be read."""
    if reading.faults:
        return
    nation = reading.laws[reading.folder / "places" / NATION]
    for home, cases in reading.cases.items():
        names: set[str] = set()
        for case in cases:
            if case.name in names:
                yield Finding(case.path, case.line, "twice", f"another case is called {case.name}")
            names.add(case.name)
            for why in case.differences(reading.laws.get(home, nation)):
                says = why.removeprefix(f"{case.path}:{case.line}: ")
                yield Finding(case.path, case.line, "case", f"{case.name}: {says}")


def _gaps(reading: Reading) -> Iterator[Finding]:
    for place, law in reading.laws.items():
        if reading.is_whole(place):
            yield from gaps.gaps(law)
            yield from gaps.unvalued(law, place)


def main(arguments: Sequence[str]) -> int:
    """The command line: 0 when nothing is found, 1 when something is, 2 for unknown words."""
    parser = argparse.ArgumentParser(prog="python -m policies check", description=__doc__)
    parser.add_argument("--place", nargs="+", metavar="CODE", help="only these places")
    parser.add_argument(
        "--places-dir", type=Path, metavar="DIR", help="where places lie, if not here"
    )
    parser.add_argument("--pay", metavar="PLACE", help="refuse what PLACE may not pay by")
    parser.add_argument("--month", metavar="YYYY-MM", help="with --pay: only as of this month")
    parser.add_argument("--json", action="store_true", help="for machines")
    chosen = parser.parse_args(arguments)
    if chosen.month is not None and (problem := _unreadable(chosen.month)):
        parser.error(problem)
    if chosen.month is not None and chosen.pay is None:
        parser.error("--month says of which month --pay asks")
    try:
        if chosen.pay:
            found = unpayable(load(chosen.pay, chosen.places_dir), chosen.month)
        else:
            found = check(places=_places(chosen.place, chosen.places_dir))
    except PackFault as fault:
        found = [Finding.of(fault)]
    sys.stdout.write(_document(found) if chosen.json else _page(found))
    return 1 if found else 0


def _unreadable(month: str) -> str | None:
    try:
        month_index(month)
    except ValueError as why:
        return str(why)
    return None


def _places(codes: Sequence[str] | None, folder: Path | None) -> list[Path] | None:
    """The folders of the places asked for; all of a folder if none is named."""
    if codes is not None:
        return [(folder or PLACES) / code for code in codes]
    return None if folder is None else sorted({path.parent for path in folder.glob("*/*.yaml")})


def _page(found: Sequence[Finding]) -> str:
    lines = [f"{_near(each.path)}:{each.line}: {each.why}" for each in found]
    files = len({each.path for each in found})
    lines.append(f"{len(found)} findings in {files} files" if found else "nothing to mend")
    return "".join(f"{line}\n" for line in lines)


def _document(found: Sequence[Finding]) -> str:
    findings = [
        {"file": str(_near(each.path)), "line": each.line, "kind": each.kind, "says": each.why}
        for each in found
    ]
    return json.dumps({"findings": findings}, ensure_ascii=False, indent=2) + "\n"


def _near(path: Path) -> Path:
    """A path as one would write it from here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
