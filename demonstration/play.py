"""One month of the county, from an empty folder or the month before: what `make run` plays."""

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

import policies
from demonstration import lists, mending, processes, summary
from demonstration.clock import FIRST_PAY_MONTH, desk_day
from demonstration.county import County
from demonstration.desk import Desk, Desks
from demonstration.month import CountyMonth, MonthStuck, Staff
from demonstration.population import workbook
from demonstration.population.roster import Population
from demonstration.population.shares import villages
from demonstration.processes import ROOT
from demonstration.progress import Telling
from demonstration.staff import TOWN, VILLAGE
from demonstration.stories import citizen, scripts
from demonstration.stories.stage import Stage
from shared.months import Month
from shared.secrets import write_private

WORKBOOK_PEOPLE_MAX: Final = 200_000  # Beyond it the roster is handed in as CSV: same columns.


@dataclass
class Play:
    """The county, and those who watch it."""

    county: County
    law: policies.Law
    telling: Telling

    @property
    def pay_month(self) -> Month:
        """The month to be played: the first, or the one after the last that was finished."""
        done = self._months_done()
        return Month.parse(done[-1]).next() if done else FIRST_PAY_MONTH

    def open_the_day(self) -> None:
        """Move the clock to the day on which staff take up the month."""
        self.county.clock.begin(desk_day(self.pay_month, self.law.place.cut_off_day))

    async def month(self) -> dict[str, Any]:
        """Play one month to its proof; its summary, which also lies in OUT."""
        pay_month = self.pay_month
        roster = self._roster(pay_month)
        url = self.county.where.url("gateway")
        desks = [Desk(url, name, self.county.password_of(name)) for name in _STAFF]
        async with desks[0] as maker, desks[1] as head, desks[2] as finance, desks[3] as auditor:
            staff = Staff(maker, head, finance, auditor)
            month = CountyMonth(self.county, staff, self.telling, pay_month, self.law.families)
            if roster is not None:
                await month.import_roster(roster)
            await month.run_families()
            await month.fund()
            await month.pay()
            await month.answer()
            await mending.mend(month)
            messages = await month.told()
            proof = await self._prove(month)
            whole = summary.compose(
                county={"county": self.county.where.county, **await maker.get("/county")},
                granted=await maker.get(f"/months/{pay_month}/granted"),
                paid=await month.paid(),
                messages=messages,
                proof=proof,
                seconds=self.telling.seconds,
            )
        summary.write(self.county.inputs.out, whole, self._fetched())
        self._finish(pay_month)
        return whole

    async def stories(self) -> None:
        """What staff and citizens do so that no desk is empty: once, in the first month, and not
        where a roster of one's own was given, for its households are nobody's to make up."""
        note = self.county.inputs.folder / "stories.json"
        known = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
        if self._filled()["roster_sha256"] or known.get("done"):
            return
        clock, url = self.county.clock, self.county.where.url("gateway")
        first_day = date.fromisoformat(known.get("began", clock.today.isoformat()))
        write_private(note, json.dumps({"began": first_day.isoformat()}))
        script, homes = scripts.read(), await asyncio.to_thread(self._homes)
        with self.telling.step("stories", f"{len(script.stories)} stories at the desks") as step:
            async with Desks(url, self.county.password_of) as desks:
                stage = Stage(script, desks, first_day, homes)
                for day in script.days:
                    while clock.today < first_day + timedelta(days=day):
                        clock.next_day()
                    await stage.play(day, step)
            await citizen.apply(url, self.county.outside.texts)
        for refused in stage.refused.values():
            self.telling.say(f"✗ {refused}")
        write_private(note, json.dumps({"began": first_day.isoformat(), "done": True}))

    async def lists(self, pay_month: Month) -> None:
        """Other departments' lists of a month, once it is played; nothing where a roster of one's
        own was given, for nobody's lists are known of it."""
        filled = self._filled()
        if filled["roster_sha256"]:
            return
        today = self.county.clock.today
        people = Population(filled["people"], filled["seed"], "511425", pay_month).households()
        rows = await asyncio.to_thread(lists.made, people, pay_month, today)
        url = self.county.where.url("gateway")
        async with Desks(url, self.county.password_of) as desks:
            at = {name: await desks.of(name) for name in lists.STAFF}
            come = lists.Lists(pay_month, today, at, self.county.inputs.folder / "lists")
            await come.come(rows, self.telling)

    def _filled(self) -> dict[str, Any]:
        """What filled this county: so many people, or a roster that was given."""
        note = self.county.inputs.folder / "demonstration.json"
        filled: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
        return filled

    def _homes(self) -> list[str]:
        """Households of several on dibao: those of the demonstration's village, then its town's."""
        filled = self._filled()
        found = [
            (home.village.code != VILLAGE, home.number)
            for home in Population(filled["people"], filled["seed"]).households()
            if home.dibao
            and home.village.code.startswith(TOWN)
            and sum(each.present for each in home.people) > 1
        ]
        return [number for _, number in sorted(found)]

    def _roster(self, pay_month: Month) -> Path | None:
        """The month's roster: the one given (in its first month), or one made up."""
        inputs = self.county.inputs
        filled = self._filled()
        if filled["roster_sha256"]:
            return inputs.roster_given() if pay_month == FIRST_PAY_MONTH else None
        ending = ".xlsx" if filled["people"] <= WORKBOOK_PEOPLE_MAX else ".csv"
        roster = inputs.folder / f"roster-{pay_month}{ending}"
        if not roster.exists():
            with self.telling.step("population", f"making up {filled['people']} residents"):
                _make_up(roster, filled["people"], filled["seed"], pay_month)
        return roster

    async def _prove(self, month: CountyMonth) -> dict[str, Any]:
        """15 Proved: the checker's word, with the banks' own books before it."""
        with self.telling.step("proof", "the independent checker proves the month"):
            books = self.county.where.folder / "outside" / "books.json"
            credits = await asyncio.to_thread(self.county.outside.books)
            write_private(books, json.dumps([credit.words() for credit in credits]))
            proof = await asyncio.to_thread(self._check, str(month.pay_month), books)
            await month.staff.auditor.post(
                f"/months/{month.pay_month}/proof",
                {name: proof[name] for name in ("ok", "findings", "totals", "checked_at")},
                key=f"proof-{month.pay_month}-{proof['checked_at']}",
            )
            return proof

    def _check(self, pay_month: str, books: Path) -> dict[str, Any]:
        databases = self.county.databases
        payouts = self.county.where.folder / "files" / "payments" / "payouts"
        knobs = {
            f"CHECKS_{process.upper()}_DATABASE_URL": database.reader
            for process, database in databases.items()
        }
        done = subprocess.run(  # noqa: S603 # The words are ours.
            [sys.executable, "-m", "services.payments.checks", "--pay-month", pay_month,
             "--at", self.county.clock.now.isoformat(),
             "--books", str(books), "--files", str(payouts),
             "--keys", str(self.county.where.keys / "public.json")],
            cwd=ROOT, env=processes.environment() | knobs, capture_output=True, check=False,
        )  # fmt: skip
        try:
            said: dict[str, Any] = json.loads(done.stdout)
        except ValueError:
            raise MonthStuck(f"the checker did not finish: {done.stderr.decode()}") from None
        return said

    def _fetched(self) -> dict[str, Path]:
        """Each payout file as its bank holds it, by its hash."""
        folder = self.county.where.folder / "outside" / "courier" / "files"
        found = {}
        for path in folder.iterdir():
            with path.open("rb") as file:
                found[file_digest(file, "sha256").hexdigest()] = path
        return found

    def _months_done(self) -> list[str]:
        file = self.county.inputs.folder / "months.json"
        done: list[str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
        return done

    def _finish(self, pay_month: Month) -> None:
        write_private(
            self.county.inputs.folder / "months.json",
            json.dumps([*self._months_done(), str(pay_month)]),
        )


_STAFF: Final = ("maker", "head", "finance", "auditor")


def _make_up(roster: Path, people: int, seed: int, month: Month) -> None:
    """Write a made-up roster, whole or not at all."""
    population = Population(people, seed, "511425", month)
    draft = roster.with_name(f".{roster.name}")
    if roster.suffix == ".csv":
        workbook.write_csv(draft, population.households(), "utf-8-sig")
    else:
        workbook.write(draft, population.households(), villages("511425"))
    os.replace(draft, roster)
