"""A county's payments in one test: the app behind its real routes, and the cast that works it."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Self
from uuid import UUID, uuid4

import httpx
import psycopg
from fastapi import FastAPI
from psycopg.rows import dict_row
from pydantic import SecretStr

from services.payments import app, orders, payout_files, results, transfers
from services.payments.settings import Settings
from shared import crash_points
from shared.callers import Caller, Kind, TokenSigner
from shared.calls import Peer
from shared.contracts.benefits import RunClosed
from shared.secrets import KeyRing, make_keys
from shared.serving import Context
from tests.payments.makers import COUNTY, OCTOBER, a_run, an_account
from tests.trial import TrialDatabase

NOWHERE = "nats://127.0.0.1:1"
MORNING = "2026-10-09T01:00:00+00:00"


def _staff(name: str, *scopes: str, person: str = "", county: str = COUNTY) -> Caller:
    return Caller(name, Kind.STAFF, county, person or name, frozenset(scopes), (county,))


WANG_FANG = _staff(
    "wang.fang", "payouts:make", "payouts:read", "accounts:write", "reissues:make", "funds:read"
)
CHEN_JIE = _staff("chen.jie", "payouts:check", "payouts:read", "funds:read")
ZHOU_PING = _staff("zhou.ping", "payouts:release", "funds:record", "payouts:read", "funds:read")
WU_YU = _staff("wu.yu", "proofs:record", "payouts:read")
ZHAO_MIN = _staff("zhao.min", "payouts:make", "payouts:read", county="511402")
IDENTIFICATION = Caller(
    "identification",
    Kind.SERVICE,
    COUNTY,
    "",
    frozenset({"accounts:write", "reserves:spend"}),
    (COUNTY,),
)
DOOR = Caller("gateway", Kind.SERVICE, COUNTY, "", frozenset({"payouts:read"}), (COUNTY,))
NOTIFICATIONS = Caller(
    "notifications", Kind.SERVICE, COUNTY, "", frozenset({"settlements:read"}), (COUNTY,)
)


def a_bank(code: str) -> Caller:
    """A bank's courier, signed in."""
    scopes = frozenset({"bank:fetch", "bank:answer"})
    return Caller(f"{code}-courier", Kind.PARTNER, COUNTY, "", scopes, (f"bank:{code}",))


@dataclass
class Benefits:
    """What benefits would answer for a run's lines, over HTTP, page by page."""

    lines: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    fetches: int = 0
    silent: bool = False

    def client(self) -> httpx.AsyncClient:
        """Reached as a peer is reached."""
        stand_in = FastAPI()

        @stand_in.get("/runs/{run_id}/lines")
        async def page(run_id: str, limit: int, after: str = "") -> dict[str, Any]:
            if self.silent:
                raise httpx.ConnectError("benefits is away")
            self.fetches += 1
            left = [line for line in self.lines[run_id] if line["line_id"] > after]
            items = left[: min(limit, 500)]
            more = len(left) > len(items)
            return {"items": items, "next": items[-1]["line_id"] if more else None}

        transport = httpx.ASGITransport(app=stand_in)
        return httpx.AsyncClient(transport=transport, base_url="http://benefits")


