"""The people of casework and what they do: an application walked along its path, step by step."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import httpx

from services.identification.place_settings import PlaceSettings
from services.identification.settings_words import check_settings
from shared.callers import Caller, Kind
from shared.months import Month
from tests.identification.makers import (
    VILLAGE,
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.register import COUNTY, Register

JPEG: Final = b"\xff\xd8\xff\xe0" + b"a photo" * 20
WORKER = {"cases:read", "cases:apply", "cases:identify"}
OFFICER = {"cases:read", "cases:accept", "cases:survey", "cases:identify"}
TOWN_HEAD = {"cases:read", "cases:review"}
COUNTY_HEAD = {"cases:read", "cases:check", "cases:decide"}


def staff(name: str, scopes: set[str], *areas: str) -> Caller:
    """Somebody at a desk."""
    areas = areas or (COUNTY,)
    return Caller(f"staff:{name}", Kind.STAFF, COUNTY, name, frozenset(scopes), areas)


CHEN_HONG = staff("chen-hong", WORKER, VILLAGE[:9])
YANG_MEI = staff("yang-mei", WORKER, VILLAGE)
WANG_FANG = staff("wang-fang", OFFICER, VILLAGE[:9])
LIU_QIANG = staff("liu-qiang", OFFICER, VILLAGE[:9])
ZHANG_LI = staff("zhang-li", TOWN_HEAD, VILLAGE[:9])
OTHER_TOWN_HEAD = staff("ren-hua", TOWN_HEAD, VILLAGE[:9])
HE_JUN = staff("he-jun", COUNTY_HEAD)
FANG_TING = staff("fang-ting", COUNTY_HEAD)
SUN_LEI = staff("sun-lei", {"cases:read", "cases:hear"})
LUO_PING = staff("luo-ping", {"cases:read", "cases:hear"})
TAN_YAN = staff("tan-yan", {"cases:read", "cases:decide"}, VILLAGE[:9])
ZHAO_MIN = staff("zhao-min", WORKER | OFFICER | TOWN_HEAD | COUNTY_HEAD, "511425102")


CHECKED: Final = {
    "person_key": "child", "ground": "orphan", "care_mode": "scattered", "father": "died",
    "mother": "missing",
}  # fmt: skip
"""What the township finds of an orphan in a family."""
TEKUN: Final = {
    "person_key": "head", "ground": "aged", "has_income_source": "no", "supporter": "none",
    "care_mode": "scattered",
}  # fmt: skip
"""What the township finds of Li Wei, who is old and has nobody but a child."""


def an_application(**said: Any) -> dict[str, Any]:
    """Li Wei and Li Na, poor, in the country."""
    return {
        "registration": "rural",
        "address": "柳溪村3组",
        "members": [
            {"key": "head", "name": "李伟", "relation": "户主", "id_number": id_number(1)},
            {
                "key": "child",
                "name": "李娜",
                "relation": "子女",
                "id_number": id_number(2, "20180910"),
            },
        ],
        **({} if "members" in said else {"whose": "head"}),
        **said,
    }


def hard_spending() -> dict[str, Any]:
    """Li Wei's stay in hospital cost seven thousand yuan, and nobody has other such spending."""
    kinds = ("disability", "elder_care", "disaster", "university")
    of_household = {f"{kind}_spending_fen_yearly": 0 for kind in kinds}
    paid = {f"illness_{payer}_paid_fen_yearly": 0 for payer in ("basic", "serious", "other", "aid")}
    members = [
        {**each, "means": {"illness_bills_fen_yearly": bills, **paid}}
        for each, bills in zip(an_application()["members"], (700000, 0), strict=True)
    ]
    return {
        "members": members,
        "whose": "head",
        "means": {**of_household, "aid_toward_spending_fen_yearly": 0},
    }


def somebody_else() -> dict[str, Any]:
    """Zhang San, who lives alone, at the head of an application."""
    return {"key": "head", "name": "张三", "relation": "户主", "id_number": id_number(11)}


def a_proxy(consent: str, **said: Any) -> dict[str, Any]:
    """Wang Wu of the village, who applies for somebody with their consent."""
    return {
        "name": "王五",
        "relation": "村干部",
        "id_number": id_number(5),
        "consent_document_id": consent,
        **said,
    }


