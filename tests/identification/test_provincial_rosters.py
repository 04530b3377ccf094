"""The province's roster comes in by its numbers, as a roster that another person lets in."""

from typing import Any
from uuid import UUID

import pytest

from services.identification.importing.working import run_import
from tests.identification.makers import (
    CARD,
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.province import a_list, bring, brought, fetched
from tests.identification.register import Register

ROSTER = "provincial-roster"
ANEW = {"decision_number": "青民决〔2026〕8号", "decided_on": "2026-09-20", "from_month": "2026-10"}


def a_row(number: str, order: int, relation: str = "户主", **words: Any) -> dict[str, Any]:
    """One person as the province writes them."""
    return {
        "provincial_number": number,
        "village": VILLAGE,
        "relation": relation,
        "name": f"李{'伟芳明静强'[order % 5]}",
        "id_number": id_number(order),
        "registration": "农村",
        **words,
    }


def assisted(number: str, order: int, income: str = "150.00", **words: Any) -> dict[str, Any]:
    """A head of a household on dibao."""
    paid = {"bank": "青神县商业银行", "account_number": CARD, "account_kind": "卡"}
    return a_row(number, order, group="dibao", income=income, **paid, **ANEW, **words)


async def looked_at(register: Register, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A file of the province that was taken in, with the roster it became."""
    file = await brought(register, ROSTER, a_list(ROSTER, rows))
    assert await run_import(register.settings, UUID(file["roster_id"])) == 0
    found: dict[str, Any] = (await register.get(f"/rosters/{file['roster_id']}")).json()
    return {**found, "counts": file["counts"]}


async def two_homes(register: Register) -> None:
    """One on dibao and one on nothing."""
    homes = (
        a_household("h-1", a_person(1), a_person(2), **on_dibao()),
        a_household("h-3", a_person(4)),
    )
    await register.imported(a_csv(rows_of(*homes)))


def homes_of(register: Register) -> dict[str, list[str]]:
    """Who lives where, by our household numbers: since when, the first of the day first."""
    rows = register.rows(
        "SELECT h.number, m.since FROM household h JOIN membership m ON m.household_id = h.id"
        " WHERE m.until IS NULL ORDER BY h.number, m.since"
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["number"], []).append(row["since"])
    return found


@pytest.mark.breaks("A roster takes two")
async def test_the_provinces_roster_waits_for_another_and_its_numbers_are_kept(
    register: Register,
) -> None:
    await two_homes(register)
    rows = [
        assisted("S001", 1),
        a_row("S001", 2, "子女", group="dibao"),
        assisted("S900", 7),
        a_row("S900", 8, "配偶", group="dibao"),
    ]
    waits = await looked_at(register, rows)
    assert (waits["status"], waits["problems"]) == ("waiting", [])
    assert waits["counts"] == {"households": 2, "households_new": 1}
    assert waits["effect"]["households"] == {"granted": 1, "ended": 0, "changed": 1}
    assert homes_of(register).keys() == {"h-1", "h-3"}

    done = await register.finished(waits["import_id"])
    assert (done["status"], done["determinations"]) == ("imported", 2)
    assert homes_of(register) == {
        "h-1": ["2010-01", "2010-01"],
        "h-3": ["2010-01"],
        "S900": ["2026-09", "2026-09"],
    }
    _, sent = await fetched(register, "households")
    assert {(each["household_number"], each["provincial_number"]) for each in sent[:-1]} == {
        ("h-1", "S001"), ("S900", "S900"),
    }  # fmt: skip

    # From then on the number alone says who is meant, and nobody types since when they live there.
    other = {"decision_number": "青民决〔2026〕9号", "decided_on": "2026-09-21"}
    born = a_row("S001", 9, "子女", since="2026-09")
    again = await looked_at(
        register, [{**assisted("S001", 1, "90.00"), **other}, a_row("S001", 2, "子女"), born]
    )
    assert again["counts"] == {"households": 1, "households_new": 0}
    assert (await register.finished(again["import_id"]))["rows_bad"] == 0
    assert homes_of(register)["h-1"] == ["2010-01", "2010-01", "2026-09"]


async def test_what_is_wrong_in_it_stands_on_the_row_it_came_from(register: Register) -> None:
    await two_homes(register)
    rows = [
        assisted("S900", 7),
        a_row("S901", 8, "配偶"),
        {**assisted("S001", 1), "decision_number": None},
        a_row("S001", 2, "子女"),
    ]
    waits = await looked_at(register, rows)
    assert {(each["row"], each["code"]) for each in waits["problems"]} == {
        (3, "head-missing"),
        (4, "decision-missing"),
    }


async def test_a_household_that_cannot_be_told_is_named_and_nothing_is_done(
    register: Register,
) -> None:
    await two_homes(register)
    rows = [assisted("S001", 1), a_row("S001", 4, "配偶")]
    refused = (await bring(register, ROSTER, a_list(ROSTER, rows))).json()
    assert (refused["state"], refused["roster_id"]) == ("refused", None)
    assert [(each["row"], each["code"]) for each in refused["faults"]] == [(2, "household-unclear")]
    assert len(register.rows("SELECT id FROM roster_import")) == 1
    # Said by our number, it is that household, and the register says who does not live there.
    rows[0]["household"] = "h-1"
    found = await looked_at(register, rows)
    codes = {each["code"] for each in (await register.finished(found["import_id"]))["problems"]}
    assert codes == {"household-split", "member-missing"}


async def test_no_number_comes_to_belong_to_two_and_who_was_set_aside_is_asked_again(
    register: Register,
) -> None:
    await two_homes(register)
    both = [assisted("S001", 1, household="h-1"), assisted("S002", 4, household="h-1")]
    refused = (await bring(register, ROSTER, a_list(ROSTER, both))).json()
    assert [each["code"] for each in refused["faults"]] == ["number-taken"]

    content = a_list(ROSTER, [assisted("S900", 7)])
    import_id = (await brought(register, ROSTER, content))["roster_id"]
    assert await run_import(register.settings, UUID(import_id)) == 0
    told = (await register.judged(import_id, accepted=False)).json()
    assert told["refused_because"] == "not-accepted"
    assert (await brought(register, ROSTER, content))["roster_id"] == import_id
    assert await run_import(register.settings, UUID(import_id)) == 0
    assert (await register.finished(import_id))["status"] == "imported"
    # Our own roster may say the number as well, and not another's.
    mine = a_household("h-3", a_person(4), provincial_number="S900")
    found = await register.imported(a_csv(rows_of(mine)))
    assert [each["code"] for each in found["problems"]] == ["provincial-number-taken"]
