"""Fen, months, clocks, knobs, seals and logs: the small promises everything is measured in."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic_settings import SettingsConfigDict

from shared import crash_points, secrets, telemetry
from shared.clock import Clock, ClockUnreadable
from shared.money import NotAnAmount, capital_numerals, parse_yuan, yuan_text
from shared.months import Month, civil_date, months_between
from shared.settings import ProcessSettings, SettingsRefused, load


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_an_amount_written_in_yuan_reads_back_to_the_fen(fen: int) -> None:
    assert parse_yuan(yuan_text(fen)) == fen


@pytest.mark.parametrize("text", ["1.234", "", "1e3", "１２", "--1", "1,000", "NaN", "1."])
def test_what_is_not_an_amount_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        parse_yuan(text)


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (101, "壹元零壹分"),
        (110, "壹元壹角整"),
        (10_010_000, "壹拾万零壹佰元整"),
        (100_500_000, "壹佰万零伍仟元整"),
        (12_345_678_900, "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元整"),
        (10_000_000_100_00, "壹佰亿零壹佰元整"),
    ],
)
def test_a_total_is_written_in_capital_numerals(fen: int, words: str) -> None:
    assert capital_numerals(fen) in {words, words.replace("万零伍仟", "万伍仟")}


def test_months_are_ordered_and_cross_the_year() -> None:
    assert Month.parse("2026-12").next() == Month(2027, 1)
    assert Month.parse("2026-01").previous() == Month(2025, 12)
    assert Month(2028, 2).last_day() == date(2028, 2, 29)
    assert [str(month) for month in months_between(Month(2026, 11), Month(2027, 1))] == [
        "2026-11", "2026-12", "2027-01",
    ]  # fmt: skip
    assert months_between(Month(2026, 2), Month(2026, 1)) == []


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "26-01", "2026-00", "2026-01-01", ""])
def test_a_month_is_written_one_way(text: str) -> None:
    with pytest.raises(ValueError, match="a month is written"):
        Month.parse(text)


def test_a_month_travels_as_text() -> None:
    class Words(BaseModel):
        month: Month

    words = Words.model_validate_json('{"month": "2026-10"}')
    assert words.month == Month(2026, 10)
    assert words.model_dump(mode="json") == {"month": "2026-10"}


def test_the_countys_day_begins_eight_hours_before_greenwich() -> None:
    assert civil_date(datetime(2026, 9, 30, 16, 0, tzinfo=UTC)) == date(2026, 10, 1)
    assert civil_date(datetime(2026, 9, 30, 15, 59, tzinfo=UTC)) == date(2026, 9, 30)


def test_a_stated_clock_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock = Clock.open(f"file:{file}")
    with pytest.raises(ClockUnreadable):
        clock.now()
    file.write_text("2026-10-01T00:30:00+08:00\n", encoding="utf-8")
    assert clock.month() == Month(2026, 10)
    file.write_text("2026-10-01T00:30:00", encoding="utf-8")
    with pytest.raises(ClockUnreadable, match="no offset"):
        clock.now()


def test_a_process_names_every_wrong_knob_and_does_not_start() -> None:
    with pytest.raises(SettingsRefused) as refused:
        load(_Knobs, {"TRIAL_PORT": "x", "TRIAL_COUNTY": "1"})
    for knob in ("TRIAL_PORT", "TRIAL_COUNTY", "TRIAL_DATABASE_URL", "TRIAL_KEYS_DIR"):
        assert knob in str(refused.value)


def test_a_knob_that_nobody_knows_is_refused() -> None:
    with pytest.raises(SettingsRefused, match="TRIAL_PROT: no such knob"):
        load(_Knobs, {"TRIAL_PROT": "8000"})


def test_a_secret_knob_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql://somewhere\n", encoding="utf-8")
    knobs = load(_Knobs, {**_RIGHT, "TRIAL_DATABASE_URL_FILE": str(file)})
    assert knobs.database_url.get_secret_value() == "postgresql://somewhere"
    assert "somewhere" not in repr(knobs)


def test_a_sealed_field_opens_only_in_its_place(tmp_path: Path) -> None:
    secrets.make_keys(tmp_path / "keys", "trial")
    keys = secrets.KeyRing.open(tmp_path / "keys")
    sealed = keys.encrypt("110101199003074514", table="person", column="id_number", row=1)
    assert "110101" not in sealed
    assert keys.decrypt(sealed, table="person", column="id_number", row=1) == "110101199003074514"
    for place in (("person", "id_number", 2), ("person", "phone", 1), ("account", "id_number", 1)):
        with pytest.raises(secrets.Tampered):
            keys.decrypt(sealed, table=place[0], column=place[1], row=place[2])


def test_every_flipped_bit_of_a_sealed_file_is_found(tmp_path: Path) -> None:
    secrets.make_keys(tmp_path / "keys", "trial")
    keys = secrets.KeyRing.open(tmp_path / "keys")
    sealed = keys.encrypt_bytes(b"serial|name|amount", purpose="snapshot")
    assert keys.decrypt_bytes(sealed, purpose="snapshot") == b"serial|name|amount"
    for place in range(len(sealed)):
        flipped = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(secrets.Tampered):
            keys.decrypt_bytes(flipped, purpose="snapshot")
    with pytest.raises(secrets.Tampered):
        keys.decrypt_bytes(sealed, purpose="upload")


def test_keys_that_others_can_read_are_refused(tmp_path: Path) -> None:
    secrets.make_keys(tmp_path / "keys", "trial")
    (tmp_path / "keys" / secrets.INDEX_KEY).chmod(0o644)
    with pytest.raises(secrets.KeysUnsafe, match="chmod 600"):
        secrets.KeyRing.open(tmp_path / "keys")


def test_one_value_has_another_index_in_another_column(tmp_path: Path) -> None:
    secrets.make_keys(tmp_path / "keys", "trial")
    keys = secrets.KeyRing.open(tmp_path / "keys")
    assert keys.blind_index("x", column="a") == keys.blind_index("x", column="a")
    assert keys.blind_index("x", column="a") != keys.blind_index("x", column="b")


@pytest.mark.parametrize(
    "text",
    [
        "id 11010119900307451X here",
        "card 6217001234567890123",
        "call 13812345678",
        "账号622848001234",
    ],
)
def test_numbers_of_people_do_not_reach_the_log(text: str) -> None:
    line = telemetry.redact(None, "info", {"event": text, "deep": {"list": [text]}})
    assert "[withheld]" in line["event"]
    assert "[withheld]" in line["deep"]["list"][0]


def test_ids_and_sums_stay_readable_in_the_log() -> None:
    kept = {"event": "closed", "run": "019b0f3c-1111-7222-8333-444455556666", "total_fen": 586_00}
    assert telemetry.redact(None, "info", dict(kept)) == kept


def test_named_fields_of_people_do_not_reach_the_log() -> None:
    assert telemetry.redact(None, "info", {"event": "x", "phone": "1"})["phone"] == "[withheld]"


def test_an_error_is_logged_by_kind_and_place_and_never_by_its_text() -> None:
    try:
        raise ValueError("Failing row contains (Li Wei)")
    except ValueError as problem:
        line = telemetry.tell_where(None, "error", {"event": "bug", "exc_info": problem})
    assert "Li Wei" not in json.dumps(line)
    assert line["exception"] == "builtins.ValueError"


def test_a_point_that_is_not_armed_kills_nobody(tmp_path: Path) -> None:
    crash_points.configure(tmp_path)
    crash_points.reach("nowhere")


class _Knobs(ProcessSettings):
    model_config = SettingsConfigDict(env_prefix="TRIAL_")


_RIGHT = {
    "TRIAL_COUNTY": "511425",
    "TRIAL_PORT": "8001",
    "TRIAL_KEYS_DIR": "keys",
    "TRIAL_PUBLIC_KEYS_FILE": "public.json",
    "TRIAL_FILES_DIR": "files",
}
