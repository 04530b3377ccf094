"""Whoever has no ID number comes in by a roster under a temporary code, and is nobody's double."""

from pathlib import Path
from re import fullmatch
from typing import Any

import pytest

from services.identification.coded import CODE_FORM
from tests.identification.makers import (
    Row,
    a_csv,
    a_household,
    a_person,
    a_workbook,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import Register, standing
from tests.trial import NatsAt, TrialDatabase

ANEW = {"decision_number": "青民决〔2026〕8号", "decided_on": "2026-09-20"}


def a_child(**words: Any) -> Row:
    """Somebody who is in no register of residents yet."""
    return {
        "relation": "子女",
        "name": "李小妹",
        "registration": "农村",
        "since": "2021-03",
        "no_id_reason": "未上户口",
        "born_on": "2021-03-04",
        **words,
    }


async def codes_of(register: Register, *homes: list[Row]) -> list[str]:
    """What a roster of these homes was told is wrong."""
    found = await register.imported(a_csv(rows_of(*homes)))
    return [each["code"] for each in found["problems"]]


def coded_of(register: Register) -> list[dict[str, Any]]:
    """Who stands under a code, and where."""
    return register.rows(
        "SELECT p.id, p.temporary_code AS code, h.number, m.until FROM person p"
        " JOIN membership m ON m.person_id = p.id JOIN household h ON h.id = m.household_id"
        " WHERE p.temporary_code IS NOT NULL ORDER BY h.number"
    )


@pytest.mark.breaks("No number, one person")
async def test_a_child_without_a_number_counts_and_is_the_same_in_every_file(
    register: Register,
) -> None:
    home = a_household("h-1", a_person(1), a_child(), **on_dibao())
    first = await register.imported(a_workbook(rows_of(home)))
    assert (first["problems"], first["people"]) == ([], 2)
    (child,) = coded_of(register)
    assert fullmatch(CODE_FORM, child["code"])
    (decided,) = await register.determinations(first["import_id"])
    (said,) = [each for each in decided["members"] if each["person_id"] == str(child["id"])]
    assert (said["facts"]["born_on"], said["facts"]["has_temporary_code"]) == (20210304, 1)
    assert len(register.rows("SELECT 1 FROM low_income_person")) == 1, "known by a number"
    assert "20210304" not in str(register.rows("SELECT id_sealed FROM person"))

    again = a_household("h-1", a_person(1), a_child(), **on_dibao(income="90", **ANEW))
    assert await codes_of(register, again) == []
    known = a_child(temporary_code=child["code"])
    coded = a_household("h-1", a_person(1), known, **on_dibao(income="90", **ANEW))
    assert await codes_of(register, coded) == []
    assert coded_of(register) == [child], "the same, whether the code is said or not"
    assert await codes_of(register, coded[:1]) == ["member-missing"]


async def test_a_code_is_whose_it_is(register: Register) -> None:
    mine = a_child(temporary_code="T511425-9")
    assert await codes_of(register, a_household("h-1", a_person(1), mine)) == []
    (child,) = coded_of(register)
    assert child["code"] == "T511425-9"
    stolen = a_child(temporary_code="T511425-9", name="王小强")
    other = a_child(temporary_code="T511425-8")
    for number, head, row, wrong in (
        ("h-2", 2, stolen, ["code-differs"]),
        ("h-1", 1, other, ["code-differs"]),
        ("h-2", 2, mine, ["household-split"]),
    ):
        assert await codes_of(register, a_household(number, a_person(head), row)) == wrong
    # Who has a number by the register is asked for it, and becomes no second person.
    without = a_child(name=a_person(1)["name"], born_on="1965-03-04")
    home = a_household("h-1", a_person(3, since="2020-01"), without, mine)
    assert await codes_of(register, home) == ["id-known"]
    # They move like anybody: it is said where they leave, and the code says who comes.
    left = a_household("h-1", a_person(1), {**mine, "until": "2026-08"})
    joined = a_household("h-2", a_person(2), {**mine, "since": "2026-09"})
    assert await codes_of(register, left, joined) == []
    assert [(each["id"], each["number"], each["until"]) for each in coded_of(register)] == [
        (child["id"], "h-1", "2026-08"), (child["id"], "h-2", None),
    ]  # fmt: skip


async def test_what_is_not_said_of_them_is_named_and_nothing_is_granted_to_a_code(
    register: Register,
) -> None:
    for row, wrong in (
        (a_child(no_id_reason=None), "no-id-reason-missing"),
        (a_child(born_on=None), "born-missing"),
        (a_child(born_on="2031-03-04"), "date-future"),
        (a_child(temporary_code="511425-9"), "code-form"),
        (a_child(tekun="是"), "nothing-to-a-code"),
        (a_child(no_id_reason=None, born_on=None), "id-missing"),
    ):
        home = a_household("h-1", a_person(1), row, **on_dibao())
        assert await codes_of(register, home) == [wrong]
    heads = a_household("h-1", a_child(), a_person(1), **on_dibao())
    assert await codes_of(register, heads) == ["nothing-to-a-code"]
    twice = a_household("h-1", a_person(1), a_child(), a_child())
    assert await codes_of(register, twice) == ["person-duplicate"]
    assert coded_of(register) == []
    numbered = a_household("h-1", a_person(1), a_child(id_number=id_number(5, "20210304")))
    assert await codes_of(register, numbered) == []


async def test_where_a_place_counts_nobody_without_a_number_the_household_comes_back(
    trial_database: TrialDatabase, tmp_path: Path, nats_server: NatsAt
) -> None:
    (tmp_path / "casework.yaml").write_text("count_without_id: no\n", encoding="utf-8")
    knobs = {"import_children": 0, "casework_file": tmp_path / "casework.yaml"}
    async with standing(tmp_path, trial_database, nats_server, **knobs) as register:
        home = a_household("h-1", a_person(1), a_child())
        assert await codes_of(register, home) == ["not-counted"]
