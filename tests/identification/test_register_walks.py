"""Every entry of every register, walked: whatever its table says can be done, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import httpx
import pytest

from services.identification.grammar.acts import Act, Field
from services.identification.place_settings import PlaceSettings
from services.identification.registers.needs import needs_in_words
from services.identification.registers.tables import RegisterTable, all_registers
from shared.callers import Caller
from tests.identification.caseworkers import ZHANG_LI, staff
from tests.identification.ledgers import CAST, GAO_FEI, HEAD, Ledger
from tests.identification.makers import VILLAGE, a_csv, a_household, a_person, id_number, rows_of
from tests.identification.register import NOW, Register
from tests.identification.test_village_registers import ITEMS
from tests.identification.walking import BEGUN_MAX, Rows, Walked, walk_all

KEEPING: Final = {"low-income:read", "low-income:keep", "low-income:agree"}
LU_MIN: Final = staff(
    "lu-min", HEAD | KEEPING | {"complaints:reporter", "cases:apply", "requests:take"}
)
TAO_JIE: Final = staff("tao-jie", HEAD | KEEPING | {"cases:accept"})
EVERYBODY: Final = (*CAST, LU_MIN, TAO_JIE)
ACCUSED: Final = ("nobody", "household", "village-cadre", "township-officer")
"""Whom a complaint is against; officers of the county have tests of their own."""


@dataclass
class WalkedEntry(Walked):
    """An entry of a register."""

    ledger: Ledger = field(kw_only=True)
    paper: str = ""

    @property
    def own(self) -> RegisterTable:
        """Its table."""
        assert isinstance(self.table, RegisterTable)
        return self.table

    async def begin(self) -> None:
        which = {
            "household": f"h-{self._order()}",
            "person": id_number(self._order()),
            "village": f"51142500100{self.begun}" if self.begun < 10 else VILLAGE,
            "unit": f"第{self.begun}办公室",
            "nothing": None,
        }
        about = self.own.about[0]
        by = self.chance.choice([each for each in (GAO_FEI, LU_MIN, TAO_JIE) if self._opens(each)])
        of_village = self.own.level == "village" and about == "nothing"
        self.ledger.area = VILLAGE if of_village else None
        answer = await self.ledger.ask_to_open(
            by, about=(about, which[about]), **await self.words(self.own.opens)
        )
        assert answer.status_code == 201, answer.text
        self.now = self.ledger.entry = answer.json()
        if any(each.type == "paper" for each in self.own.fields.values()):
            self.paper = await self.ledger.paper(LU_MIN)

    def _order(self) -> int:
        """A number for each household and person of this register."""
        return BEGUN_MAX * sorted(all_registers()).index(self.own.kind) + self.begun

    def _opens(self, by: Caller) -> bool:
        return bool(by.scopes & self.own.opens.scopes and by.scopes & self.own.read)

    async def ask(
        self, by: Caller, act: str, words: dict[str, Any], version: int
    ) -> httpx.Response:
        self.ledger.entry = {**self.now, "version": version}
        return await self.ledger.ask(by, act, **words)

    def may(self, by: Caller, act: Act) -> bool:
        near = by.may_see(self.now["area"])
        theirs = by.subject in {self.now["owner"], self.now["opened_by"]}
        said = {each["field"]: each["said"] for each in self.now.get("says", [])}
        accused = by.subject in {said.get(name) for name in self.own.against}
        reads = bool(by.scopes & self.own.read)
        return bool(by.scopes & act.scopes) and reads and (near or theirs) and not accused

    async def remedy(self, need: str) -> bool:
        """The leaving that wrong money opened is decided: nothing was in it."""
        led = self.now.get("leads_to")
        if need != "its-case-is-over" or not led:
            return False
        register, path = self.ledger.register, f"/cases/{led['case_id']}"
        version = (await register.get(path, ZHANG_LI)).json()["version"]
        said = {"version": version, "words": {"reasons": "查无此情"}}
        answer = await register.client.post(
            f"{path}/acts/dismiss", json=said, headers=register.headers(ZHANG_LI)
        )
        return answer.status_code == 200

    async def word(self, act: Act, asked: Field, said: Mapping[str, Any]) -> Any:
        chance, day = self.chance, date.fromisoformat(self.today())
        if asked.optional and act is not self.own.opens and chance.random() < 0.4:
            return None
        own = {
            "year": day.year,
            "first_month": "2026-07",
            "last_month": "2026-08",
            "due_on": str(day + timedelta(days=30)),
            "mended_by": str(day + timedelta(days=30)),
            "items": ITEMS,
            "village": VILLAGE,
            "inspected_on": str(day.replace(month=chance.randrange(1, 10), day=1)),
            "accused_unit": None,
            "accused_kind": chance.choice(ACCUSED),
            "category": chance.choice(["hardship", "care"]),
            "public_title": "一起案例",
            "public_text": "已经处理",
            "household": None,
            "pairing": None,
            "money": None if act is self.own.opens else "wrongly-paid",
            "request": "enter",
            "stay_id": None,
            "signing": "signed",
            "receipt": (self.now.get("leads_to") or {}).get("receipt", "E000-0000"),
        }
        if asked.name in own:
            return own[asked.name]
        if asked.type == "paper":
            return self.paper
        accounts = CAST if asked.name in self.own.against else EVERYBODY
        plain = {
            "account": chance.choice(accounts).person,
            "area": VILLAGE[:9],
            "id-number": id_number(500 + self.begun),
            "text": "情况属实",
            "phone": "13900001234",
            "lines": ["一条", "两条"],
            "date": self.today(),
            "month": self.today()[:7],
            "fen": chance.randrange(50_000),
            "count": chance.randrange(1, 30),
            "flag": chance.random() < 0.5,
        }
        return plain[asked.type] if asked.type in plain else chance.choice(list(asked.choices))


@pytest.fixture(scope="module")
async def ledgers(county: Register) -> Register:
    """A county with households for every register, and its list of village affairs."""
    place: PlaceSettings = county.app.state.casework
    words = {**place.words, "village_affairs_items": ITEMS}
    county.app.state.casework = PlaceSettings(words, place.law)
    kinds = sorted(all_registers())
    homes = [
        a_household(f"h-{order}", a_person(order))
        for number, kind in enumerate(kinds)
        if {"household", "person"} & set(all_registers()[kind].about[:1])
        for order in range(BEGUN_MAX * number + 1, BEGUN_MAX * (number + 1) + 1)
    ]
    await county.imported(a_csv(rows_of(*homes)))
    return county


@pytest.mark.parametrize("kind", sorted(all_registers()))
async def test_every_act_is_done_and_only_what_its_table_allows_ever_happens(
    ledgers: Register, rows: Rows, kind: str
) -> None:
    (ledgers.keys.parent / "clock").write_text(NOW, encoding="utf-8")
    table = all_registers()[kind]
    walked = WalkedEntry(
        ledgers, table, rows, needs_in_words(), EVERYBODY, ledger=Ledger(ledgers, kind)
    )
    await walk_all(walked)
    stood = table.begins
    shown = await ledgers.get(f"/entries/{walked.now['entry_id']}", GAO_FEI)
    for each in shown.json()["history"] if shown.status_code == 200 else []:
        assert each["from"] == stood
        stood = each["to"]
