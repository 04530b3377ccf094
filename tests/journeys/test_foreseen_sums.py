"""What a change comes to: shown before it is decided, said in its letter, and then paid; through
identification and benefits as they speak to each other.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.benefits import listeners
from shared.callers import Caller, Kind
from shared.calls import Peer
from shared.contracts.event import Event
from shared.serving import Context
from tests.benefits.county import CountyBenefits
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    WANG_FANG,
    ZHANG_LI,
    Walk,
    a_known_household,
)
from tests.identification.citizens import Phone, admitted
from tests.identification.makers import (
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import COUNTY, Register, standing
from tests.identification.register import benefits as as_benefits
from tests.identification.test_changes import NUMBER, a_newcomer
from tests.identification.test_exits import RISEN
from tests.identification.test_letters import text_of
from tests.identification.test_own_changes import POORER, on_record
from tests.trial import MakeDatabase, NatsAt

DEAD = {"died_on": "2026-09-20"}
HEARD: dict[type[Event], Any] = {
    each.event: each.act
    for each in listeners.LISTENERS
    if each.durable not in {listeners.ROSTERS, listeners.DECISIONS}
}
"""What benefits does when it hears of an event that says all there is to learn."""


@dataclass
class Offices:
    """Identification, which asks benefits itself, and benefits; the bus is carried by hand."""

    register: Register
    benefits: CountyBenefits
    heard: int = 0
    told: int = 0

    async def carry(self) -> None:
        """Benefits learns everything that was decided since, as it fetches it, and hears of deaths
        and disputes."""
        rows = self.register.rows("SELECT id FROM determination ORDER BY id")
        for row in rows[self.heard :]:
            answer = await self.register.client.get(
                "/determinations",
                params={"determination_id": str(row["id"])},
                headers=self.register.headers(as_benefits(), "benefits"),
            )
            await self.benefits.decide(answer.json()["items"][0])
        self.heard = len(rows)
        county = self.benefits
        context = Context(
            "benefits", county.settings, county.database, county.tools.clock, county.keys
        )
        said = self.register.told("identification.")
        for each in said[self.told :]:
            for kind, hear in HEARD.items():
                if each["subject"] == kind.subject():
                    await hear(context, kind.model_validate(each["body"]))
        self.told = len(said)

    async def owed(self, *months: str) -> dict[str, dict[str, int]]:
        """What was paid for these months by programme, less what is asked back, once the run of
        each was closed."""
        for month in months:
            await self.carry()
            await self.benefits.pay(month)
        found: dict[str, dict[str, int]] = {}
        for each in (*self.benefits.lines(), *self.benefits.recoveries()):
            of_month = found.setdefault(each["month"], {})
            was = of_month.get(each["programme"], 0)
            of_month[each["programme"]] = was + each["amount_fen"]
        return found

    async def paid(self, month: str = "2026-10") -> dict[str, int]:
        """What is paid in a month by programme, once its run is closed."""
        await self.carry()
        closed = await self.benefits.pay(month)
        return {each["programme"]: each["amount_fen"] for each in self.benefits.lines(closed)}

    async def sums(self, path: str, by: Caller = WANG_FANG) -> dict[str, Any]:
        """What a case would change of what is paid, or changed."""
        answer = await self.register.get(f"{path}/sums", by)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def letter(self, walk: Walk, name: str) -> str:
        """What stands in a letter."""
        return text_of(await self.register.get(f"{walk.path}/letters/{name}", WANG_FANG))


@pytest.fixture
async def offices(
    make_database: MakeDatabase, nats_server: NatsAt, tmp_path: Path
) -> AsyncIterator[Offices]:
    """Two offices, each with its own database, and a household of two on dibao."""
    for name in ("identification", "benefits"):
        (tmp_path / name).mkdir()
    benefits = CountyBenefits.stand_up(make_database("benefits"), tmp_path / "benefits")
    tables = make_database("identification")
    async with (
        standing(tmp_path / "identification", tables, nats_server, import_children=0) as register,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(benefits.face()),
            base_url="http://benefits",
        ) as reached,
    ):
        scopes = frozenset({"sums:suppose"})
        own = Caller("identification", Kind.SERVICE, COUNTY, "", scopes, (COUNTY,))
        signer = benefits.signers["identification"]
        register.app.state.peers["benefits"] = Peer("", "benefits", signer, own, reached)
        yield Offices(register, benefits)
    await benefits.stand_down()


async def described(offices: Offices, *requests: tuple[str, dict[str, Any]]) -> Walk:
    """A change of the household h-1, described at a desk."""
    household_id = await a_known_household(offices.register)
    walk = await Walk(offices.register).open(category="change", household_id=household_id)
    await walk.look()
    for act, words in requests:
        await walk.do(CHEN_HONG, act, **words)
    return walk


async def test_what_a_change_shows_before_it_is_decided_is_what_is_then_paid(
    offices: Offices,
) -> None:
    walk = await described(
        offices,
        ("birth", a_newcomer()),
        ("income", {"income_fen_monthly": 5000, "reason": "照顾婴儿"}),
    )
    shown = await offices.sums(walk.path)
    (home,) = shown["homes"]
    assert (shown["stage"], shown["month"], home["household"]) == ("foreseen", "2026-10", "h-1")
    assert home["before_fen"] < home["after_fen"]
    await walk.paper(CHEN_HONG, "change-letter")
    await walk.do(CHEN_HONG, "submit")
    await walk.looked_into(60_000)
    assert (await offices.sums(walk.path))["homes"] == [home], "found as it was declared"
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await walk.do(HE_JUN, "confirm", decision_number=NUMBER, from_month="2026-10")
    assert await offices.paid() == {"dibao": home["after_fen"]}
    after = await offices.sums(walk.path)
    assert (after["stage"], after["homes"]) == ("decided", [home])
    before, now = (
        f"{fen // 100}.{fen % 100:02}" for fen in (home["before_fen"], home["after_fen"])
    )
    letter = await offices.letter(walk, "decision")
    assert f"自2026年10月起，最低生活保障每月由{before}元变为{now}元" in letter


async def test_a_household_reads_on_its_telephone_what_it_would_be_paid(offices: Offices) -> None:
    await a_known_household(offices.register)
    phone = Phone(offices.register, await on_record(offices.register, "李乙"))
    phone.case = (await phone.post("/my/cases", {"category": "change"})).json()
    await phone.act("income", **POORER)
    shown = await offices.sums(phone.path, phone.caller)
    (home,) = shown["homes"]
    await offices.carry()
    assert await offices.paid("2026-10") == {"dibao": home["before_fen"]}, "nobody decided"
    assert home["after_fen"] - home["before_fen"] == 7000
    (line,) = home["lines"]
    assert line["whose"] is None


async def test_a_death_shows_what_those_who_live_on_are_paid(offices: Offices) -> None:
    household_id = await a_known_household(offices.register)
    walk = await Walk(offices.register).open(category="exit", household_id=household_id)
    members = (await walk.look())["application"]["members"]
    await walk.do(CHEN_HONG, "death", person_key=members[1]["key"], **DEAD)
    (home,) = (await offices.sums(walk.path))["homes"]
    assert 0 < home["after_fen"] < home["before_fen"]
    await walk.paper(CHEN_HONG, "finding-proof")
    await walk.do(HE_JUN, "end", decision_number=NUMBER, from_month="2026-10")
    assert await offices.paid() == {"dibao": home["after_fen"]}


async def test_whoever_is_in_prison_is_not_paid_for(offices: Offices) -> None:
    walk = await described(offices)
    (_, taken) = (await walk.look())["application"]["members"]
    words = {"why": "prison", "away_from": "2026-08-02", "proof": "判决书"}
    await walk.do(CHEN_HONG, "away", person_key=taken["key"], **words)
    (home,) = (await offices.sums(walk.path))["homes"]
    assert 0 < home["after_fen"] < home["before_fen"]
    await walk.paper(CHEN_HONG, "change-letter")
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await walk.do(HE_JUN, "confirm", decision_number=NUMBER, from_month="2026-10")
    assert (await offices.sums(walk.path))["homes"] == [home]
    assert await offices.paid() == {"dibao": home["after_fen"]}


async def test_a_fade_out_says_that_its_sum_is_still_to_be_known(offices: Offices) -> None:
    household_id = await a_known_household(offices.register)
    walk = await Walk(offices.register).open(category="exit", household_id=household_id)
    await walk.look()
    await walk.found("over-standard", **RISEN)
    (home,) = (await offices.sums(walk.path))["homes"]
    assert home["after_fen"] in {0, None}
    await walk.do(HE_JUN, "fade", decision_number="青民退〔2026〕1号")
    assert "自2026年10月起" in await offices.letter(walk, "fading")


async def test_with_benefits_away_no_sum_is_made_up(offices: Offices) -> None:
    walk = await described(offices, ("income", {"income_fen_monthly": 20000, "reason": "打工"}))
    offices.register.app.state.peers["benefits"] = Peer(
        "http://127.0.0.1:1",
        "benefits",
        offices.benefits.signers["identification"],
        Caller("identification", Kind.SERVICE, COUNTY, "", frozenset(), (COUNTY,)),
    )
    shown = await offices.sums(walk.path)
    assert (shown["homes"], "查不到" in shown["missing"]["zh"]) == ([], True)
    await walk.paper(CHEN_HONG, "change-letter")
    await walk.do(CHEN_HONG, "submit")
    await walk.do(ZHANG_LI, "propose", opinion="grant", reasons="属实")
    await walk.do(HE_JUN, "confirm", decision_number=NUMBER, from_month="2026-10")
    assert "以发放时的通知为准" in await offices.letter(walk, "decision")
    await offices.register.app.state.peers["benefits"].close()


async def test_a_telephone_nobody_has_seen_reads_no_sum(offices: Offices) -> None:
    phone = Phone(offices.register, await admitted(offices.register))
    await phone.begin()
    answer = await offices.register.get(f"{phone.path}/sums", phone.caller)
    assert answer.status_code == 403


async def test_what_is_anothers_own_is_not_told_to_whoever_asks(offices: Offices) -> None:
    old = a_person(2, id_number=id_number(2, "19300304"), old_age="是")
    home = a_household("h-1", a_person(1, name="李乙"), old, **on_dibao())
    await offices.register.imported(a_csv(rows_of(home)))
    phone = Phone(offices.register, await on_record(offices.register, "李乙"))
    phone.case = (await phone.post("/my/cases", {"category": "change"})).json()
    await phone.act("income", **POORER)
    (mine,) = (await offices.sums(phone.path, phone.caller))["homes"]
    await phone.act("submit")
    walk = await phone.officers()
    (whole,) = (await offices.sums(walk.path))["homes"]
    assert len(whole["lines"]) > len(mine["lines"]) == 1
    assert whole["before_fen"] > mine["before_fen"]
