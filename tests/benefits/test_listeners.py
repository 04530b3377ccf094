"""What identification announces is fetched by reference, and learned whole or not at all."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from services.benefits import facts, listeners
from services.benefits.facts import ListDiffers
from shared.callers import Caller, Kind
from shared.calls import Peer, PeerUnavailable
from shared.clock import Clock
from shared.contracts.identification import (
    DeathTakenBack,
    DisputeSettled,
    HouseholdDetermined,
    PersonDied,
    PersonDisputed,
    RosterImported,
)
from shared.months import Month
from shared.secrets import KeyRing
from shared.serving import Context
from tests.benefits.county import CountyBenefits
from tests.benefits.identification import Identification, standing
from tests.benefits.makers import COUNTY, OCTOBER, a_household, uuid


@pytest.fixture
def identification() -> Iterator[Identification]:
    """Identification as benefits sees it."""
    with standing(Identification()) as stands:
        yield stands


@pytest.fixture
async def context(benefits: CountyBenefits, identification: Identification) -> Any:
    """What a listener of this county's benefits may use."""
    own = Caller("benefits", Kind.SERVICE, COUNTY, "benefits", frozenset({"determinations:read"}))
    client = httpx.AsyncClient(base_url=identification.url)
    peer = Peer(identification.url, "identification", benefits.signers["gateway"], own, client)
    yield Context(
        name="benefits",
        settings=benefits.settings,
        database=benefits.database,
        clock=Clock.open(benefits.settings.clock),
        keys=KeyRing.open(benefits.settings.keys_dir),
        peers={"identification": peer},
    )
    await client.aclose()


def learned(benefits: CountyBenefits) -> int:
    """How many determinations are known."""
    return int(benefits.rows("SELECT count(*) AS found FROM determination")[0]["found"])


async def test_an_import_is_fetched_and_learned_once(
    benefits: CountyBenefits, identification: Identification, context: Any
) -> None:
    event = identification.has_imported(*(a_household() for _ in range(5)))
    await listeners.on_roster_imported(context, event)
    await listeners.on_roster_imported(context, event)
    assert learned(benefits) == 5
    assert identification.asked == 1
    assert benefits.rows("SELECT * FROM staged_determination") == []
    acts = [row["act"] for row in benefits.rows("SELECT act FROM audit ORDER BY number")]
    assert acts == ["determinations-learned"]


@pytest.mark.parametrize("lie", [{"determinations_count": 4}, {"determinations_sha256": "0" * 64}])
async def test_a_list_that_is_not_the_announced_one_is_not_learned(
    benefits: CountyBenefits,
    identification: Identification,
    context: Any,
    lie: dict[str, Any],
) -> None:
    event = identification.has_imported(*(a_household() for _ in range(5)))
    with pytest.raises(ListDiffers):
        await listeners.on_roster_imported(context, event.model_copy(update=lie))
    assert learned(benefits) == 0


async def test_words_that_are_no_determination_are_refused_whole(
    benefits: CountyBenefits, identification: Identification, context: Any
) -> None:
    broken = {**a_household(), "from_month": "next spring"}
    event = identification.has_imported(a_household(), broken)
    with pytest.raises(ValidationError):
        await listeners.on_roster_imported(context, event)
    assert learned(benefits) == 0


async def test_a_fetch_that_was_interrupted_begins_again_and_learns_all(
    benefits: CountyBenefits, identification: Identification, context: Any
) -> None:
    identification.page_items_max = 2
    event = identification.has_imported(*(a_household() for _ in range(5)))
    identification.fails_after_pages = 2
    with pytest.raises(PeerUnavailable):
        await listeners.on_roster_imported(context, event)
    assert learned(benefits) == 0
    assert len(benefits.rows("SELECT * FROM staged_determination")) == 4
    identification.fails_after_pages = None
    await listeners.on_roster_imported(context, event)
    assert learned(benefits) == 5


async def test_the_same_roster_imported_again_adds_nothing(
    benefits: CountyBenefits, identification: Identification, context: Any
) -> None:
    determined = [a_household(), a_household()]
    await listeners.on_roster_imported(context, identification.has_imported(*determined))
    await listeners.on_roster_imported(context, identification.has_imported(*determined))
    assert learned(benefits) == 2


async def test_one_decision_is_fetched_by_its_id(
    benefits: CountyBenefits, identification: Identification, context: Any
) -> None:
    decided = a_household()
    identification.has_imported(decided, a_household())
    event = HouseholdDetermined(
        county=COUNTY,
        occurred_at=OCTOBER,
        determination_id=uuid(decided["determination_id"]),
        household_id=uuid(decided["household_id"]),
        from_month=Month(2026, 10),
    )
    await listeners.on_household_determined(context, event)
    await listeners.on_household_determined(context, event)
    (row,) = benefits.rows("SELECT determination_id, words_sealed FROM determination")
    assert facts.unseal(row["determination_id"], row["words_sealed"], benefits.keys) == decided


async def test_a_death_told_twice_is_learned_once(benefits: CountyBenefits, context: Any) -> None:
    event = PersonDied.model_validate(
        {
            "county": COUNTY,
            "occurred_at": OCTOBER.isoformat(),
            "person_id": a_household()["members"][0]["person_id"],
            "died_on": "2026-10-02",
        }
    )
    await listeners.on_person_died(context, event)
    await listeners.on_person_died(context, event)
    assert len(benefits.rows("SELECT * FROM death")) == 1


def test_everything_heard_has_a_listener_of_its_own() -> None:
    heard = {each.event for each in listeners.LISTENERS}
    assert heard == {
        RosterImported,
        HouseholdDetermined,
        PersonDied,
        DeathTakenBack,
        PersonDisputed,
        DisputeSettled,
    }
    assert len({each.durable for each in listeners.LISTENERS}) == len(heard)


async def test_what_is_said_of_another_county_is_not_ours(
    benefits: CountyBenefits, identification: Identification, context: Any
) -> None:
    event = identification.has_imported(a_household())
    await listeners.on_roster_imported(context, event.model_copy(update={"county": "511402"}))
    assert identification.asked == 0
    assert learned(benefits) == 0


async def test_nobody_learns_while_a_run_freezes_what_it_reads(
    benefits: CountyBenefits,
) -> None:
    async with benefits.database.transaction() as freezing:
        await facts.gate(freezing, alone=True)
        learning = asyncio.create_task(benefits.learn(a_household()))
        done, _ = await asyncio.wait([learning], timeout=0.5)
        assert not done
    await learning
    assert learned(benefits) == 1
