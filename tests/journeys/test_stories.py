"""Whoever opens the demonstration finds work on every desk: each story is lawful to its end."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

from demonstration.desk import Desk, Desks
from demonstration.month import until
from demonstration.progress import Step
from demonstration.staff import ACCOUNTS
from demonstration.stories import citizen, scripts
from demonstration.stories.stage import Stage
from gateway import staff
from tests.identification.makers import a_csv, a_household, a_person, on_dibao, rows_of
from tests.journeys.offices import COUNTY, NOW, PASSWORD, Offices, offices
from tests.journeys.plain_words import left_over, links
from tests.trial import MakeDatabase, NatsAt

OF_MONEY = (
    "/staff/runs", "/staff/funds", "/staff/envelopes", "/staff/returns", "/staff/months",
    "/staff/recoveries", "/staff/reserves", "/staff/lines", "/staff/payments",
    "/staff/rosters", "/staff/county-", "/staff/villages", "/staff/people/", "/staff/deaths/",
)  # fmt: skip
"""Pages of services that do not stand here."""
WALKERS = ("worker", "officer", "checker", "town-decider", "auditor")
"""Who between them sees nearly every page, and who of those that read is refused the most."""
_SOME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{9,12}|[0-9]{4}(-Q?[0-9]+)?")
HOMES = ("001200-1", "001200-2", "001200-3")
STATES = (
    "draft", "submitted", "papers-wanted", "surveying", "comparing", "posted", "objected",
    "confirming",
)  # fmt: skip


async def test_every_story_of_the_demonstration_is_lawful_to_its_end(
    tmp_path: Path, make_database: MakeDatabase, nats_server: NatsAt
) -> None:
    async with (
        offices(tmp_path, make_database, nats_server) as county,
        Desks(county.where.url("gateway"), lambda _: PASSWORD) as desks,
    ):
        await _staffed(county)
        roster = _roster(tmp_path / "roster.csv")
        await _known_homes(await desks.of("maker"), await desks.of("head"), roster)
        script = scripts.read()
        stage = Stage(script, desks, date.fromisoformat(NOW[:10]), HOMES)
        for day in script.days:
            county.later(day)
            await stage.play(day, Step(None, None))
        assert stage.refused == {}
        assert stage.known.keys() == {story.name for story in script.stories}
        states = {name: stage.known[name]["case"]["state"] for name in STATES}
        assert states == {name: name for name in STATES}

        async def texts(phone: str) -> list[str]:
            return [text.words for text in county.smsc.texts(f"86{phone}")]

        await citizen.apply(county.where.url("gateway"), texts)
        officer = await desks.of("officer")
        (applied,) = (await officer.get("/cases", search=citizen.WHO["name"]))["items"]
        assert applied["state"] == "submitted"
        await _refused(desks, _unlawful(tmp_path / "stories.yaml"))
        wrong = await _walked(desks)
        assert wrong == [], "\n".join(wrong)


async def _walked(desks: Desks) -> list[str]:
    """What is wrong with the pages each account is led to: dead, failed, or not in words."""
    return [f"{name} {each}" for name in WALKERS for each in await _walk(await desks.of(name))]


async def _walk(desk: Desk) -> list[str]:
    """The first page and one of each kind it leads to, and what is wrong with them."""
    ahead, kinds, wrong = ["/staff"], set[str](), list[str]()
    while ahead:
        path = ahead.pop(0)
        kind = _SOME.sub("…", path.partition("?")[0])
        if kind in kinds or kind.startswith(OF_MONEY) or kind.endswith("/money"):
            continue
        kinds.add(kind)
        answer = await desk.page(path)
        if answer.status_code not in (200, 303):
            wrong.append(f"{path}: {answer.status_code}")
        elif "text/html" in answer.headers["content-type"]:
            wrong += [f"{path}: {each}" for each in left_over(answer.text, *ACCOUNTS)]
            ahead += links(answer.text)
    return wrong


def _unlawful(table: Path) -> Path:
    """Somebody who may not open a case, and somebody who may."""
    table.write_text(
        "people: {}\nstretches: {}\nstories:\n"
        "  wrong: {steps: [{by: auditor, opens: dibao}, {by: window, opens: dibao}]}\n"
        '  right: {steps: [{by: window, opens: dibao, says: {village: "{village}"}}]}\n'
    )
    return table


async def _refused(desks: Desks, table: Path) -> None:
    """What somebody may not do is told with the reason, and the next story is played."""
    stage = Stage(scripts.read(table), desks, date(2026, 9, 25))
    await stage.play(0, Step(None, None))
    assert stage.refused.keys() == {"wrong"}
    assert stage.refused["wrong"].startswith("wrong: auditor opens dibao: 403 ")
    assert stage.known["right"]["case"]["state"] == "draft"


async def _staffed(county: Offices) -> None:
    async with county.apps["gateway"].state.database.transaction() as session:
        for name, account in ACCOUNTS.items():
            await staff.register(
                session,
                COUNTY,
                name=name,
                roles=[account.role],
                areas=[account.area],
                password=PASSWORD,
                now=datetime.now(UTC),
            )


def _roster(file: Path) -> Path:
    """Three households on dibao, of two each; none has an account, for nobody pays here."""
    nowhere = dict.fromkeys(("bank", "account_number", "account_kind"))
    homes = [
        a_household(
            number,
            a_person(20 + 2 * place),
            a_person(21 + 2 * place),
            **on_dibao(from_month="2026-09", **nowhere),
        )
        for place, number in enumerate(HOMES)
    ]
    file.write_bytes(a_csv(rows_of(*homes)))
    return file


async def _known_homes(maker: Desk, head: Desk, roster: Path) -> None:
    said = await maker.upload("/rosters", roster, "text/csv", key="roster-of-homes")
    path = f"/rosters/{said['import_id']}"

    async def imported() -> bool:
        there = await maker.get(path)
        if there["status"] == "waiting":
            await head.post(f"{path}/judgement", {"accepted": True}, key="roster-of-homes-judged")
        return bool(there["status"] == "imported")

    await until(imported, "the roster", 30)
