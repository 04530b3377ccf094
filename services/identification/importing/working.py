"""One roster import, in a process of its own, so that pages answer while it works.

1. Survey: the sealed upload is read once; faults are written down, rows are put by, sealed.
2. Accept: it is weighed, in sums before and after; one that touches anybody's assistance, or says
   a telephone, waits for another's word.
3. For each chunk: load it in one transaction; then hand its accounts and contacts on.
4. Return: the workbook of bad rows is made.
5. Finish: the hash over the import's determinations is taken, and one event says that they are in.

Killed anywhere, it goes on at the step, or the chunk, that was not committed:
`python -m services.identification.importing.working IMPORT_ID`.
"""

import asyncio
import sys
from collections.abc import Iterator
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import children, determinations
from services.identification.importing import codes, handing, loading, rosters
from services.identification.importing.loading import Roster
from services.identification.models import RosterImport
from services.identification.place_settings import PlaceSettings
from services.identification.places import Place
from services.identification.roster import template
from services.identification.roster.columns import ROSTER_SHEET
from services.identification.roster.entries import EntryReader, HouseholdEntry
from services.identification.roster.faults import Fault, RosterTooLarge, RosterUnreadable
from services.identification.roster.opening import open_roster
from services.identification.roster.staging import Staged, Stager
from services.identification.roster.survey import Survey, Surveyor
from services.identification.roster.weighing import Weighing
from services.identification.roster.xlsx import Cell
from services.identification.sealed_files import SealedReader, seal
from services.identification.settings import Settings
from shared import audit, crash_points, telemetry
from shared.callers import Caller, Kind, TokenSigner
from shared.calls import Peer, PeerUnavailable
from shared.clock import Clock
from shared.contracts.identification import RosterImported
from shared.database import Database
from shared.outbox import announce
from shared.problems import Problem, SpokenByPeer
from shared.secrets import KeyRing

ACTOR: Final = rosters.ACTOR
SCOPES: Final = frozenset({"accounts:write", "contacts:write"})
_LOCK: Final = 0x726F73746572  # "roster": one import at a time in one database.
_WAIT_SECONDS_MAX: Final = 30
_MEMORY_BYTES_MAX: Final = 3 << 30
# A peer that says so now will say so again; others (401 while keys change) may not.
_DEFINITE: Final = frozenset({400, 403, 404, 409, 413, 422})


class HandingRefused(Exception):
    """Accounts or contacts were refused for good by those they were handed to."""


