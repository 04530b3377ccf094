"""A county's settings for paying: its days, and what is wrong with a file of them."""

from datetime import date
from pathlib import Path

import pytest

from services.payments import places

COUNTY = "511425"
BUILT_IN = (places.BUILT_IN / f"{COUNTY}.yaml").read_text(encoding="utf-8")


def test_working_days_are_the_nations_in_years_to_come_too() -> None:
    place = places.load(COUNTY)
    assert place.working_days_after(date(2026, 9, 29), 5) == date(2026, 10, 12)
    # The Spring Festival of 2027 begins on 6 February.
    assert place.working_days_after(date(2027, 2, 4), 1) > date(2027, 2, 9)


def test_a_county_closes_and_opens_on_days_of_its_own(tmp_path: Path) -> None:
    text = BUILT_IN.replace("holidays: []", "holidays: ['2026-10-12']")
    text = text.replace("worked_weekends: []", "worked_weekends: ['2026-10-11']")
    (tmp_path / f"{COUNTY}.yaml").write_text(text, encoding="utf-8")
    place = places.load(COUNTY, tmp_path)
    assert place.working_days_after(date(2026, 10, 9), 3) == date(2026, 10, 13)


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("county: '511425'", "county: '511426'", "it speaks of 511426"),
        ("old-age: [old_age]", "old-age: [old_age, dibao]", "from one fund only"),
        ("  old_age: 200000\n", "", "ceilings_fen lacks old_age"),
        ("hold_working_days: 5", "hold_working_days: 0", "hold_working_days"),
        ("answer_bank_days: 3", "answer_bank_days: 3\nanswer_bank_days: 4", "stands twice"),
    ],
)
def test_a_wrong_file_is_refused_and_says_why(
    tmp_path: Path, written: str, instead: str, told: str
) -> None:
    assert written in BUILT_IN
    path = tmp_path / f"{COUNTY}.yaml"
    path.write_text(BUILT_IN.replace(written, instead), encoding="utf-8")
    with pytest.raises(places.PlaceUnreadable, match=told):
        places.load(COUNTY, tmp_path)
