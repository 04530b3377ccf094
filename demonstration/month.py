"""A county's month, act by act, by the people who would do each: docs/county-month.md in deeds.

Every act has a key made of the month and the act, so that a month that was cut off anywhere is
simply played again.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from demonstration.county import County
from demonstration.desk import Desk, DeskRefused
from demonstration.progress import Step, Telling
from shared.months import Month

BANK_DAYS_MAX: Final = 24
RETURN_DAYS: Final = 4  # Money may come back so long after it had arrived: two banking days.
LOOK_SECONDS: Final = 0.25
ROUNDS_MAX: Final = 5
UNSIGNED: Final = ("made", "checked")
Said = TypeVar("Said")
IMPORT_SECONDS_MAX: Final = 3600
RUN_SECONDS_MAX: Final = 1800
MEDIA_TYPES: Final = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
}


class MonthStuck(Exception):
    """Something the month waits for does not come; the text says what."""


class PayoutsFrozen(Exception):
    """No money may leave until a person says why it may; the text says where."""


class RosterRefused(Exception):
    """A roster that cannot be read at all; the text says why and what to do."""


@dataclass
class Staff:
    """The four who play it: two of civil affairs, one of finance, and who proves it."""

    maker: Desk
    head: Desk
    finance: Desk
    auditor: Desk


class CountyMonth:
    """One pay month being played."""

    def __init__(
        self,
        county: County,
        staff: Staff,
        telling: Telling,
        pay_month: Month,
        families: Iterable[str],
    ) -> None:
        self.county = county
        self.staff = staff
        self.telling = telling
        self.pay_month = pay_month
        self.families = tuple(families)
        self.runs: dict[str, str] = {}

    async def import_roster(self, roster: Path) -> None:
        """1 Determined: the roster goes in; what is wrong with it comes back into OUT."""
        with self.telling.step("roster", f"roster {roster.name} goes in") as step:
            said = await self.staff.maker.upload(
                "/rosters", roster, MEDIA_TYPES[roster.suffix.lower()], key=self._key("roster")
            )
            path = f"/rosters/{said['import_id']}"

            async def imported() -> dict[str, Any] | None:
                now: dict[str, Any] = await self.staff.maker.get(path)
                step.at(now["people"], now["rows"] or None, f"{now['people']} people")
                if now["status"] == "refused":
                    why = [problem["reason"] for problem in now["problems"][:3]]
                    raise RosterRefused(
                        f"{roster.name} was refused: {'; '.join(why)} – 'make reset', "
                        "then give another ROSTER"
                    )
                if now["status"] == "waiting":
                    step.at(0, None, "the head looks at what it would change, and accepts it")
                    judged = f"{path}/judgement"
                    await self.staff.head.post(
                        judged, {"accepted": True}, key=self._key("roster-judged")
                    )
                return now if now["status"] == "imported" else None

            there = await until(imported, "the roster's import", IMPORT_SECONDS_MAX)

            async def learned() -> bool:
                return bool((await self.staff.maker.get(f"{path}/learned"))["learned"])

            await until(learned, "benefits to fetch the determinations", IMPORT_SECONDS_MAX)
        if there["problems_count"]:
            returned = self.county.inputs.out / f"roster-{self.pay_month}-annotated.xlsx"
            returned.write_bytes(await self.staff.maker.get_bytes(f"{path}/annotated"))
            self.telling.say(
                f"  {there['rows_bad']} of {there['rows']} rows came back; "
                f"what is wrong with each stands in {returned}"
            )

    async def run_families(self) -> None:
        """3 to 6: each family's run is opened, calculated, checked by two, and closed."""
        for family in self.families:
            with self.telling.step("runs", f"run of {family} for {self.pay_month}") as step:
                self.runs[family] = await self._run(family, step)

    async def fund(self) -> None:
        """9 Funded: finance signs the application and records what each fund gets."""
        with self.telling.step("funds", "finance records the appropriations"):
            wanted: dict[str, list[dict[str, Any]]] = {}
            for run_id in self.runs.values():
                application = await self.staff.finance.get(f"/runs/{run_id}/application")
                for row in application["rows"]:
                    wanted.setdefault(row["fund"], []).append(row)
            for place, (fund, rows) in enumerate(sorted(wanted.items()), start=1):
                words = {
                    "fund": fund,
                    "pay_month": str(self.pay_month),
                    "amount_fen": sum(row["amount_fen"] for row in rows),
                    "voucher": f"演示财拨 {self.pay_month} 第{place}号",
                    "projects": sorted({row["programme"] for row in rows}),
                }
                await self.staff.finance.post(
                    "/appropriations", words, key=self._key(f"appropriation-{fund}")
                )

    async def pay(self) -> None:
        """7, 8, 10, 11: lines become orders and envelopes, three people sign, files lie ready."""
        with self.telling.step("envelopes", "orders are screened and put into envelopes"):
            for family, run_id in self.runs.items():
                await self._make_envelopes(family, run_id)
        await self.release("envelopes")

    async def release(self, what: str) -> None:
        """Check and release every envelope that waits, and see its file published."""
        await self._unfrozen()
        with self.telling.step("release", f"{what} are checked, released and published") as step:
            for _ in range(ROUNDS_MAX):
                waiting = [one for one in await self._envelopes() if one["status"] in UNSIGNED]
                for done, envelope in enumerate(waiting):
                    step.at(done, len(waiting))
                    await self._check(envelope)
                voided = [one for one in waiting if not await self._released(one)]
                if not voided:
                    break
                await self._make_again(voided)

            async def published() -> bool:
                now = await self._envelopes()
                return all(one["status"] not in (*UNSIGNED, "released") for one in now)

            await until(published, "the payout files", 600)

    async def answer(self) -> None:
        """12 and 13: bank days pass until every line is answered, and what comes back is back."""
        with self.telling.step("bank", "the banks fetch, pay and answer") as step:
            quiet_days = 0
            for _ in range(BANK_DAYS_MAX):
                still = await self._settle_down()
                today = self.county.clock.today
                step.at(0, None, f"{today}: {still} lines wait")
                quiet_days = quiet_days + 1 if still == 0 else 0
                if quiet_days > RETURN_DAYS:
                    return
                self.county.clock.next_day()
            raise MonthStuck(f"{still} lines are unanswered after {BANK_DAYS_MAX} days")

    async def told(self) -> dict[str, Any]:
        """14 Told: no message is still on its way."""
        with self.telling.step("messages", "people are told") as step:
            paid = await self.paid()
            expected = sum(paid[state]["count"] for state in ("settled", "returned", "refused"))
            before: dict[str, Any] = {}

            async def quiet() -> dict[str, Any] | None:
                nonlocal before
                now: dict[str, Any] = await self.staff.maker.get(
                    f"/months/{self.pay_month}/messages"
                )
                step.at(now["delivered"], now["messages"] or None, f"{now['waiting']} to go")
                heard = now["messages"] >= expected and now["waiting"] == 0
                if heard and now == before:
                    return now
                before = now
                await asyncio.sleep(1)
                return None

            return await until(quiet, "the last messages", 900)

    async def _unfrozen(self) -> None:
        """After a restore no money leaves until a person, and not this program, says why it may."""
        freeze = await self.staff.finance.get("/freeze")
        if not freeze["frozen"]:
            return
        where = f"{self.county.where.url('gateway')}/staff/envelopes"
        if self.county.inputs.once:
            raise PayoutsFrozen(
                f"payouts are frozen: {freeze['reason']}. Run without ONCE=1, compare with the "
                f"banks' books, and unfreeze them as finance at {where} with the reason"
            )

        async def unfrozen() -> bool:
            await asyncio.sleep(1)
            return not (await self.staff.finance.get("/freeze"))["frozen"]

        told = f"payouts are frozen ({freeze['reason']}) until finance unfreezes them at {where}"
        with self.telling.step("freeze", told):
            await until(unfrozen, "a person who unfreezes", math.inf)

    async def _run(self, family: str, step: Step) -> str:
        words = {"family": family, "pay_month": str(self.pay_month), "kind": "regular"}
        opened = await self.staff.maker.post("/runs", words, key=self._key(f"{family}-opened"))
        run_id, path = str(opened["id"]), f"/runs/{opened['id']}"

        async def calculated() -> dict[str, Any] | None:
            now: dict[str, Any] = await self.staff.maker.get(path)
            step.at(0, None, str(now["status"]))
            if now["status"] == "failed":
                raise MonthStuck(f"the run of {family} failed: {now.get('failure')}")
            return now if now["status"] in ("calculated", "closed") else None

        run = await until(calculated, f"the run of {family}", RUN_SECONDS_MAX)
        if run["status"] != "closed":
            for role, desk in (("maker", self.staff.maker), ("head", self.staff.head)):
                signature = {"role": role, "list_sha256": run["list_sha256"]}
                await desk.post(
                    f"{path}/signatures", signature, key=self._key(f"{family}-signed-by-{role}")
                )
        return run_id

    async def _make_envelopes(self, family: str, run_id: str) -> None:
        async def made() -> bool:
            try:
                await self.staff.maker.post(
                    "/envelopes", {"run_id": run_id}, key=self._key(f"{family}-envelopes")
                )
            except DeskRefused as refused:
                if refused.kind == "run-not-ordered":
                    return False
                raise
            return True

        await until(made, f"the orders of {family}", 600)

    async def _check(self, envelope: dict[str, Any]) -> None:
        if envelope["status"] == "made":
            await self.staff.head.post(
                f"/envelopes/{envelope['id']}/check",
                {"list_sha256": envelope["list_sha256"]},
                key=f"{envelope['id']}-checked",
            )

    async def _released(self, envelope: dict[str, Any]) -> bool:
        """Release it; False when a bank has refused one of its accounts since it was made."""
        try:
            await self.staff.finance.post(
                f"/envelopes/{envelope['id']}/release",
                {"list_sha256": envelope["list_sha256"]},
                key=f"{envelope['id']}-released",
            )
        except DeskRefused as refused:
            if refused.kind != "account-changed":
                raise
            return False
        return True

    async def _make_again(self, envelopes: list[dict[str, Any]]) -> None:
        """Void what cannot be released as it is, and make it anew: bad lines are held singly."""
        for envelope in envelopes:
            await self.staff.maker.post(
                f"/envelopes/{envelope['id']}/void",
                {"reason": "an account in it was refused by its bank"},
                key=f"{envelope['id']}-voided",
            )
        for run_id in sorted({one["run_id"] for one in envelopes if one["run_id"]}):
            again = {"run_id": run_id}
            await self.staff.maker.post("/envelopes", again, key=f"{envelopes[0]['id']}-{run_id}")
        if any(one["run_id"] is None for one in envelopes):
            again = {"pay_month": str(self.pay_month)}
            await self.staff.maker.post("/reissues", again, key=f"{envelopes[0]['id']}-reissue")

    async def _envelopes(self) -> list[dict[str, Any]]:
        said = await self.staff.maker.get("/envelopes", pay_month=str(self.pay_month))
        envelopes: list[dict[str, Any]] = said["items"]
        return envelopes

    async def paid(self) -> dict[str, Any]:
        """Where every line of the month is now."""
        now: dict[str, Any] = await self.staff.maker.get(f"/months/{self.pay_month}/paid")
        return now

    async def _settle_down(self) -> int:
        """Lines still with a bank, once the courier has nothing more to carry on this day."""
        today = self.county.clock.today.isoformat()
        quiet_since: int | None = None

        async def quiet() -> bool:
            nonlocal quiet_since
            said = self.county.outside.courier_status()
            days = said.get("days", {})
            idle = days and set(days.values()) == {today} and not any(said["waiting"].values())
            if not idle:
                quiet_since = None
            elif quiet_since is None:
                quiet_since = said["round"]
            return quiet_since is not None and said["round"] >= quiet_since + 2

        await until(quiet, f"the courier on {today}", 300)
        now = await self.paid()
        return int(now["waiting"]["count"] + now["unconfirmed"]["count"])

    def _key(self, act: str) -> str:
        return f"demonstration-{self.pay_month}-{act}"


async def until(ask: Callable[[], Awaitable[Said | None]], what: str, seconds_max: float) -> Said:
    """Ask until there is an answer.

    Raises:
        MonthStuck: it does not come.
    """
    deadline = asyncio.get_running_loop().time() + seconds_max
    while True:
        said = await ask()
        if said:
            return said
        if asyncio.get_running_loop().time() > deadline:
            raise MonthStuck(f"{what}: nothing after {seconds_max:.0f} s")
        await asyncio.sleep(LOOK_SECONDS)
