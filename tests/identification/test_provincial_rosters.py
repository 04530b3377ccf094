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


async def test_numbers_given_wrongly_are_put_right_by_the_next_list_and_the_next_roster(
    register: Register,
) -> None:
    homes = [
        a_household(f"h-{at}", a_person(at), **on_dibao(decision_number=f"青民决〔2026〕{at}号"))
        for at in (1, 2, 3)
    ]
    await register.imported(a_csv(rows_of(*homes)))

    async def say(**numbers: str) -> Any:
        rows = [
            {"household_number": f"h-{home[1]}", "provincial_number": number}
            for home, number in numbers.items()
        ]
        found = await bring(register, "provincial-numbers", a_list("provincial-numbers", rows))
        return {each["code"] for each in found.json()["faults"]} or found.json()["counts"]

    assert await say(h1="S2", h2="S1", h3="S3") == {"new": 3, "known": 0}
    assert await say(h1="S1") == {"number-taken"}, "nobody says what the other has"
    # The province's roster names both as they are: by who lives there, both at once.
    anew = [assisted("S1", 1), {**assisted("S2", 2), "decision_number": "青民决〔2026〕9号"}]
    waits = await looked_at(register, anew)
    done = await register.finished(waits["import_id"])
    assert (done["status"], done["problems"], done["determinations"]) == ("imported", [], 2)
    assert numbers_of(register) == {"h-1": "S1", "h-2": "S2", "h-3": "S3"}
    # A list of numbers does the same, and takes one back that the province does not have.
    assert await say(h1="S3", h3="S1") == {"new": 2, "known": 0}
    assert await say(h1="S1", h2="无", h3="S2") == {"new": 2, "known": 1}
    assert numbers_of(register) == {"h-1": "S1", "h-3": "S2"}
    noted = register.rows(
        "SELECT details FROM audit WHERE act = 'provincial-number-corrected' ORDER BY number"
    )
    told = {(each["details"]["before"], each["details"]["after"]) for each in noted}
    assert len(noted) == 7
    assert told == {
        ("S2", "S1"), ("S1", "S2"), ("S1", "S3"), ("S3", "S1"), ("S2", None),
    }  # fmt: skip


async def test_the_number_of_a_household_where_nobody_lives_any_more_goes_to_who_has_it_now(
    register: Register,
) -> None:
    await two_homes(register)
    numbers = [("h-1", "S1"), ("h-3", "S3")]
    rows = [{"household_number": home, "provincial_number": each} for home, each in numbers]
    await brought(register, "provincial-numbers", a_list("provincial-numbers", rows))
    joined = a_household(
        "h-1",
        a_person(1),
        a_person(2),
        a_person(4, relation="配偶", since="2026-09"),
        **on_dibao(decision_number="青民决〔2026〕7号"),
    )
    left = a_household("h-3", a_person(4, until="2026-08"))
    assert (await register.imported(a_csv(rows_of(joined, left))))["problems"] == []
    merged = [assisted("S3", 1), a_row("S3", 2, "子女"), a_row("S3", 4, "配偶")]
    waits = await looked_at(register, merged)
    assert (waits["counts"]["households_new"], waits["problems"]) == (0, [])
    done = await register.finished(waits["import_id"])
    assert (done["status"], done["problems"]) == ("imported", [])
    assert numbers_of(register) == {"h-1": "S3"}


def numbers_of(register: Register) -> dict[str, str]:
    """The province's number of each household that has one, by ours."""
    rows = register.rows(
        "SELECT h.number AS ours, p.number FROM provincial_number p"
        " JOIN household h ON h.id = p.subject_id ORDER BY h.number"
    )
    return {row["ours"]: row["number"] for row in rows}
