"""A case that random hands walk along its table, with the words, papers and days its acts want."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import httpx

from services.identification.casework.papers import archive
from services.identification.casework.paths import CasePath, all_paths
from services.identification.grammar.acts import STOPPED, Act, Field, Words
from services.identification.place_settings import PlaceSettings
from shared.callers import Caller
from shared.months import Month
from tests.identification.caseworkers import (
    CHEN_HONG,
    COUNTY_HEAD,
    FANG_TING,
    HE_JUN,
    JPEG,
    LIU_QIANG,
    LUO_PING,
    OFFICER,
    SUN_LEI,
    TOWN_HEAD,
    WANG_FANG,
    WORKER,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    later,
    staff,
)
from tests.identification.citizens import PHONE, Phone, admitted, see
from tests.identification.makers import VILLAGE, id_number
from tests.identification.test_temporary_aid import LIMITS, ZHAO_GANG
from tests.identification.walking import Walked

GU_YUAN: Final = staff("gu-yuan", COUNTY_HEAD | {"cases:survey", "cases:review"})
MO_LI: Final = staff("mo-li", {"cases:read", "cases:decide"})
TIAN_FANG: Final = staff("tian-fang", OFFICER | TOWN_HEAD, VILLAGE[:9])
EVERYBODY: Final = (
    CHEN_HONG, WANG_FANG, LIU_QIANG, ZHANG_LI, ZHAO_GANG, TIAN_FANG, HE_JUN, GU_YUAN, FANG_TING,
    MO_LI, SUN_LEI, LUO_PING, ZHAO_MIN,
)  # fmt: skip
READER: Final = staff("reader", WORKER | OFFICER | TOWN_HEAD | COUNTY_HEAD | {"cases:hear"})
"""Whoever may do anything, and only looks."""
_STAGES: Final = [
    {"board": "village", "stands": "before-opinion", "days": 7},
    {"board": "township", "stands": "before-county", "days": 5},
    {"board": "county", "stands": "before-decision", "days": 5},
]
PLACES: Final[tuple[Mapping[str, Any], ...]] = (
    {},
    {"sample_percent": {"township": 100, "county": 100}, "posting_stages": _STAGES},
    {"appraisal": "always", "posting_stages": _STAGES},
)
"""What places set otherwise: one beginning after another is of the next."""
DAYS: Final = {
    "posted-long-enough": 8,
    "fade-out-over": 220,
    "stage-of-another-month": 31,
    "finding-heard": 10,
    "hits-settled": 10,
}
"""What comes of itself, by the days that must pass."""
SAMPLES: Final = {"sample-visited": "township", "sample-visited-by-county": "county"}
PAPERS: Final = {
    "finding-shown": "finding-proof", "shown-as-found": "survey-form", "kin-shown": "support-proof",
}  # fmt: skip
"""The paper that meets a need by lying there."""
FILE: Final = {
    "file-complete", "papers-filed", "papers-ready", "applicant-identified", "applicants-id-filed",
    "guardianship-filed",
}  # fmt: skip
"""What is met by every paper of the file."""
ONCE: Final = {"posting-photo", "minutes", "finding-notice"}
"""Papers of one day alone."""
OF_ONE: Final = {"id-card", "authorisation", "guardianship", "letter-excuse", "support-proof"}
"""Papers of one person."""
OLD, CHILD = 1, 2
"""Where they stand among the people of a home."""
BY_HAND: Final = {"survey", "sign-survey", "survey-late", "propose", "correct", "spot-check"}
"""Whoever did one of these in a round decides nothing of it."""


@dataclass(frozen=True)
class Home:
    """A household of the register."""

    household_id: str
    order: int
    """Of its head; those of the others follow."""

    @property
    def dead(self) -> str:
        """Whoever is recorded as dead."""
        return id_number(self.order + 3)


@dataclass
class Homes:
    """Households of the register, each taken once."""

    assisted: Iterator[Home]
    others: Iterator[Home]


@dataclass
class WalkedCase(Walked):
    """A case of a category."""

    walk: Walk = field(kw_only=True)
    homes: Homes = field(kw_only=True)
    home: Home = field(default_factory=lambda: Home("", 0))
    place: PlaceSettings = field(kw_only=True)
    surveys: list[str] = field(default_factory=list)
    turns: int = 0
    income: int = 0
    """What it is said to earn a month in fen; nought for anything."""

    @property
    def own(self) -> CasePath:
        """Its path."""
        assert isinstance(self.table, CasePath)
        return self.table

    @property
    def people(self) -> list[dict[str, Any]]:
        """Whom it names."""
        found: list[dict[str, Any]] = self.now.get("application", {}).get("members", [])
        return found

    @property
    def whose(self) -> str:
        """Whom it is applied for."""
        return {"children": "child", "old-age": "wife"}.get(self.own.category, "head")

    @property
    def offered(self) -> Mapping[str, Mapping[str, Any]]:
        """What its page offers, as it is asked for there."""
        return {each["act"]: each for each in self.now["acts"]}

    def acts_here(self) -> list[Act]:
        return [each for each in super().acts_here() if self._comes_about(each)]

    def _comes_about(self, act: Act) -> bool:
        """Whether an act is offered, or another that is offered leads to it."""
        first = {name for need in act.when for name in self.needs[need].by}
        return not self.offered.keys().isdisjoint({act.name, *first})

    def fields_of(self, act: Act) -> Mapping[str, Field]:
        if act.asks is None or act.name not in self.offered:
            return act.fields
        return {
            name: Field(
                name, each["type"], Words(each["zh"], each["en"]), each["optional"], each["most"],
                {key: Words(**words) for key, words in each["choices"].items()}, each["kind"],
            )
            for name, each in self.offered[act.name]["fields"].items()
        }  # fmt: skip

    async def begin(self) -> None:
        self._set(PLACES[(self.begun - 1) % len(PLACES)])
        self.surveys, self.walk.papers = [], {}
        about: dict[str, Any] = {}
        if self.own.about_household:
            # Of a household that has left, the certificate is taken back.
            left = self.own.category == "certificate" and self.begun % 2 == 0
            self.home = next(self.homes.others if left else self.homes.assisted)
            about["household_id"] = self.home.household_id
        if self.own.about_case:
            self._set({})
            about["about_case_id"] = await self._decided()
        if self.begun % 3 == 0 and "see-identity" in self.own.acts:
            await self._begin_on_a_phone()
        else:
            by = SUN_LEI if self.own.about_case else CHEN_HONG
            await self.walk.open(by, category=self.own.category, **about)
        self.now = await self.walk.look(READER)

    def _set(self, words: Mapping[str, Any]) -> None:
        """The place sets this beside what lets the township help."""
        always = {"aid_where_it_happens": True, **LIMITS, **words}
        self.county.app.state.casework = PlaceSettings(
            {**self.place.words, **always}, self.place.law
        )

    async def _begin_on_a_phone(self) -> None:
        """Somebody applies themselves, or reports what has changed, and hands in."""
        if self.own.about_household:
            caller = await admitted(self.county, self.home.order)
            # A household is open to a telephone once an officer has seen who holds it.
            await see(await (await self._applied(caller, "disability")).officers())
            phone = await Phone(self.county, caller).begin(self.own.category)
            await phone.act("income", income_fen_monthly=5_000, reason="失业")
            assert (await phone.act("submit")).status_code == 200
        else:
            caller = await admitted(self.county, self._order())
            phone = await self._applied(caller, self.own.category)
        self.walk.case = phone.case

    async def _applied(self, caller: Caller, category: str) -> Phone:
        """Somebody applies on their telephone."""
        phone = await Phone(self.county, caller).begin(category)
        await phone.say("home", registration="rural", address="柳溪村3组")
        await phone.say("hardship", reason="生病")
        if all_paths()[category].is_of_one:
            await phone.say("whose", key="me")
        hands_in = all_paths()[category].hand_in
        assert hands_in is not None
        answer = await phone.act(hands_in.name, **await self.words(hands_in))
        assert answer.status_code == 200, answer.text
        return phone

    async def _decided(self) -> str:
        """An application that was refused."""
        said = self._application()
        walk = await Walk(self.county).refused(members=said["members"][:1], whose="head")
        return str(walk.case["case_id"])

    async def ask(
        self, by: Caller, act: str, words: dict[str, Any], version: int
    ) -> httpx.Response:
        answer = await self.county.client.post(
            f"{self.walk.path}/acts/{act}",
            json={"version": version, "words": words},
            headers=self.county.headers(by),
        )
        if answer.status_code == 200:
            self.walk.case = answer.json()
            if "survey_id" in words and act.startswith("survey"):
                self.surveys.append(words["survey_id"])
        return answer

    async def check(self, by: Caller, act: Act) -> None:
        self.now = await self.walk.look(READER)
        history, stood = self.now["history"], self.own.begins
        for each in history:
            assert each["from"] == stood, f"{each['act']} from where it did not stand"
            stood = each["to"]
        last = history[-1]
        assert (last["act"], last["by"], stood) == (act.name, by.subject, self.state)
        self._check_clocks(act, last["from"])
        if "decision_number" in act.fields and not self.own.about_case:
            round_ = [each for each in history[:-1] if each["act"] in BY_HAND]
            hands = {each["by"] for each in round_}
            assert by.subject not in hands, f"{by.person} did {act.name}, and had a hand in it"

    def _check_clocks(self, act: Act, before: str) -> None:
        """A clock runs where the table says so, and nowhere else."""
        clock, due = self.own.states[self.state].clock, self.now["state_due_on"]
        if self.state != before and clock != STOPPED:
            assert (due is not None) == (clock is not None), f"{self.state}: {due}"
        if act.meets or act.stops:
            name = "state_due_on" if act.meets else "due_on"
            assert self.now[name] is None, f"{act.name} leaves {name} {self.now[name]}"
        if act.starts:
            assert self.now["due_on"] > self.today(), f"{act.name} starts no clock"

    def may(self, by: Caller, act: Act) -> bool:
        return bool(by.scopes & act.scopes) and by.may_see(VILLAGE)

    async def remedy(self, need: str) -> bool:
        if need in DAYS:
            later(self.county, DAYS[need])
        elif need in SAMPLES:
            await self._draw(SAMPLES[need])
        elif need in PAPERS:
            await self._brought(PAPERS[need])
        elif need == "set-aside-before":
            return await self._set_aside()
        elif need in FILE:
            for kind in archive.ITEMS:
                await self._brought(kind)
        else:
            return False
        return True

    async def _brought(self, kind: str) -> None:
        """A paper of this kind; one of each, where it is one person's."""
        for each in self.people if kind in OF_ONE else [{"key": None}]:
            await self._paper(kind, each["key"])

    async def _draw(self, stage: str) -> None:
        """A sample of those that wait."""
        by = ZHANG_LI if stage == "township" else HE_JUN
        words = {"stage": stage, "category": self.own.category}
        answer = await self.county.client.post(
            "/samples", json=words, headers=self.county.headers(by)
        )
        assert answer.status_code in {201, 409}, answer.text

    async def _set_aside(self) -> bool:
        """What is decided of this exit is appealed and set aside: it stands where it stood."""
        ways = {"over-standard": "fade", "wrongly-in": "remove", "died": "end"}
        decide = ways.get(self.state, "leave")
        words = await self.words(self.own.acts[decide])
        answer = await self.ask(FANG_TING, decide, words, self.now["version"])
        if answer.status_code != 200:
            return False
        appeal = await Walk(self.county, "appeal").open(
            CHEN_HONG, about_case_id=self.walk.case["case_id"]
        )
        lodged = {"lodged_on": self.today(), "lodged_by": "李甲", "grounds": "没有超标"}
        await appeal.do(SUN_LEI, "lodge", **lodged)
        await appeal.do(SUN_LEI, "accept")
        await appeal.do(SUN_LEI, "set-aside", decision_number=str(uuid4()), reasons="没查清")
        self.now = await self.walk.look(READER)
        return True

    async def _paper(self, kind: str, of: str | None = None) -> str | None:
        """A paper of this kind on file; nothing where the file is closed."""
        key = f"{kind} of {of}"
        if kind in ONCE or key not in self.walk.papers:
            content = JPEG + (str(uuid4()) if kind in ONCE else key).encode()
            answer = await self.county.client.post(
                f"{self.walk.path}/papers",
                params={"kind": kind, **({"of_person": of} if of else {})},
                content=content,
                headers=self.county.headers(WANG_FANG),
            )
            if answer.status_code == 409:
                return None
            assert answer.status_code == 201, answer.text
            self.walk.papers[key] = answer.json()["document_id"]
        return self.walk.papers[key]

    async def word(self, act: Act, asked: Field, said: Mapping[str, Any]) -> Any:
        chance, today = self.chance, self.today()
        if asked.name == "person_key" and "ends" in act.fields:
            return self.people[OLD]["key"] if act.name == "ground-gone" else None
        if act.name == "guardian" and asked.name in {"person_key", "pays"}:
            return self.people[CHILD]["key"] if asked.name == "person_key" else "own"
        if act.name == "alive" and asked.name == "id_number":
            return self.home.dead
        if asked.name == "person_key" and "whose-named" in act.needs:
            return self.whose
        if asked.optional and (chance.random() < 0.4 or self.own.category == "review"):
            return None
        own = self._own_word(act, asked)
        if own is not _NOT_OWN:
            return own
        if asked.type == "document":
            kind = asked.kind or "other"
            named = said.get("person_key") if kind in OF_ONE else None
            known = {each["key"] for each in self.people}
            return await self._paper(kind, named if named in known else None)
        plain = {
            "account": "zhou-yi",
            "area": VILLAGE,
            "text": "情况属实",
            "lines": ["一条", "两条"],
            "date": today,
            "month": today[:7],
            "fen": chance.randrange(50_000),
            "count": chance.randrange(1, 30),
            "flag": chance.random() < 0.7,
            "means": {"household": {"paddy_hundredths": chance.randrange(900)}},
            "person": self._somebody(),
            "people": [each["key"] for each in self.people if each["key"] != "child"],
            "id-number": id_number(chance.randrange(300, 900)),
        }
        return plain[asked.type] if asked.type in plain else chance.choice(list(asked.choices))

    def _own_word(self, act: Act, asked: Field) -> Any:
        """A word that only this field wants."""
        chance, today = self.chance, self.today()
        own: dict[str, Any] = {
            "visitor": lambda: None,
            "other_visitor": lambda: None,
            "complaint": lambda: None,
            "guardian_number": lambda: id_number(999, "19700304"),
            "application": lambda: self._application(),
            "phone_ending": lambda: PHONE[-4:],
            "officer": lambda: "zhou-yi",
            "due": lambda: 10,
            "present": lambda: 5 if act.name == "no-quorum" else 10,
            "in_favour": lambda: chance.choice([2, 6]),
            "failed": lambda: chance.randrange(7),
            "opinion": lambda: chance.choice(["grant", "grant", "grant", "refuse"]),
            "valid_months": lambda: chance.randrange(1, 13),
            "stages": lambda: chance.randrange(1, 4),
            "amount_fen": lambda: chance.choice([40_000, 90_000, 300_000]),
            "household_number": lambda: "h-other",
            "decision_number": lambda: str(uuid4()),
            "survey_id": lambda: self._survey(act),
            "from_month": lambda: str(Month.parse(today[:7]).next()),
            "ends": lambda: "old-age" if act.name == "ground-gone" else "dibao",
            "account_number": lambda: "6219980000000000012",
            "bank": lambda: "青神县商业银行",
            "income_fen_yearly": lambda: chance.choice([144_000, 240_000]),
            "as_found": lambda: chance.random() < 0.5,
            "income_fen_monthly": lambda: self.income or chance.choice([5_000, 20_000]),
            "authorised_on": lambda: "2024-03-01",
        }
        return own[asked.name]() if asked.name in own else _NOT_OWN

    def _survey(self, act: Act) -> str:
        known = self.surveys and not act.name.startswith("survey")
        return self.chance.choice(self.surveys) if known else str(uuid4())

    def _somebody(self) -> str:
        """One of them after the other."""
        self.turns += 1
        return self.people[self.turns % len(self.people)]["key"] if self.people else "head"

    def _order(self) -> int:
        """A number for each applicant of this category."""
        return 300 + 40 * sorted(all_paths()).index(self.own.category) + self.begun

    def _application(self) -> dict[str, Any]:
        """A family nobody knows yet, whose illness cost much."""
        whose = (
            ("head", "户主", "19550304"),
            ("wife", "配偶", "19370304"),
            ("child", "孙子女", "20180910"),
        )
        kinds = ("disability", "elder_care", "disaster", "university")
        paid = ("basic", "serious", "other", "aid")
        return {
            "registration": "rural",
            "address": "柳溪村3组",
            "phone": PHONE,
            "whose": self.whose,
            "means": {
                **{f"{kind}_spending_fen_yearly": 0 for kind in kinds},
                "aid_toward_spending_fen_yearly": 0,
            },
            "members": [
                {"key": key, "name": "李伟", "relation": relation,
                 "id_number": id_number(self._order(), born),
                 "means": {
                     "illness_bills_fen_yearly": 700_000 if key == "head" else 0,
                     **{f"illness_{payer}_paid_fen_yearly": 0 for payer in paid},
                 }}
                for key, relation, born in whose
            ],
        }  # fmt: skip


_NOT_OWN: Final = object()
