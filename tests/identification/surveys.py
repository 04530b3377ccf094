"""A roster looked at without a database: what the survey finds in a file."""

import io
from datetime import date
from pathlib import Path
from typing import Any, Final

from services.identification.places import Place
from services.identification.roster.opening import open_roster
from services.identification.roster.staging import Stager
from services.identification.roster.survey import Survey, Surveyor
from shared.secrets import KeyRing, make_keys

TODAY: Final = date(2026, 9, 25)
_PLACES: Final = Path(__file__).resolve().parents[2] / "demonstration" / "places"


def place() -> Place:
    """The demonstration county."""
    return Place.read("511425", _PLACES / "511425.yaml", _PLACES / "511425-banks.yaml")


def survey(folder: Path, content: bytes, rows_max: int = 1_000_000) -> Survey:
    """Look at a file as the import would."""
    make_keys(folder / "keys", "identification")
    keys = KeyRing.open(folder / "keys")
    surveyor = Surveyor(place(), TODAY, keys.index_key_of("person.id_number"), rows_max)
    with Stager(folder / "staged", keys, "staged|test", 5_000) as stager:
        return surveyor.go(open_roster(io.BytesIO(content)), stager)


def named(found: Survey) -> list[tuple[int, str, str]]:
    """Row, column and code of every fault."""
    return [(fault.row, fault.column, fault.code) for fault in found.faults]


def codes(found: Survey) -> set[Any]:
    """The codes of all faults."""
    return {fault.code for fault in found.faults}
