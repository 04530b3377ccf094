"""A roster that assists anybody goes in on two persons' word: who brought it, and who saw what it
would change."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from services.identification.importing.working import run_import
from shared.callers import Caller
from tests.identification.makers import a_csv, a_household, a_person, on_dibao, rows_of
from tests.identification.register import Register, head, staff


def a_roster(first: int, homes: int, income: str = "300", **words: Any) -> bytes:
    """Homes of two, each on dibao."""
    households = (
        a_household(
            f"h-{first + place}", a_person(2 * (first + place)), a_person(2 * (first + place) + 1),
            **{**on_dibao(income=income), **words},
        )
        for place in range(homes)
    )  # fmt: skip
    return a_csv(rows_of(*households))


async def brought(register: Register, content: bytes, by: Caller | None = None) -> dict[str, Any]:
    """A roster handed in and looked at by the process that takes it in."""
    answer = await register.upload(content, by)
    assert answer.status_code == 202, answer.text
    import_id = answer.json()["import_id"]
    assert await run_import(register.settings, UUID(import_id)) == 0
    found: dict[str, Any] = (await register.get(f"/rosters/{import_id}")).json()
    return found


def homes_of(register: Register) -> int:
    return len(register.rows("SELECT 1 FROM household"))


@pytest.mark.breaks("A roster takes two")
async def test_a_roster_waits_and_shows_what_it_would_change(register: Register) -> None:
    found = await brought(register, a_roster(1, 3))
    assert found["status"] == "waiting"
    assert homes_of(register) == 0, "the first of a county decides the most"
    assert set(found["effect"]["before"].values()) == {0}
    assert found["effect"]["after"] == {
        "households": 3, "people": 6, "dibao_households": 3, "dibao_people": 6,
        "dibao_income_fen_monthly": 90000, "tekun": 0, "disability_living": 0,
        "disability_nursing": 0, "old_age": 0,
    }  # fmt: skip
    assert found["effect"]["households"] == {"granted": 3, "ended": 0, "changed": 0}
    # However often it is taken up, it waits.
    assert await run_import(register.settings, UUID(found["import_id"])) == 0
    assert homes_of(register) == 0
    assert register.rows("SELECT 1 FROM outbox WHERE subject LIKE '%roster-imported%'") == []
    done = await register.finished(found["import_id"])
    assert (done["status"], done["accepted_by"]) == ("imported", "staff:chen")
    assert homes_of(register) == 3


async def test_what_changes_is_summed_before_and_after(register: Register) -> None:
    await register.imported(a_roster(1, 3))
    words = {"decision_number": "青民决〔2026〕99号"}
    found = await brought(register, a_roster(1, 4, "100", **words))
    before, after = found["effect"]["before"], found["effect"]["after"]
    assert (before["dibao_households"], before["dibao_income_fen_monthly"]) == (3, 90000)
    assert (after["dibao_households"], after["dibao_income_fen_monthly"]) == (4, 40000)
    assert found["effect"]["households"] == {"granted": 1, "ended": 0, "changed": 3}


async def test_one_household_in_anothers_place_is_seen_though_no_sum_changes(
    register: Register,
) -> None:
    off = a_household("h-2", a_person(4), a_person(5))
    await register.imported(
        a_csv(rows_of(a_household("h-1", a_person(2), a_person(3), **on_dibao()), off))
    )
    ended = a_household(
        "h-1", a_person(2), a_person(3),
        decision_number="青民决〔2026〕99号", decided_on="2026-09-20", from_month="2026-10",
    )  # fmt: skip
    begun = a_household("h-2", a_person(4), a_person(5), **on_dibao())
    effect = (await brought(register, a_csv(rows_of(ended, begun))))["effect"]
    assert effect["before"]["dibao_people"] == effect["after"]["dibao_people"] == 2
    assert effect["households"] == {"granted": 1, "ended": 1, "changed": 0}


@pytest.mark.breaks("A roster takes two")
async def test_who_brought_it_does_not_accept_it_by_whichever_account(register: Register) -> None:
    found = await brought(register, a_roster(1, 3))
    import_id = found["import_id"]
    second = replace(head("wang"), subject="staff:wang.two")
    for by, status, problem in (
        (staff(), 403, "scope-missing"),
        (head("wang"), 403, "brought-it-yourself"),
        (second, 403, "brought-it-yourself"),
        (head("chen", "511425102"), 403, "county-wide-only"),
    ):
        answer = await register.judged(import_id, by)
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")
    assert (await register.judged(import_id)).status_code == 200
    again = await register.judged(import_id)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-waiting")


@pytest.mark.breaks("A roster takes two")
async def test_a_roster_that_assists_nobody_goes_in_alone_and_one_that_touches_somebody_waits(
    register: Register,
) -> None:
    nobody = a_csv(rows_of(a_household("h-9", a_person(90), a_person(91))))
    found = await brought(register, nobody)
    assert (found["status"], found["accepted_by"]) == ("imported", None)
    await register.imported(a_roster(1, 1))
    # However short: a birth in a household on dibao, with nothing said of what it is on.
    born = a_household("h-1", a_person(2), a_person(3), a_person(92))
    assert (await brought(register, a_csv(rows_of(born))))["status"] == "waiting"
    # And a death of somebody on assistance, said where they lived once.
    dead = a_person(3, since="2010-01", until="2012-01", died_on="2026-09-01")
    once = a_household("h-8", a_person(93), dead)
    assert (await brought(register, a_csv(rows_of(once))))["status"] == "waiting"
    assert register.rows("SELECT 1 FROM person WHERE died_on IS NOT NULL") == []


@pytest.mark.breaks("A roster takes two")
async def test_nobody_puts_a_telephone_on_record_alone(register: Register) -> None:
    home = ("h-9", a_person(90), a_person(91))
    await register.imported(a_csv(rows_of(a_household(*home))))
    sent = len(register.neighbours.contacts)
    told = a_household("h-9", a_person(90), a_person(91, phone="13900000091"))
    found = await brought(register, a_csv(rows_of(told)))
    assert (found["status"], found["effect"]["phones"]) == ("waiting", 1)
    assert len(register.neighbours.contacts) == sent
    assert (await register.finished(found["import_id"]))["accepted_by"] == "staff:chen"
    assert register.neighbours.contacts[-1]["phone"] == "13900000091"


async def test_what_was_not_accepted_is_set_aside_until_it_is_brought_again(
    register: Register,
) -> None:
    content = a_roster(1, 3)
    import_id = (await brought(register, content))["import_id"]
    told = (await register.judged(import_id, accepted=False)).json()
    assert (told["status"], told["refused_because"]) == ("refused", "not-accepted")
    assert await run_import(register.settings, UUID(import_id)) == 0
    assert homes_of(register) == 0
    again = await brought(register, content)
    assert (again["import_id"], again["status"]) == (import_id, "waiting")
    assert (await register.finished(import_id))["status"] == "imported"


async def test_of_two_who_judge_at_once_one_wins_and_the_other_reads_why(
    register: Register,
) -> None:
    found = await brought(register, a_roster(1, 3))
    answers = await asyncio.gather(
        register.judged(found["import_id"], head("chen")),
        register.judged(found["import_id"], head("zhou"), accepted=False),
    )
    assert sorted(each.status_code for each in answers) == [200, 409]
    (late,) = [each.json() for each in answers if each.status_code == 409]
    assert late["type"] == "/problems/not-waiting"
    assert late["detail"] in {"it is importing", "it is refused"}, "what the first made of it"
