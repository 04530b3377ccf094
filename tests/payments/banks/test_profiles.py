"""A bank's settings are read strictly, and what is wrong is named by file and key."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from services.payments.banks.profiles import (
    BUILT_IN,
    DelimitedProfile,
    ProfileUnreadable,
    load_profile,
    load_profiles,
)
from services.payments.banks.writers import layout_words
from tests.payments.banks.makers import HERE, commercial_bank, cooperative, village_bank


def test_the_demonstration_has_banks_of_both_forms() -> None:
    formats = {code: profile.format for code, profile in load_profiles().items()}
    assert formats == {
        "qscb": "pain.001.001.09",
        "qspb": "pain.001.001.09",
        "qsrcc": "delimited",
    }


def test_a_folder_outside_the_source_tree_adds_banks_and_replaces_known_ones(
    tmp_path: Path,
) -> None:
    words = _words(HERE / "profiles" / "village.yaml")
    _write(tmp_path / "village.yaml", words)
    _write(tmp_path / "other.yaml", words | {"code": "qsrcc", "rows_max": 3})
    banks = load_profiles(tmp_path)
    assert set(banks) == {"qscb", "qspb", "qsrcc", "village"}
    assert banks["qsrcc"].rows_max == 3


def test_a_missing_folder_is_refused_rather_than_taken_for_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(ProfileUnreadable, match="no such folder"):
        load_profiles(tmp_path / "absent")


def test_two_files_of_one_bank_in_one_folder_are_refused(tmp_path: Path) -> None:
    words = _words(HERE / "profiles" / "village.yaml")
    _write(tmp_path / "a.yaml", words)
    _write(tmp_path / "b.yaml", words)
    with pytest.raises(ProfileUnreadable, match=r"b\.yaml: code 'village' stands in another"):
        load_profiles(tmp_path)


def test_the_layout_says_how_a_stranger_reads_the_file() -> None:
    assert layout_words(commercial_bank()) is None
    assert layout_words(cooperative()) == {
        "encoding": "GB18030",
        "separator": "|",
        "head_lines": 1,
        "tail_lines": 1,
        "id_column": 1,
        "amount_column": 4,
        "amount_unit": "yuan",
        "line_ending": "crlf",
        "quote": None,
    }
    fixed = layout_words(village_bank())
    assert fixed is not None
    assert fixed["separator"] is None
    assert fixed["columns"][5] == {"holds": "id", "width": 35}


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("qsrcc", {"colour": "red"}, "colour: this key is not known here"),
    ("qsrcc", {"format": "csv"}, "format: must be 'pain.001.001.09' or 'delimited'"),
    ("qsrcc", {"code": "QSRCC"}, "code: "),
    ("qsrcc", {"rows_max": "5000"}, "rows_max: "),
    ("qsrcc", {"file_name": "pay.txt"}, "file_name must name {batch}"),
    ("qsrcc", {"file_name": "../{batch}"}, "not a path"),
    ("qsrcc", {"payer.accounts.hardship": 88010120000000117}, "written in quotes"),
    ("qsrcc", {"payer.accounts.disability": "88010120000000117"}, "two funds name one account"),
    ("qsrcc", {"reasons": {"X": "gone"}}, "'gone' is not in reasons.yaml"),
    ("qsrcc", {"file.encoding": "latin-1"}, "file.encoding: "),
    ("qsrcc", {"file.separator": "0"}, "file: separator: a separator holds no letter, digit"),
    ("qsrcc", {"file.separator": ""}, "file.separator: "),
    ("qsrcc", {"file.separator": None}, "columns.1: without a separator every column has a width"),
    ("qsrcc", {"file.quote": "|"}, "quote: a quote is a mark"),
    ("qsrcc", {"file.line_ending": "\n"}, "file.line_ending: "),
    ("qsrcc", {"file.head": ["{batch}{count}"]}, "file.head.0: {batch} and {count} touch"),
    ("qsrcc", {"file.head": ["{total}"]}, "file.head.0: {total} is not known here"),
    ("qsrcc", {"file.head": ["{count:x}"]}, "{count:x}: the form is a width"),
    ("qsrcc", {"file.tail": ["}"]}, "file.tail.0: a lone brace at column 1"),
    ("qsrcc", {"file.columns.1.holds": "reference"}, "file.columns.1.holds: "),
    ("qsrcc", {"file.columns.1.holds": "empty"}, "file.columns: no column holds id"),
    ("qsrcc", {"file.columns.1.holds": "code"}, "file.columns.1.holds: code cannot stand here"),
    ("qsrcc", {"file.columns.4.unit": "jiao"}, "file.columns.4.unit: "),
    ("qsrcc", {"file.columns.4": {"holds": "amount"}}, "says its unit: yuan or fen"),
    ("qsrcc", {"file.columns.0.fill": "x"}, "only spaces fill a column"),
    ("qsrcc", {"results": []}, "results: "),
    ("qsrcc", {"results.0.kind": "returns"}, "none is the answer to a file"),
    ("qsrcc", {"results.1.tail": [], "results.1.head": ["TH|{count}"]}, "a file cut short"),
    ("qsrcc", {"results.1.last_line_ended": False}, "must end in agreed words"),
    ("qsrcc", {"results.0.outcomes": {"0000": "paid"}}, "results.0.outcomes.0000"),
    (
        "qsrcc",
        {"results.0.outcomes": {"0000": {"outcome": "settled", "reason": "duplicate"}}},
        "only a failure has a reason",
    ),
    ("qscb", {"answers": ["camt.052.001.08"]}, "answers.0"),
    ("qscb", {"payment.creditor_agent": {}}, "an agent needs a bic"),
    ("qscb", {"payment.category_purpose": "subsidy"}, "payment.category_purpose: "),
]


@pytest.mark.parametrize(("bank", "changes", "told"), WRONG, ids=lambda value: str(value)[:60])
def test_what_is_wrong_is_named_by_file_and_key(
    tmp_path: Path, bank: str, changes: dict[str, Any], told: str
) -> None:
    words = _words(BUILT_IN / f"{bank}.yaml")
    for place, value in changes.items():
        _change(words, place, value)
    path = tmp_path / "new-bank.yaml"
    _write(path, words)
    with pytest.raises(ProfileUnreadable) as refused:
        load_profile(path)
    assert str(refused.value).startswith("new-bank.yaml: ")
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("code: a\ncode: b\n", "the key 'code' stands twice"),
        ("code: [\n", "new-bank.yaml: "),
        ("- a\n- b\n", "new-bank.yaml: "),
        ("", "new-bank.yaml: "),
        ("1: a\n", "the key 1 is not text"),
        ("code: 2026-10-10\n", "in quotes"),
    ],
)
def test_a_file_that_is_no_profile_is_refused_in_words(
    tmp_path: Path, text: str, told: str
) -> None:
    path = tmp_path / "new-bank.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProfileUnreadable) as refused:
        load_profile(path)
    assert told in str(refused.value)


def test_a_result_says_only_where_it_differs_from_the_file_sent(tmp_path: Path) -> None:
    words = _words(BUILT_IN / "qsrcc.yaml")
    _change(words, "results.0.encoding", "UTF-8")
    _change(words, "results.0.separator", "~^~")
    _change(words, "results.0.head", ["HD~^~{batch}~^~{count}~^~{total_fen}"])
    path = tmp_path / "bank.yaml"
    _write(path, words)
    profile = load_profile(path)
    assert isinstance(profile, DelimitedProfile)
    (_, answer), (_, returns) = profile.result_layouts()
    assert (answer.encoding, answer.separator, answer.line_ending) == ("UTF-8", "~^~", "crlf")
    assert (returns.encoding, returns.separator) == ("GB18030", "|")


def _words(path: Path) -> dict[str, Any]:
    words = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(words, dict)
    return words


def _write(path: Path, words: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(words, allow_unicode=True), encoding="utf-8")


def _change(words: Any, place: str, value: Any) -> None:
    *steps, last = place.split(".")
    for step in steps:
        words = words[int(step) if step.isdigit() else step]
    words[int(last) if last.isdigit() else last] = value