@dataclass
class CountyPayments:
    """The process, its tables, and those who work with it."""

    tables: TrialDatabase
    settings: Settings
    app: FastAPI
    signer_of: dict[str, TokenSigner]
    benefits: Benefits

    @classmethod
    def stand_up(cls, tables: TrialDatabase, folder: Path, *, nats_url: str = NOWHERE) -> Self:
        """A process of its own, not listening and without a bus."""
        public: dict[str, Any] = {}
        signers = {}
        for name in ("gateway", "identification", "notifications", "payments"):
            public |= make_keys(folder / "keys" / name, name)
            signers[name] = TokenSigner(name, KeyRing.open(folder / "keys" / name))
        (folder / "public.json").write_text(json.dumps(public))
        (folder / "clock").write_text(MORNING)
        settings = Settings(
            county=COUNTY,
            port=1,
            database_url=SecretStr(tables.runtime_url),
            keys_dir=folder / "keys" / "payments",
            public_keys_file=folder / "public.json",
            files_dir=folder / "files",
            clock=f"file:{folder / 'clock'}",
            nats_url=nats_url,
            benefits_url="http://127.0.0.1:1",
        )
        settings.files_dir.mkdir(mode=0o700)
        built = app.build(settings)
        benefits = Benefits()
        own = Caller("payments", Kind.SERVICE, COUNTY, "payments", frozenset({"lines:read"}))
        context: Context = built.state.context
        context.peers["benefits"] = Peer(
            "", "benefits", signers["payments"], own, benefits.client()
        )
        return cls(tables, settings, built, signers, benefits)

    @property
    def context(self) -> Context:
        """What its listeners and tasks work with."""
        context: Context = self.app.state.context
        return context

    @property
    def now(self) -> datetime:
        """The county's clock."""
        return self.context.clock.now()

    def move_clock(self, **step: int) -> None:
        """Let time pass."""
        later = self.now + timedelta(**step)
        Path(self.settings.clock.removeprefix("file:")).write_text(later.isoformat())

    async def close(self) -> None:
        """Give the connections back."""
        crash_points._folder = None
        for peer in self.context.peers.values():
            await peer.close()
        await self.context.database.close()

    async def ask(
        self,
        who: Caller,
        method: str,
        path: str,
        *,
        key: str | None = None,
        **request: Any,
    ) -> httpx.Response:
        """One request, as this caller, through the real routes."""
        issuer = who.subject if who.kind == Kind.SERVICE else "gateway"
        token = self.signer_of[issuer].token("payments", who)
        headers = {"Authorization": f"Bearer {token}", **request.pop("headers", {})}
        if method == "POST":
            headers["Idempotency-Key"] = key or str(uuid4())
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://payments") as client:
            return await client.request(method, path, headers=headers, **request)

    async def post(self, who: Caller, path: str, words: Any, *, expect: int = 0) -> Any:
        """A POST whose success (or stated refusal) is expected; what it answered."""
        answer = await self.ask(who, "POST", path, json=words)
        assert answer.status_code == expect or (not expect and answer.is_success), answer.text
        return answer.json()

    async def get(self, who: Caller, path: str, *, expect: int = 200) -> Any:
        """A GET; what it answered."""
        answer = await self.ask(who, "GET", path)
        assert answer.status_code == expect, answer.text
        return answer.json()

    async def hand_on(self, *accounts: dict[str, Any]) -> Any:
        """Identification hands accounts on."""
        return await self.post(IDENTIFICATION, "/accounts", {"items": list(accounts)})

    async def verify(self, who: Caller, account_id: str, *, expect: int = 0) -> Any:
        """Somebody looks at an account and says that it, and all who wait there, are right."""
        seen = await self.get(who, f"/accounts/{account_id}")
        waiting = [each["relation_id"] for each in seen["payees"] if not each["verified"]]
        words = {"verified": True, "relation_ids": waiting}
        return await self.post(who, f"/accounts/{account_id}/verification", words, expect=expect)

    def announce(self, lines: Sequence[dict[str, Any]], **words: Any) -> RunClosed:
        """Benefits closes a run; the event is what payments hears."""
        event, items = a_run(lines, **words)
        self.benefits.lines[str(event.run_id)] = items
        return event

    async def order(self, lines: Sequence[dict[str, Any]], **words: Any) -> UUID:
        """A closed run becomes orders."""
        event = self.announce(lines, **words)
        await orders.take_in(self.context, event)
        return event.run_id

    async def fund(self, amount_fen: int = 10**9, **words: Any) -> Any:
        """Finance records an appropriation of the hardship fund."""
        told = {
            "fund": "hardship",
            "pay_month": OCTOBER,
            "amount_fen": amount_fen,
            "voucher": f"voucher {uuid4().hex[:8]}",
            "projects": ["dibao", "tekun"],
        }
        return await self.post(ZHOU_PING, "/appropriations", {**told, **words})

    async def make(self, run_id: UUID) -> Any:
        """The maker has the run screened and put into envelopes."""
        return await self.post(WANG_FANG, "/envelopes", {"run_id": str(run_id)})

    async def check(self, envelope: dict[str, Any]) -> Any:
        """The checker looks."""
        return await self.post(
            CHEN_JIE,
            f"/envelopes/{envelope['id']}/check",
            {"list_sha256": envelope["list_sha256"]},
        )

    async def release(self, envelope: dict[str, Any]) -> Any:
        """Finance releases."""
        return await self.post(
            ZHOU_PING,
            f"/envelopes/{envelope['id']}/release",
            {"list_sha256": envelope["list_sha256"]},
        )

    async def post_reissue(self, pay_month: str = OCTOBER) -> Any:
        """The maker asks for the next attempts of a month's failures."""
        return await self.post(WANG_FANG, "/reissues", {"pay_month": pay_month})

    async def publish(self) -> int:
        """The background publisher, once."""
        return await payout_files.publish_released(
            self.context.database, COUNTY, self.app.state.desk, self.settings.files_dir, self.now
        )

    async def hear_silence(self) -> int:
        """The background look at silent banks, once."""
        return await transfers.note_silence(
            self.context.database, COUNTY, self.app.state.desk.place, self.now
        )

    async def finish_left_over(self) -> int:
        """What a process does with staged results when it stands again."""
        return await results.apply_left_over(self.context.database, COUNTY, self.now)

    async def send_off(self, envelopes: Sequence[dict[str, Any]]) -> None:
        """Envelopes are checked, released, published and fetched by their banks."""
        for envelope in envelopes:
            await self.check(envelope)
            await self.release(envelope)
        assert await self.publish() == len(envelopes)
        for envelope in envelopes:
            await self.fetch(envelope)

    async def sent(self, *lines: dict[str, Any], **words: Any) -> list[dict[str, Any]]:
        """Lines with their accounts, ordered, funded, released and fetched; their envelopes."""
        await self.hand_on(*(an_account(line, **words) for line in lines))
        await self.fund()
        made = await self.make(await self.order(lines))
        await self.send_off(made["envelopes"])
        return list(made["envelopes"])

    async def fetch(self, envelope: dict[str, Any], part: str = "file") -> bytes:
        """Its bank fetches it."""
        answer = await self.ask(
            a_bank(envelope["bank"]), "GET", f"/bank/envelopes/{envelope['id']}/{part}"
        )
        assert answer.status_code == 200, answer.text
        return answer.content

    async def answer(
        self, content: bytes, *, bank: str = "qsrcc", name: str = "result.txt", key: str = ""
    ) -> httpx.Response:
        """A bank brings a result file."""
        digest = base64.b64encode(sha256(content).digest()).decode()
        return await self.ask(
            a_bank(bank),
            "POST",
            f"/bank/results?name={name}",
            key=key or None,
            content=content,
            headers={"Content-Digest": f"sha-256=:{digest}:"},
        )

    def as_owner(self) -> "psycopg.Connection[Any]":
        """The tables, past the process and its grants: what only a wrongdoer would do."""
        return psycopg.connect(self.tables.owner_url)

    def rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        """What lies in the tables, read past the process."""
        with psycopg.connect(self.tables.owner_url, row_factory=dict_row) as connection:
            return connection.execute(statement.encode(), values).fetchall()

    def one(self, statement: str, *values: Any) -> Any:
        """One value from the tables."""
        found = self.rows(statement, *values)
        assert len(found) == 1, found
        return next(iter(found[0].values()))

    def status_of(self, line: dict[str, Any]) -> str:
        """Where a line's money stands."""
        return str(self.one("SELECT status FROM payment_order WHERE line_id = %s", line["line_id"]))

    def last4_of(self, line: dict[str, Any]) -> str:
        """The last digits of the account a line goes to."""
        return str(
            self.one(
                "SELECT number_last4 FROM account JOIN payee_relation"
                " ON payee_relation.account_id = account.id WHERE beneficiary_id = %s",
                line["beneficiary_id"],
            )
        )

    def balances(self) -> dict[str, int]:
        """What stands in each account of the ledger."""
        found = self.rows(
            "SELECT account, sum(amount_fen)::bigint AS fen FROM ledger_posting GROUP BY 1"
        )
        return {row["account"]: row["fen"] for row in found if row["fen"]}