class Importing:
    """One import from wherever it stands to its end."""

    def __init__(self, settings: Settings, database: Database, import_id: UUID) -> None:
        self._settings = settings
        self._database = database
        self._import_id = import_id
        self._keys = KeyRing.open(settings.keys_dir)
        self._clock = Clock.open(settings.clock)
        self._place = Place.read(settings.county, settings.divisions_file, settings.banks_file)
        settled = PlaceSettings.read(settings.casework_file)
        self._counts_codes = bool(settled.words["count_without_id"])
        self._index_key = self._keys.index_key_of("person.id_number")
        signer = TokenSigner("identification", self._keys)
        own = Caller(ACTOR, Kind.SERVICE, settings.county, ACTOR, SCOPES, (settings.county,))
        self._payments = Peer(settings.payments_url, "payments", signer, own)
        self._notifications = Peer(settings.notifications_url, "notifications", signer, own)

    async def go(self) -> None:
        """Do what is left to do."""
        async with self._database.transaction() as session:
            found = await rosters.one(session, self._import_id)
        if found.status not in ("received", "importing"):
            return
        if not found.chunks:
            try:
                found = await self._survey(found)
            except (RosterUnreadable, RosterTooLarge) as problem:
                await self._refuse(problem)
                return
        staged = Staged(
            rosters.staged_path(self._settings.files_dir, self._import_id),
            self._keys,
            rosters.purpose("staged", self._import_id),
        )
        try:
            roster = Roster(
                found.id, self._settings.county, self._keys, self._index_key, staged.found
            )
            if not await self._accepted(found, roster, staged):
                return
            await self._chunks(found, roster, staged)
            await self._return_bad_rows(staged)
            await self._finish()
        except HandingRefused:
            async with self._database.transaction() as session:
                await rosters.stop(session, self._import_id, rosters.HANDING_REFUSED)
        finally:
            staged.close()

    async def close(self) -> None:
        """Give connections back."""
        await self._payments.close()
        await self._notifications.close()

    async def _survey(self, found: RosterImport) -> RosterImport:
        async with self._database.transaction() as session:
            await rosters.change(session, found.id, status="importing")
        files = self._settings.files_dir
        upload = SealedReader(
            rosters.upload_path(files, found.id), self._keys, rosters.purpose("upload", found.id)
        )
        with (
            upload,
            Stager(
                rosters.staged_path(files, found.id),
                self._keys,
                rosters.purpose("staged", found.id),
                self._settings.import_chunk_rows,
            ) as stager,
        ):
            survey = self._look(upload, stager)
        crash_points.reach("identification.roster-surveyed")
        rows = survey.found.rows
        async with self._database.transaction() as session:
            await rosters.forget_faults(session, found.id)
            await rosters.put_down_faults(session, self._settings.county, found.id, survey.faults)
            await rosters.change(
                session,
                found.id,
                rows=rows,
                rows_bad=survey.rows_bad,
                rows_good=rows - survey.rows_bad,
                chunks=len(survey.found.chunks),
            )
            await self._audit(
                session,
                "roster-surveyed",
                {"rows": rows, "rows_bad": survey.rows_bad, "faults": len(survey.faults)},
            )
        async with self._database.transaction() as session:
            return await rosters.one(session, found.id)

    def _look(self, upload: SealedReader, stager: Stager) -> Survey:
        surveyor = Surveyor(
            self._place, self._clock.today(), self._index_key, self._settings.roster_rows_max
        )
        try:
            return surveyor.go(open_roster(upload), stager)  # type: ignore[arg-type] # It reads and seeks, which is all that is asked of it.
        except (ValueError, LookupError, ArithmeticError) as problem:
            # Whatever somebody's file makes us stumble over, it is refused, not tried for ever.
            telemetry.log.exception("survey-stumbled", import_id=str(self._import_id))
            raise RosterUnreadable("读不懂这个文件") from problem
        except MemoryError as problem:
            raise RosterTooLarge("读这个文件要的内存太多") from problem

    async def _accepted(self, found: RosterImport, roster: Roster, staged: Staged) -> bool:
        """Whether it may go in; while nobody else accepted it, only what does not take two."""
        if found.accepted_at is not None:
            return True
        async with self._database.transaction() as session:
            weighing = Weighing(self._settings.county, self._keys, roster.index_of)
            for number in range(found.chunks):
                await weighing.add(session, await self._known(session, staged, number))
            if not weighing.takes_two:
                return True
            await rosters.change(
                session, found.id, status="waiting", effect=weighing.in_words(), waits_for=None
            )
            await self._audit(session, "roster-weighed", {"rows": found.rows})
        return False

    async def _chunks(self, found: RosterImport, roster: Roster, staged: Staged) -> None:
        for number in range(min(found.chunks_loaded, found.chunks_handed), found.chunks):
            async with self._database.transaction() as session:
                households = await self._known(session, staged, number)
            if number >= found.chunks_loaded:
                await self._load(roster, number, households)
                crash_points.reach("identification.chunk-loaded")
            if number >= found.chunks_handed:
                await self._hand_on(roster, number, households)

    async def _known(
        self, session: AsyncSession, staged: Staged, number: int
    ) -> list[HouseholdEntry]:
        """A chunk's households, whoever has no number under their code."""
        found = list(self._households(staged, number))
        county, count = self._settings.county, self._counts_codes
        await codes.say(session, self._keys, county, found, count=count)
        return found

    def _households(self, staged: Staged, number: int) -> Iterator[HouseholdEntry]:
        """The households of a chunk that the survey let pass."""
        reader = EntryReader(
            self._place, date.fromisoformat(staged.found.today), staged.found.from_1904
        )
        for place, rows in staged.chunk(number):
            if place not in staged.found.bad:
                yield reader.household(rows)

    async def _load(self, roster: Roster, number: int, households: list[HouseholdEntry]) -> None:
        async with self._database.transaction() as session:
            found = await rosters.one(session, roster.import_id)
            loaded = await loading.load(session, roster, households, self._clock.now())
            await rosters.put_down_faults(session, roster.county, roster.import_id, loaded.faults)
            await rosters.change(
                session,
                roster.import_id,
                chunks_loaded=number + 1,
                people=found.people + loaded.people,
                households=found.households + loaded.households,
                determinations=found.determinations + loaded.determinations,
                deaths=found.deaths + loaded.deaths,
                rows_bad=found.rows_bad + loaded.rows_bad,
                rows_good=found.rows_good - loaded.rows_bad,
            )
            crash_points.reach("identification.chunk-written")
            await self._audit(
                session,
                "roster-chunk-loaded",
                {
                    "chunk": number,
                    "people": loaded.people,
                    "households": loaded.households,
                    "determinations": loaded.determinations,
                },
            )

    async def _hand_on(self, roster: Roster, number: int, households: list[HouseholdEntry]) -> None:
        async with self._database.transaction() as session:
            bad = await self._rows_at_fault(session, households)
            good = [
                household
                for household in households
                if not any(entry.row in bad for entry in household.members)
            ]
            handed = await handing.gather(session, roster, good)
        key = f"{roster.import_id}:{number}"
        seconds = 1
        while True:
            try:
                await handing.hand_on(handed, key, self._payments, self._notifications)
                break
            except PeerUnavailable as problem:
                telemetry.log.warning("handing-on-waits", because=problem.detail)
                await self._wait_for(problem.detail)
                await asyncio.sleep(seconds)
                seconds = min(seconds * 2, _WAIT_SECONDS_MAX)
            except SpokenByPeer as problem:
                refusal = f"refused: {problem.spoken.get('title', problem.status)}"
                telemetry.log.warning("handing-on-refused", because=refusal, status=problem.status)
                if problem.status in _DEFINITE:
                    raise HandingRefused(refusal) from problem
                await self._wait_for(refusal)
                raise
        crash_points.reach("identification.chunk-handed")
        async with self._database.transaction() as session:
            await rosters.change(
                session, roster.import_id, chunks_handed=number + 1, waits_for=None
            )

    async def _rows_at_fault(
        self, session: AsyncSession, households: list[HouseholdEntry]
    ) -> set[int]:
        rows = [entry.row for household in households for entry in household.members]
        if not rows:
            return set()
        return await rosters.rows_at_fault(
            session, self._import_id, ROSTER_SHEET, min(rows), max(rows)
        )

    async def _wait_for(self, what: str) -> None:
        async with self._database.transaction() as session:
            await rosters.change(session, self._import_id, waits_for=what[:200])

    async def _return_bad_rows(self, staged: Staged) -> None:
        async with self._database.transaction() as session:
            written = await rosters.faults(session, self._import_id)
        if not written:
            return
        faults: dict[int, list[Fault]] = {}
        others: list[Fault] = []
        for row in written:
            fault = Fault(row.sheet, row.row, row.column, row.code, row.reason)
            if fault.sheet == ROSTER_SHEET:
                faults.setdefault(fault.row, []).append(fault)
            else:
                others.append(fault)
        path = rosters.annotated_path(self._settings.files_dir, self._import_id)
        purpose = rosters.purpose("annotated", self._import_id)
        left_out = _left_out(staged, faults)
        content = template.annotated(left_out, staged.found.from_1904, faults, others)
        seal(path, self._keys, purpose, content)

    async def _finish(self) -> None:
        async with self._database.transaction() as session:
            found = await rosters.one(session, self._import_id)
            total = await determinations.digest(session, self._keys, self._import_id)
            assert total.count == found.determinations, "the chunks' sums and the list must agree"
            now = self._clock.now()
            await rosters.change(
                session,
                self._import_id,
                status="imported",
                finished_at=now,
                determinations_sha256=total.hexdigest(),
            )
            await announce(
                session,
                RosterImported(
                    county=self._settings.county,
                    occurred_at=now,
                    import_id=self._import_id,
                    determinations_count=total.count,
                    determinations_sha256=total.hexdigest(),
                ),
            )
            await self._audit(
                session,
                "roster-imported",
                {"determinations": total.count, "sha256": total.hexdigest()},
            )
        crash_points.reach("identification.roster-imported")

    async def _refuse(self, problem: Problem) -> None:
        async with self._database.transaction() as session:
            await rosters.forget_faults(session, self._import_id)
            fault = Fault("", 0, "", problem.slug(), problem.detail)
            await rosters.put_down_faults(session, self._settings.county, self._import_id, [fault])
            await rosters.change(
                session,
                self._import_id,
                status="refused",
                refused_because=problem.slug(),
                finished_at=self._clock.now(),
            )
            await self._audit(session, "roster-refused", {"because": problem.slug()})

    async def _audit(self, session: AsyncSession, act: str, details: dict[str, Any]) -> None:
        await audit.record(
            session,
            self._settings.county,
            actor=ACTOR,
            act=act,
            subject=str(self._import_id),
            details=details,
        )


def _left_out(staged: Staged, faults: dict[int, list[Fault]]) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of every household that did not go in."""
    for number in range(len(staged.found.chunks)):
        for place, rows in staged.chunk(number):
            if place in staged.found.bad or any(row in faults for row, _ in rows):
                yield from rows


async def run_import(settings: Settings, import_id: UUID) -> int:
    """Do one import, alone; what the process should end with."""

    async def work(database: Database) -> None:
        importing = Importing(settings, database, import_id)
        try:
            await importing.go()
        finally:
            await importing.close()

    return await children.do_alone(settings, _LOCK, work)


def main() -> None:
    """The command line."""
    import_id = sys.argv[1]
    children.run(
        lambda settings: run_import(settings, UUID(import_id)),
        memory_bytes_max=_MEMORY_BYTES_MAX,
        fallen="import-ended",
        import_id=import_id,
    )


if __name__ == "__main__":
    main()
