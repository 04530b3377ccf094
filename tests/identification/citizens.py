"""Citizens at their own phones: admitted by a telephone, writing, handing in, being told."""

from typing import Any, Final

import httpx

from shared.callers import Caller, Kind
from tests.identification.caseworkers import JPEG, WANG_FANG, Walk
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import COUNTY, Register

PHONE: Final = "13900001234"
ANOTHER: Final = "13900005678"
GATEWAY: Final = Caller(
    "gateway",
    Kind.SERVICE,
    COUNTY,
    "gateway",
    frozenset({"applicants:admit", "publicity:read"}),
    (COUNTY,),
)


def own(person_id: str, *scopes: str) -> Caller:
    """Somebody at their own phone; with `my:read` by the telephone on record."""
    held = frozenset({"cases:own", *scopes})
    return Caller(f"citizen:{person_id}", Kind.CITIZEN, COUNTY, person_id, held)


async def admitted(register: Register, order: int = 1, phone: str = PHONE) -> Caller:
    """Whoever proved a telephone with an ID number."""
    words = {"id_number": id_number(order), "phone": phone, "name": "李伟"}
    answer = await register.client.post(
        "/applicants", json=words, headers=register.headers(GATEWAY)
    )
    assert answer.status_code == 200, answer.text
    return own(answer.json()["applicant_id"])


class Phone:
    """One case on somebody's phone."""

    def __init__(self, register: Register, caller: Caller) -> None:
        self.register, self.caller = register, caller
        self.case: dict[str, Any] = {}

    async def post(self, path: str, words: Any, **headers: str) -> httpx.Response:
        known = self.register.headers(self.caller) | headers
        return await self.register.client.post(path, json=words, headers=known)

    async def begin(self, category: str = "dibao") -> "Phone":
        answer = await self.post("/my/cases", {"category": category, "village": VILLAGE})
        assert answer.status_code == 201, answer.text
        self.case = answer.json()
        return self

    @property
    def path(self) -> str:
        return f"/my/cases/{self.case['case_id']}"

    async def say(self, part: str, **words: Any) -> dict[str, Any]:
        answer = await self.post(f"{self.path}/parts/{part}", words)
        assert answer.status_code == 200, answer.text
        self.case = answer.json()
        return self.case

    async def act(self, act: str, **words: Any) -> httpx.Response:
        answer = await self.post(f"{self.path}/acts/{act}", {"words": words})
        if answer.status_code == 200:
            self.case = answer.json()
        return answer

    async def paper(self, kind: str, content: bytes = JPEG, **params: Any) -> httpx.Response:
        return await self.register.client.post(
            f"{self.path}/papers",
            params={"kind": kind, **params},
            content=content,
            headers=self.register.headers(self.caller),
        )

    async def written(self) -> "Phone":
        """Begun, all parts said, and handed in."""
        await self.begin()
        return await self.handed_in()

    async def handed_in(self) -> "Phone":
        """All parts said, and handed in."""
        await self.say("home", registration="rural", address="柳溪村3组")
        await self.say("person", name="李娜", relation="子女", id_number=id_number(2, "20180910"))
        await self.say("member-means", key="me", means={"wage_basis": 1})
        await self.say("means", means={"farm_basis": 2, "paddy_hundredths": 150})
        await self.say("hardship", reason="生病")
        answer = await self.act("submit")
        assert answer.status_code == 200, answer.text
        return self

    async def look(self) -> dict[str, Any]:
        """Read the case whole."""
        self.case = (await self.register.get(self.path, self.caller)).json()
        return self.case

    async def sign(self) -> httpx.Response:
        """Sign one's own letter on the phone."""
        return await self.post(f"{self.path}/signature", {"name": "李伟"})

    async def officers(self, by: Caller = WANG_FANG) -> Walk:
        """The same case on an officer's desk."""
        path = f"/cases/{self.case['case_id']}"
        return Walk(self.register, case=(await self.register.get(path, by)).json())

    async def seen(self) -> Walk:
        """Handed in, shown to an officer with the ID card, and signed; the officer's side of it."""
        walk = await self.officers()
        await see(walk)
        answer = await self.sign()
        assert answer.status_code == 200, answer.text
        return await self.officers()


async def see(walk: Walk, phone: str = PHONE) -> None:
    """An officer compares the ID card with whoever stands there, and asks for their telephone."""
    today = walk.register.app.state.clock.today().isoformat()
    await walk.do(WANG_FANG, "see-identity", seen_on=today, phone_ending=phone[-4:])


def told(register: Register) -> list[dict[str, Any]]:
    """What was said of cases, in the order it was said."""
    rows = register.told("case-moved")
    return [row["body"] for row in rows]