@dataclass
class Walk:
    """One case, and the hands it goes through."""

    register: Register
    category: str = "dibao"
    proposal: dict[str, Any] = field(default_factory=lambda: {"income_fen_monthly": 18000})
    case: dict[str, Any] = field(default_factory=dict)
    papers: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/cases/{self.case['case_id']}"

    async def open(self, by: Caller = CHEN_HONG, **words: Any) -> "Walk":
        """Open a case."""
        said = {"category": self.category, **words}
        if "household_id" not in said:
            said.setdefault("village", VILLAGE)
        answer = await self.register.client.post(
            "/cases", json=said, headers=self.register.headers(by)
        )
        assert answer.status_code == 201, answer.text
        self.case = answer.json()
        return self

    async def refused(self, reasons: str = "家庭收入高于标准", **said: Any) -> "Walk":
        """Shown for its days, then refused by the county and told."""
        await self.confirming(**said)
        await self.do(HE_JUN, "refuse", decision_number="青民决〔2026〕804号", reasons=reasons)
        today = self.register.app.state.clock.today().isoformat()
        await self.do(ZHANG_LI, "tell-refusal", told_on=today)
        return self

    async def look(self, by: Caller = CHEN_HONG) -> dict[str, Any]:
        """Read the case whole."""
        self.case = (await self.register.get(self.path, by)).json()
        return self.case

    async def ask(
        self, by: Caller, act: str, *, version: int | None = None, **words: Any
    ) -> httpx.Response:
        """Ask for an act; the answer as it comes."""
        version = self.case["version"] if version is None else version
        if act == "propose" and words.get("opinion") == "grant":
            await self.complete()
        return await self.register.client.post(
            f"{self.path}/acts/{act}",
            json={"version": version, "words": words},
            headers=self.register.headers(by),
        )

    async def do(self, by: Caller, act: str, **words: Any) -> dict[str, Any]:
        """Do an act; where the case stands then."""
        to_county = {("old-age", "accept"), ("disability", "read-certificate")}
        if (self.case.get("category"), act) in to_county:
            await self.complete()
        answer = await self.ask(by, act, **words)
        assert answer.status_code == 200, answer.text
        self.case = answer.json()
        return self.case

    async def paper(self, by: Caller, kind: str, content: bytes = JPEG, **query: str) -> str:
        """Put a paper on the case; the query says whose it is, or that it is a further page."""
        answer = await self.register.client.post(
            f"{self.path}/papers",
            params={"kind": kind, **query},
            content=content,
            headers=self.register.headers(by),
        )
        assert answer.status_code == 201, answer.text
        self.papers[kind] = answer.json()["document_id"]
        return self.papers[kind]

    async def complete(self) -> None:
        """The papers that are to be there before the township is for it, where somebody may."""
        if self.register.app.state.casework.word("papers_complete_before") == "decision":
            return
        people = [each["key"] for each in self.case.get("application", {}).get("members", ())]
        papers = [{"kind": "household-register"}]
        if self.case["category"] == "disability" or self.proposal.get("ground") == "illness":
            papers.append({"kind": "illness"})
        papers += [{"kind": "id-card", "of_person": key} for key in people]
        for each in papers:
            content = JPEG + each.get("of_person", "").encode()
            path, headers = f"{self.path}/papers", self.register.headers(CHEN_HONG)
            await self.register.client.post(path, params=each, content=content, headers=headers)

    async def proxy(self, by: Caller = YANG_MEI) -> dict[str, Any]:
        """Wang Wu of the village, the applicant's consent and own ID card on file."""
        await self.paper(by, "id-card", JPEG + b"card")
        return a_proxy(await self.paper(by, "consent", JPEG + b"consent"))

    async def accepted(self, **said: Any) -> "Walk":
        """Written, submitted and accepted; of hardship through spending with what was spent."""
        await self.open()
        said = {**(hard_spending() if self.category == "rigid-spending" else {}), **said}
        await self.do(CHEN_HONG, "write", application=an_application(**said))
        await self.do(CHEN_HONG, "submit")
        await self.do(WANG_FANG, "accept")
        return self

    async def surveyed(self, **said: Any) -> "Walk":
        """Visited by two, and every adult's authorisation on file."""
        await self.accepted(**said)
        await self.letter("head")
        await self.visit()
        await self.do(WANG_FANG, "finish-survey")
        return self

    async def letter(self, key: str, by: Caller = WANG_FANG, **said: Any) -> dict[str, Any]:
        """One person's letter, signed today: a paper of its own."""
        content = JPEG + f"letter of {key}".encode()
        words = {
            "person_key": key,
            "document_id": await self.paper(by, "authorisation", content, of_person=key),
            "signed_on": self.register.app.state.clock.today().isoformat(),
        }
        return await self.do(by, "authorise", **{**words, **said})

    async def visit(self, income_fen_yearly: int = 0, **said: Any) -> str:
        """One visit, signed by two."""
        survey_id = str(uuid4())
        await self.do(
            WANG_FANG,
            "survey",
            survey_id=survey_id,
            visited_on=self.register.app.state.clock.today().isoformat(),
            family_member="李伟",
            findings="土坯房两间，无固定收入",
            income_fen_yearly=income_fen_yearly,
            **said,
        )
        await self.do(LIU_QIANG, "sign-survey", survey_id=survey_id)
        return survey_id

    async def seen_at_home(self) -> str:
        """A visit that asks for no means, signed by two."""
        survey_id, today = str(uuid4()), self.register.app.state.clock.today().isoformat()
        words = {"visited_on": today, "family_member": "李伟", "findings": "情况属实"}
        await self.do(WANG_FANG, "survey", survey_id=survey_id, **words)
        await self.do(LIU_QIANG, "sign-survey", survey_id=survey_id)
        return survey_id

    async def child_checked(self, **said: Any) -> dict[str, Any]:
        """A child's case is looked into: seen at home by two, a paper of each parent on file, and
        the household's register; where the case stands then."""
        await self.seen_at_home()
        for kind in ("father-proof", "mother-proof", "household-register"):
            await self.paper(CHEN_HONG, kind, JPEG + kind.encode())
        return await self.do(ZHANG_LI, "check-child", **{**CHECKED, **said})

    async def found(
        self, act: str = "over-standard", by: Caller = WANG_FANG, **said: Any
    ) -> dict[str, Any]:
        """What an official found, with all it rests on before a decision: a paper, a signed visit,
        a report, and that the household was told and agrees; where the case stands then."""
        ground = {} if act == "over-standard" else {"rests_on": "identity"}
        await self.do(by, act, **{**ground, **said})
        await self.paper(by, "finding-proof")
        await self.visit(said.get("income_fen_monthly", 20000) * 12)
        today = self.register.app.state.clock.today().isoformat()
        report = {"report_number": "核〔2026〕9号", "reported_on": today}
        await self.do(by, "compare", **report, authorised_on="2024-03-01")
        return await self.tell(by)

    async def tell(self, by: Caller = WANG_FANG) -> dict[str, Any]:
        """The household is told what was found and agrees, over a signature another looked at."""
        notice = await self.tell_alone(by)
        await self.do(by, "agree", notice_id=notice)
        return await self.do(ZHANG_LI, "accept-agreement", reason="已电话核实")

    async def tell_alone(self, by: Caller = WANG_FANG) -> str:
        """The household is told what was found, and signs for it."""
        today = self.register.app.state.clock.today().isoformat()
        words = {"told_on": today, "finding": "查到您家情况有变化"}
        notice = await self.paper(by, "finding-notice", JPEG + str(uuid4()).encode())
        await self.do(by, "tell-finding", **words, notice_id=notice)
        return notice

    async def authorise(self, *keys: str) -> None:
        """The letters of these, of everybody where nobody is named."""
        members = (await self.look())["application"]["members"]
        for key in keys or [each["key"] for each in members]:
            await self.letter(key)

    async def heard(self) -> None:
        """Another than who decides an appeal heard whoever lodged it, and looked into it."""
        today = self.register.app.state.clock.today().isoformat()
        await self.do(LUO_PING, "note-hearing", heard_on=today, findings="已听取意见，入户核实")

    async def looked_into(self, income_fen_yearly: int = 240000, **said: Any) -> None:
        """A change that may raise what is paid: letters, a visit signed by two, a report."""
        await self.authorise()
        await self.visit(income_fen_yearly, **said)
        await self.do(WANG_FANG, "finish-survey")
        await self.compare()

    async def proposed(self, **said: Any) -> "Walk":
        """Compared, and proposed by the township."""
        await self.surveyed(**said)
        await self.compare()
        await self.do(ZHANG_LI, "propose", opinion="grant", reasons="符合条件", **self.proposal)
        return self

    async def compare(self) -> None:
        """A dated report without a hit."""
        today = self.register.app.state.clock.today().isoformat()
        await self.do(WANG_FANG, "compare", report_number="核〔2026〕7号", reported_on=today)
        await self.do(WANG_FANG, "finish-comparison")

    async def posted(self, **said: Any) -> "Walk":
        """On the board since today."""
        await self.proposed(**said)
        await self.put_up()
        return self

    async def put_up(self, content: bytes | None = None) -> None:
        """The list on its board, with a photo of its own unless one is said."""
        content = content or JPEG + str(uuid4()).encode()
        photo = await self.paper(ZHANG_LI, "posting-photo", content)
        today = self.register.app.state.clock.today().isoformat()
        await self.do(ZHANG_LI, "post", first_day=today, photo_id=photo)

    async def object(self, by: Caller, reason: str, **said: Any) -> dict[str, Any]:
        """Somebody objects today, whom nobody knows unless it is said."""
        today = self.register.app.state.clock.today().isoformat()
        return await self.do(by, "object", received_on=today, reason=reason, **said)

    async def answer(self, by: Caller = ZHANG_LI, which: int = 1) -> dict[str, Any]:
        """Whoever objected is answered today, on the board."""
        today = self.register.app.state.clock.today().isoformat()
        words = {"answered_on": today, "answered_by": "board", "answer": "已重新入户，情况属实"}
        return await self.do(by, "answer-objection", objection=str(which), **words)

    async def filed(self, *more: str) -> "Walk":
        """The papers that say who the household is, its register and everybody's card; and more."""
        for kind in ("household-register", *more):
            await self.paper(CHEN_HONG, kind)
        for each in self.case["application"]["members"]:
            if each["id_number"]:
                of = {"of_person": each["key"]}
                await self.paper(CHEN_HONG, "id-card", JPEG + each["key"].encode(), **of)
        return self

    async def confirming(self, **said: Any) -> "Walk":
        """Shown for its days, and before the county."""
        await self.posted(**said)
        later(self.register, 7)
        await self.do(ZHANG_LI, "end-posting")
        return self


