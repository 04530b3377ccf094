"""The verbs of a county's month, as tests speak them, on a real database."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, Self
from uuid import UUID

import httpx
import psycopg
from fastapi import FastAPI
from psycopg.rows import dict_row

import policies
from services.benefits import app as benefits_app
from services.benefits import facts, packs, runs, signatures
from services.benefits.calculation import Tools
from services.benefits.facts import Told
from services.benefits.models import Run
from services.benefits.months_due import Terms
from services.benefits.runs import Wanted
from services.benefits.settings import Settings
from shared.callers import Caller, TokenSigner
from shared.clock import Clock
from shared.contracts.benefits import RunKind
from shared.database import Database
from shared.ids import new_id
from shared.months import Month
from shared.secrets import KeyRing, make_keys
from shared.settings import load
from tests.benefits.makers import COUNTY, LI_QIANG, OCTOBER, WANG_FANG
from tests.trial import TrialDatabase

ISSUERS: Final = ("gateway", "identification")


@dataclass
class CountyBenefits:
    """One county's benefits: what it is told, and what its people ask of it."""

    settings: Settings
    database: Database
    tables: TrialDatabase
    signers: Mapping[str, TokenSigner]
    """Who may speak to it, each with a key of its own."""
    faces: list[FastAPI] = field(default_factory=list)
    """Its processes that were asked: each has connections of its own."""

    @classmethod
    def stand_up(cls, tables: TrialDatabase, folder: Path, **knobs: str) -> Self:
        """Its folders, keys, clock and settings."""
        public = make_keys(folder / "keys", "benefits")
        for issuer in ISSUERS:
            public |= make_keys(folder / "door" / issuer, issuer)
        (folder / "public.json").write_text(json.dumps(public))
        (folder / "clock").write_text(OCTOBER.isoformat())
        settings = load(
            Settings,
            {
                "BENEFITS_COUNTY": COUNTY,
                "BENEFITS_PORT": "8002",
                "BENEFITS_DATABASE_URL": tables.runtime_url,
                "BENEFITS_NATS_URL": "nats://127.0.0.1:1",
                "BENEFITS_KEYS_DIR": str(folder / "keys"),
                "BENEFITS_PUBLIC_KEYS_FILE": str(folder / "public.json"),
                "BENEFITS_FILES_DIR": str(folder / "files"),
                "BENEFITS_LOG_FILE": str(folder / "log"),
                "BENEFITS_CLOCK": f"file:{folder / 'clock'}",
                "BENEFITS_IDENTIFICATION_URL": "http://127.0.0.1:1",
                **{f"BENEFITS_{name.upper()}": value for name, value in knobs.items()},
            },
        )
        settings.files_dir.mkdir(exist_ok=True)
        signers = {
            issuer: TokenSigner(issuer, KeyRing.open(folder / "door" / issuer))
            for issuer in ISSUERS
        }
        return cls(settings, Database(tables.runtime_url), tables, signers)

    def with_knobs(self, **knobs: Any) -> "CountyBenefits":
        """The same county with other knobs."""
        settings = self.settings.model_copy(update=knobs)
        return CountyBenefits(settings, self.database, self.tables, self.signers, self.faces)

    @property
    def law(self) -> policies.Law:
        """The law as it lies in its files now."""
        return packs.present(self.settings)

    @property
    def keys(self) -> KeyRing:
        """Its own keys."""
        return KeyRing.open(self.settings.keys_dir)

    @property
    def tools(self) -> Tools:
        """What a run's work needs."""
        clock = Clock.open(self.settings.clock)
        return Tools(self.settings, self.database, self.keys, clock, self.law)

    @property
    def terms(self) -> Terms:
        """Where and when something is learned."""
        return Terms(COUNTY, OCTOBER, self.settings.arrears_months_max)

    async def learn(self, *determinations: dict[str, Any]) -> None:
        """An import of these determinations is accepted."""
        import_id = new_id()
        async with self.database.transaction() as session:
            await facts.stage(session, self.keys, COUNTY, import_id, determinations)
            await facts.learn_staged(session, self.terms, import_id)

    async def decide(self, determination: dict[str, Any]) -> None:
        """One decision is learned."""
        async with self.database.transaction() as session:
            await facts.learn_one(session, self.keys, self.terms, determination)

    async def tell_of_death(
        self,
        person_id: str,
        died_on: date,
        told_at: datetime = OCTOBER,
        *,
        taken_back: bool = False,
    ) -> None:
        """A death is learned, or that it was told in error."""
        told = Told(UUID(person_id), died_on, told_at, taken_back)
        async with self.database.transaction() as session:
            await facts.learn_death(session, self.terms, new_id(), told)

    async def open(
        self,
        pay_month: str = "2026-10",
        family: str = "livelihood",
        kind: RunKind = RunKind.REGULAR,
        sequence: int = 1,
    ) -> Run:
        """The maker opens a run, or resumes it."""
        wanted = Wanted(family, Month.parse(pay_month), kind, sequence)
        async with self.database.transaction() as session:
            found, _ = await runs.open_run(session, self.law, wanted, WANG_FANG, OCTOBER)
        return found

    async def work(self, of: Run) -> Run:
        """The child's work, in this process."""
        assert await runs.work(self.tools, of.id) == 0
        return await self.read(of)

    async def read(self, of: Run) -> Run:
        """The run as it now is."""
        async with self.database.transaction() as session:
            found = await session.get(Run, of.id)
        assert found is not None
        return found

    async def sign(
        self, of: Run, role: signatures.Role, caller: Caller, list_sha256: str | None = None
    ) -> Run:
        """Somebody signs the list they saw."""
        seen = list_sha256 or of.list_sha256 or ""
        async with self.database.transaction() as session:
            return await signatures.sign(
                session, self.keys, self.law, of.id, role, seen, caller, OCTOBER
            )

    async def close(self, of: Run) -> Run:
        """Maker and head sign."""
        await self.sign(of, signatures.Role.MAKER, WANG_FANG)
        return await self.sign(of, signatures.Role.HEAD, LI_QIANG)

    async def pay(
        self,
        pay_month: str = "2026-10",
        family: str = "livelihood",
        kind: RunKind = RunKind.REGULAR,
    ) -> Run:
        """A whole run, from opened to closed."""
        return await self.close(await self.work(await self.open(pay_month, family, kind)))

    def rows(self, statement: str, *parameters: object) -> list[dict[str, Any]]:
        """What lies in the tables, read as their owner."""
        with psycopg.connect(self.tables.owner_url, row_factory=dict_row) as owner:
            return owner.execute(statement, parameters).fetchall()

    def change(self, statement: str) -> None:
        """Somebody with the owner's rights changes something behind our back."""
        with psycopg.connect(self.tables.owner_url) as owner:
            owner.execute(statement)

    def hang_up(self) -> None:
        """The database ends every connection of the runtime role."""
        with psycopg.connect(self.tables.admin_url) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s",
                (self.tables.names.runtime,),
            )

    def lines(self, of: Run | None = None) -> list[dict[str, Any]]:
        """What was granted, of one run or ever, by household and month."""
        return self.rows(
            "SELECT * FROM entitlement_line WHERE %s::uuid IS NULL OR run_id = %s ORDER BY line_id",
            of.id if of else None,
            of.id if of else None,
        )

    def recoveries(self) -> list[dict[str, Any]]:
        """What was proposed for recovery."""
        return self.rows("SELECT * FROM proposed_recovery ORDER BY recovery_id")

    def marks(self) -> list[dict[str, Any]]:
        """Months marked due and not settled."""
        return self.rows(
            "SELECT family, household_id::text, month, cause FROM month_due"
            " WHERE settled_run_id IS NULL ORDER BY number"
        )

    def face(self) -> FastAPI:
        """A process of it, not listening."""
        built = benefits_app.build(self.settings)
        self.faces.append(built)
        return built

    async def stand_down(self) -> None:
        """Give every connection back."""
        for each in self.faces:
            await each.state.database.close()
        await self.database.close()

    def door(self, caller: Caller, issuer: str = "gateway") -> httpx.AsyncClient:
        """The service's own face, for one caller who came through the gateway or another."""
        token = self.signers[issuer].token("benefits", caller)
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.face()),
            base_url="http://benefits",
            headers={"Authorization": f"Bearer {token}"},
        )


def sums(lines: Iterable[dict[str, Any]]) -> dict[tuple[str, str, str], int]:
    """(programme, month, kind) → fen."""
    found: dict[tuple[str, str, str], int] = {}
    for line in lines:
        key = (line["programme"], line["month"], line["kind"])
        found[key] = found.get(key, 0) + line["amount_fen"]
    return found


def at(year: int, month: int, day: int) -> datetime:
    """Noon of a day, in UTC."""
    return datetime(year, month, day, 12, tzinfo=UTC)
