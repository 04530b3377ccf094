"""Small rules of names and numbers, and files that are only ever sealed on disk."""

import io
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

import policies
from policies.reading.facts import State
from services.identification import determinations, id_numbers, names
from services.identification.roster.entries import Entry, HouseholdEntry
from services.identification.sealed_files import PIECE_BYTES, SealedReader, SealedWriter
from shared.secrets import KeyRing, Tampered, make_keys

TODAY = date(2026, 9, 25)
LAW = policies.load("511425")


@given(st.text("0123456789", min_size=17, max_size=17))
def test_check_digits_are_those_of_the_standard(payload: str) -> None:
    assert id_numbers.check_digit(payload) == ric.calc_check_digit(f"{payload}0")


def test_an_abolished_region_is_still_valid() -> None:
    payload = "51263019500101001"  # Qingshen's prefix until 1985.
    assert id_numbers.flaw(payload + id_numbers.check_digit(payload), TODAY) is None


@pytest.mark.parametrize(
    ("name", "key", "called"),
    [
        ("张明", "zhang ming", "张*"),
        ("单立文", "shan li wen", "单*文"),
        ("阿约·拉铁", "a yue · la tie", "阿**铁"),
        ("欧阳修", "ou yang xiu", "欧*修"),
        ("䶮", names.sort_key("䶮"), "*"),
    ],
)
def test_names_sort_by_their_sound_and_are_called_with_stars(
    name: str, key: str, called: str
) -> None:
    assert names.sort_key(name) == key
    assert names.called(name) == called


@given(
    flags=st.tuples(*[st.booleans()] * 4),
    grade=st.none() | st.integers(1, 4),
    kind=st.none() | st.integers(1, 7),
    died=st.none() | st.dates(date(2000, 1, 1), TODAY),
    income=st.none() | st.integers(0, 1_000_000_000),
)
def test_every_fact_is_one_the_law_can_read(
    flags: tuple[bool, ...],
    grade: int | None,
    kind: int | None,
    died: date | None,
    income: int | None,
) -> None:
    entry = Entry(2, "户主", "李伟", "512630195001010015", "2010-01")
    entry.tekun, entry.disability_living, entry.disability_nursing, entry.old_age = flags
    entry.disability_grade, entry.disability_kind, entry.died_on = grade, kind, died
    household = HouseholdEntry("h", "511425001200", 2, [entry], True, income)
    facts = determinations.household_facts(household) | determinations.person_facts(entry)
    assert set(facts) <= set(LAW.facts)
    for name, value in facts.items():
        assert LAW.facts[name].read(value)[1] in (State.KNOWN, State.UNKNOWN), name


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    make_keys(tmp_path / "keys", "identification")
    return KeyRing.open(tmp_path / "keys")


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_a_sealed_file_reads_back_at_any_place(tmp_path: Path, keys: KeyRing, size: int) -> None:
    rng = Random(size)  # noqa: S311 # Any bytes will do.
    content = rng.randbytes(size)
    with SealedWriter(tmp_path / "file", keys, "test|1") as file:
        for start in range(0, size, 70_001):
            file.write(content[start : start + 70_001])
    assert len(content) < 16 or content[:64] not in (tmp_path / "file").read_bytes()
    with SealedReader(tmp_path / "file", keys, "test|1") as opened:
        assert opened.read() == content
        for _ in range(20):
            place = rng.randrange(size + 1)
            opened.seek(place)
            assert opened.read(300_000) == content[place : place + 300_000]
        assert opened.seek(-1, io.SEEK_END) == max(size - 1, 0)


def test_a_sealed_file_that_was_touched_cut_or_swapped_does_not_open(
    tmp_path: Path, keys: KeyRing
) -> None:
    with SealedWriter(tmp_path / "file", keys, "test|1") as file:
        file.write(bytes(2 * PIECE_BYTES + 9))
    sealed = (tmp_path / "file").read_bytes()
    with pytest.raises(Tampered):
        SealedReader(tmp_path / "file", keys, "test|2")
    (tmp_path / "file").write_bytes(sealed[: -(9 + 16)])
    with pytest.raises(Tampered):
        SealedReader(tmp_path / "file", keys, "test|1")
    (tmp_path / "file").write_bytes(sealed[:400] + bytes([sealed[400] ^ 1]) + sealed[401:])
    with SealedReader(tmp_path / "file", keys, "test|1") as opened, pytest.raises(Tampered):
        opened.read()