def sets(register: Register, text: str) -> None:
    """The place sets this of casework, read as at a start."""
    own = register.keys.parent / "own.yaml"
    own.write_text(text, encoding="utf-8")
    state = register.app.state
    state.casework = check_settings(PlaceSettings.read(own, state.casework.law))


def in_month(register: Register, months: int) -> None:
    """Let whole months pass."""
    today = register.app.state.clock.today()
    later(register, (Month.of(today).plus(months).first_day() - today).days)


async def a_known_household(
    register: Register, number: str = "h-1", *orders: int, **head: Any
) -> str:
    """The id of a household on dibao that a roster brought."""
    orders = orders or (1, 2)
    people = [a_person(order, name=f"李{'甲乙丙丁戊己庚'[order % 7]}") for order in orders]
    await register.imported(a_csv(rows_of(a_household(number, *people, **on_dibao(**head)))))
    (found,) = register.rows(f"SELECT id FROM household WHERE number = '{number}'")  # noqa: S608  # A test's own word.
    return str(found["id"])


def later(register: Register, days: int) -> date:
    """Let days pass; the day it is then."""
    path = register.keys.parent / "clock"
    now = datetime.fromisoformat(path.read_text(encoding="utf-8").strip()) + timedelta(days=days)
    path.write_text(now.isoformat(), encoding="utf-8")
    return now.date()
