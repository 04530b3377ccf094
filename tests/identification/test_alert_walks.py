"""Alerts, walked: whatever their table says can be done, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Final

import httpx

from services.identification.comparison.alerts import needs_in_words
from services.identification.comparison.kinds import read_kinds
from services.identification.grammar.acts import Act, Field
from shared.callers import Caller
from tests.identification.caseworkers import JPEG, later
from tests.identification.lists import MAKER, a_register, alerts, compared, delivered, officer
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register
from tests.identification.walking import Rows, Walked, walk_all

WRITER: Final = officer("chen-hong", "alerts:answer", "alerts:read")
WATCHED: Final = {"deliver", "help"}
"""What is looked at again until it is over."""
EVERYBODY: Final = (
    officer("ma-lan", "alerts:assign", "alerts:read"),
    officer("liu-qiang", "alerts:check", "alerts:read"),
    officer("he-jun", "alerts:decide", "alerts:read"),
    officer("gu-yuan", "alerts:decide", "alerts:check", "alerts:assign", "alerts:read"),
    WRITER,
    officer("zhao-min", "alerts:decide", "alerts:check", area="511425102"),
)


@dataclass
class WalkedAlert(Walked):
    """An alert."""

    raised: list[dict[str, Any]] = field(kw_only=True)

    async def begin(self) -> None:
        self.now = self.raised.pop()

    async def ask(
        self, by: Caller, act: str, words: dict[str, Any], version: int
    ) -> httpx.Response:
        return await self.county.client.post(
            f"/alerts/{self.now['alert_id']}/acts/{act}",
            json={"version": version, "words": words},
            headers=self.county.headers(by),
        )

    def may(self, by: Caller, act: Act) -> bool:
        return bool(by.scopes & act.scopes) and by.may_see(VILLAGE)

    async def remedy(self, need: str) -> bool:
        if need == "heard":
            later(self.county, 10)
        elif need == "signed-by-them":
            await self.county.client.post(
                f"/alerts/{self.now['alert_id']}/papers",
                content=JPEG + str(self.asked).encode(),
                headers=self.county.headers(WRITER),
            )
        return need in {"heard", "signed-by-them"}

    async def word(self, act: Act, asked: Field, said: Mapping[str, Any]) -> Any:
        if asked.optional:
            return None
        if asked.name == "outcome":
            leads_to = read_kinds().of(self.now["kind"]).leads_to
            unseen = [each for each in leads_to if each in WATCHED and "watched" not in self.stood]
            return self.chance.choice(unseen or leads_to)
        if asked.name == "found":
            return self.chance.choice(["so", "so", "so", "not-so"])
        if asked.type == "account":
            return self.chance.choice(["liu-qiang", "gu-yuan"])
        plain = {"text": "情况属实", "date": self.today()}
        return plain[asked.type] if asked.type in plain else self.chance.choice([*asked.choices])


async def test_every_act_is_done_and_only_what_the_table_allows_ever_happens(
    county: Register, rows: Rows
) -> None:
    await a_register(county)
    await delivered(county, "deaths", *((id_number(each), "2026-09-02") for each in range(1, 5)))
    wages = ((id_number(each), "u-1", "3000.00") for each in range(1, 5))
    await delivered(county, "public-payroll", *wages)
    cards = ((id_number(each), "一级", "") for each in range(1, 5))
    await delivered(county, "disability-certificates", *cards)
    for feed, said in (("vehicles", ""), ("property", ""), ("farm-machinery", "90000")):
        owned = ((id_number(each), f"{each}-{of}", said) for each in (1, 3) for of in range(5))
        await delivered(county, feed, *owned)
    await compared(county)
    raised = sorted(await alerts(county, MAKER), key=itemgetter("kind"))
    walked = WalkedAlert(
        county, read_kinds().path, rows, needs_in_words(), EVERYBODY, raised=raised,
        begun_max=len(raised),
    )  # fmt: skip
    await walk_all(walked)
