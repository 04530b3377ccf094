"""What may be asked of the demonstration, and what a filled county refuses."""

from pathlib import Path

import pytest

from demonstration.clock import StatedClock, desk_day
from demonstration.inputs import InputRefused, Inputs
from shared.months import Month


def asked(folder: Path, **wishes: str) -> Inputs:
    wishes = {"DATA": str(folder), **wishes}
    inputs = Inputs.read(wishes)
    inputs.settle(wishes)
    return inputs


def test_nothing_asked_means_twenty_thousand_people_on_port_8000(tmp_path: Path) -> None:
    inputs = asked(tmp_path / "county")
    assert (inputs.people, inputs.port, inputs.once) == (20_000, 8000, False)
    assert inputs.out == tmp_path / "county" / "out"


def test_keys_that_were_made_for_our_own_server_are_no_stranger(tmp_path: Path) -> None:
    (tmp_path / "county" / "keys").mkdir(parents=True)
    asked(tmp_path / "county")
    (tmp_path / "other" / "photos").mkdir(parents=True)
    with pytest.raises(InputRefused, match="holds something else"):
        asked(tmp_path / "other")


def test_a_filling_that_was_cut_off_is_begun_again(tmp_path: Path) -> None:
    roster = tmp_path / "mine.csv"
    roster.write_text("序号\n")
    folder = tmp_path / "county"
    folder.mkdir()
    (folder / "roster-given.csv").write_text("序")  # The power failed while it was copied.
    assert asked(folder, ROSTER=str(roster)).roster_given().read_text() == "序号\n"


def test_a_place_where_nothing_can_be_written_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputRefused, match="Not a directory; choose another DATA or OUT"):
        asked(tmp_path / "file" / "county")
    with pytest.raises(InputRefused, match="File exists; choose another DATA or OUT"):
        asked(tmp_path / "county", OUT=str(tmp_path / "file"))


def test_the_same_wishes_again_are_welcome(tmp_path: Path) -> None:
    asked(tmp_path / "county", PEOPLE="300")
    asked(tmp_path / "county", PEOPLE="300")
    asked(tmp_path / "county")


@pytest.mark.parametrize("wish", [{"PEOPLE": "400"}, {"SEED": "1"}])
def test_a_filled_county_refuses_another_value(tmp_path: Path, wish: dict[str, str]) -> None:
    asked(tmp_path / "county", PEOPLE="300")
    with pytest.raises(InputRefused, match="was filled with"):
        asked(tmp_path / "county", **wish)


def test_a_filled_county_refuses_another_roster(tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("a", encoding="utf-8")
    second.write_text("b", encoding="utf-8")
    asked(tmp_path / "county", ROSTER=str(first))
    assert asked(tmp_path / "county").roster_given().read_text(encoding="utf-8") == "a"
    asked(tmp_path / "county", ROSTER=str(first))
    with pytest.raises(InputRefused, match="another roster"):
        asked(tmp_path / "county", ROSTER=str(second))
    with pytest.raises(InputRefused, match="filled with a roster"):
        asked(tmp_path / "county", PEOPLE="300")


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"PEOPLE": "many"}, "a whole number"),
        ({"PEOPLE": "0"}, "must lie between"),
        ({"PORT": "70000"}, "must lie between"),
        ({"ROSTER": "nowhere.xlsx"}, "no such file"),
    ],
)
def test_what_makes_no_sense_is_said_in_words(
    tmp_path: Path, wish: dict[str, str], says: str
) -> None:
    with pytest.raises(InputRefused, match=says):
        asked(tmp_path / "county", **wish)


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(InputRefused, match="something else"):
        asked(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_the_clock_goes_forward_only(tmp_path: Path) -> None:
    clock = StatedClock(tmp_path / "clock")
    clock.begin(desk_day(Month(2026, 10), 25))
    assert str(clock.today) == "2026-09-26"
    clock.next_day()
    clock.begin(desk_day(Month(2026, 10), 25))
    assert str(clock.today) == "2026-09-27"
