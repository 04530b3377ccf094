"""A recovery is a proposal until a person decides it; never more is owed back than stands."""

from datetime import date
from typing import Any

import pytest

from shared.callers import Caller, Kind
from tests.benefits.county import CountyBenefits, at
from tests.benefits.makers import COUNTY, WANG_FANG, a_household, a_person

DECIDER = Caller(
    "zhao.lei",
    Kind.STAFF,
    COUNTY,
    "zhao.lei",
    frozenset({"recoveries:decide", "runs:read"}),
    (COUNTY,),
)
SAID: dict[str, Any] = {"amount_fen": 19000, "paper": "青民追〔2026〕1号", "told_on": "2026-10-01"}


async def proposed(benefits: CountyBenefits) -> tuple[str, str]:
    """A death learned late, and what is proposed of it: who died, and the proposal."""
    husband, wife = a_person(), a_person()
    await benefits.learn(a_household(husband, wife))
    await benefits.pay("2026-10")
    await benefits.pay("2026-11")
    await benefits.tell_of_death(husband["person_id"], date(2026, 10, 15))
    await benefits.pay("2026-12")
    (row,) = benefits.recoveries()
    return husband["person_id"], str(row["recovery_id"])


async def say(
    benefits: CountyBenefits, recovery_id: str, by: Caller = DECIDER, **words: Any
) -> Any:
    """Somebody decides; the answer."""
    key = f"decided-{len(events(benefits))}-{words.get('amount_fen')}-{words.get('told_on')}"
    async with benefits.door(by) as door:
        return await door.post(
            f"/recoveries/{recovery_id}/decisions",
            json=SAID | words,
            headers={"Idempotency-Key": key},
        )


def events(benefits: CountyBenefits) -> list[tuple[int, int]]:
    """What was said of it, in order: number and sum."""
    return [
        (row["body"]["number"], row["body"]["amount_fen"])
        for row in benefits.rows(
            "SELECT body FROM outbox WHERE subject LIKE 'benefits.recovery-decided%%'"
            " ORDER BY (body ->> 'number')::int"
        )
    ]


async def test_a_proposal_is_owed_when_it_is_decided_and_not_before(
    benefits: CountyBenefits,
) -> None:
    _, recovery_id = await proposed(benefits)
    assert events(benefits) == []
    done = await say(benefits, recovery_id)
    assert done.status_code == 201, done.text
    assert events(benefits) == [(1, 19000)]
    async with benefits.door(DECIDER) as door:
        told = (await door.get(f"/recoveries/{recovery_id}")).json()
        month = (await door.get("/months/2026-12")).json()
        (listed,) = (await door.get(f"/runs/{told['run_id']}/recoveries")).json()["items"]
    assert (told["most_fen"], told["decisions"][0]["paper"]) == (19000, SAID["paper"])
    assert month["recoveries"]["decided"] == {"count": 1, "total_fen": 19000}
    assert listed["decided_fen"] == 19000


@pytest.mark.breaks("Paid back by decision")
async def test_no_more_is_owed_back_than_is_proposed_and_less_says_why(
    benefits: CountyBenefits,
) -> None:
    _, recovery_id = await proposed(benefits)
    for words, wanted in (
        ({"amount_fen": 19001}, "more-than-proposed"),
        ({"amount_fen": 5000}, "reason-wanted"),
        ({"told_on": "2099-01-01"}, "told-too-late"),
    ):
        refused = await say(benefits, recovery_id, **words)
        assert refused.json()["type"].endswith(wanted), refused.text
    assert (await say(benefits, recovery_id, by=WANG_FANG)).status_code == 403
    assert (await say(benefits, recovery_id, amount_fen=5000, reason="困难")).status_code == 201
    again = await say(benefits, recovery_id, amount_fen=0, reason="免追")
    assert [each["amount_fen"] for each in again.json()["decisions"]] == [5000, 0]
    assert events(benefits) == [(1, 5000), (2, 0)]


@pytest.mark.breaks("Paid back by decision")
async def test_what_turns_out_to_be_owed_after_all_is_owed_back_by_nobody(
    benefits: CountyBenefits,
) -> None:
    dead, recovery_id = await proposed(benefits)
    await say(benefits, recovery_id)
    await benefits.tell_of_death(dead, date(2026, 10, 15), at(2026, 12, 20), taken_back=True)
    await benefits.pay("2027-01")
    assert events(benefits) == [(1, 19000), (2, 0)]
    refused = await say(benefits, recovery_id, amount_fen=1, reason="x")
    assert refused.json()["type"].endswith("more-than-proposed")
