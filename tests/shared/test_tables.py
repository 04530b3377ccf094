"""Tables are read as they were written, or said to be wrong."""

from pathlib import Path

import pytest

from shared.tables import TableUnreadable, read_table


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("days: 7\nlists:\n  first: 3\ndays: 9\n", "'days' stands twice"),
        ("days: [\n", "while parsing"),
        ("? [days]\n: 7\n", "unhashable key"),
        ("- 7\n", "not a table"),
        ("", "not a table"),
        ("days: !!python/name:os.system\n", "could not determine a constructor"),
    ],
)
def test_a_wrong_table_is_refused_with_its_file_and_why(
    tmp_path: Path, written: str, told: str
) -> None:
    path = tmp_path / "place.yaml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(TableUnreadable, match=told) as refused:
        read_table(path)
    assert str(path) in str(refused.value)


def test_what_is_no_text_or_not_there_is_refused_in_the_readers_own_word(tmp_path: Path) -> None:
    path = tmp_path / "place.yaml"
    with pytest.raises(ValueError, match="No such file"):
        read_table(path, ValueError)
    path.write_bytes(b"days: \xff\n")
    with pytest.raises(ValueError, match="codec can't decode"):
        read_table(path, ValueError)


def test_who_changes_what_they_read_changes_it_for_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "place.yaml"
    path.write_text("lists: {first: 3}\n", encoding="utf-8")
    read_table(path)["lists"]["first"] = 0
    assert read_table(path) == {"lists": {"first": 3}}
    path.write_text("lists: {first: 5}\n", encoding="utf-8")
    assert read_table(path) == {"lists": {"first": 5}}
