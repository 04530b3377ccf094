"""Reads the packs and a place into one law, whole or not at all."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from policies.engine.law import Law
from policies.reading.documents import apart, read
from policies.reading.numbers import override
from policies.reading.packs import Pack, Source, read_packs, read_sources
from policies.reading.places import read_place
from policies.reading.words import Words

PACKS: Final = Path(__file__).parent.parent
PLACES: Final = PACKS / "places"
_ROOT_FILES: Final = ("reasons.yaml", "sources.yaml")
_PACK_FILES: Final = ("rules.py", "words.yaml", "facts.yaml", "numbers.yaml", "programme.yaml")
_PLACE_FILES: Final = ("place.yaml", "sources.yaml")


def load(
    place: str,
    places_dir: Path | None = None,
    packs_dir: Path | None = None,
    code_dir: Path | None = None,
) -> Law:
    """The law of a place, checked as a whole; a faulty pack is refused with file and line.

    What is compiled for a county is kept in `code_dir`, if one is given, for the next process.
    """
    folder, at = packs_dir or PACKS, (places_dir or PLACES) / place
    sources = read_sources(folder / "sources.yaml")
    return at_place(folder, read_packs(folder, sources), sources, at, code_dir)


def at_place(
    folder: Path,
    packs: Mapping[str, Pack],
    sources: Mapping[str, Source],
    place: Path,
    code_dir: Path | None = None,
) -> Law:
    """The law of the packs of a folder with what a place says of its own."""
    own = sorted(place.glob("*.yaml"))
    sources = {**sources, **_own_sources(place / "sources.yaml")}
    here = dict(packs)
    for path in own:
        with apart():
            if path.stem in here:
                numbers = override(here[path.stem].numbers, path, sources)
                here[path.stem] = replace(here[path.stem], numbers=numbers)
            elif path.name not in _PLACE_FILES:
                raise read(path).fault(f"there is no pack {path.stem}", over=path.stem)
    payable = {name: pack.programme for name, pack in here.items() if pack.programme}
    settings = read_place(place / "place.yaml", place.name, payable)
    reasons = _reasons(folder / "reasons.yaml")
    contents = {f"packs/{name}": path.read_bytes() for name, path in _files(folder, here).items()}
    contents |= {f"places/{place.name}/{path.name}": path.read_bytes() for path in own}
    return Law(settings, here, sources, reasons, contents, code_dir)


def _own_sources(path: Path) -> dict[str, Source]:
    return read_sources(path) if path.is_file() else {}


def _reasons(path: Path) -> dict[str, Words]:
    found: dict[str, Words] = {}
    with apart():
        for key, entry in read(path).mapping().items():
            with apart():
                found[key] = entry.words()
    return found


def _files(folder: Path, packs: Mapping[str, Pack]) -> dict[str, Path]:
    """Every file the packs are read from, by the name it has in the archive."""
    files = {name: folder / name for name in _ROOT_FILES}
    for name in packs:
        paths = {f"{name}/{each}": folder / name / each for each in _PACK_FILES}
        files |= {each: path for each, path in paths.items() if path.is_file()}
    return files
