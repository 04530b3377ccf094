"""Staff come in by name and password; roles bound what they may do, at once."""

import asyncio
import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from gateway import staff
from gateway.models import BrowserSession, StaffMember
from shared import kit_tables
from shared.database import run
from tests.gateway.told_of_cases import CASE
from tests.gateway.visits import COUNTY, NO_RUNS, PASSWORD, Door, sign_in

NOW = datetime.now(UTC)


async def test_a_name_and_its_password_open_the_desk(door: Door) -> None:
    door.upstream.answers(NO_RUNS)
    browser = await door.staff()
    page = await browser.get("/staff")
    assert page.status_code == 200
    assert "zhang.min" in page.text
    odd = await sign_in(door.browser(), "zhang.min\0", PASSWORD)
    assert (odd.status_code, "有一处文字里有打不开的字符" in odd.text) == (422, True)


async def test_five_wrong_passwords_and_the_name_rests(door: Door) -> None:
    await door.staff()
    browser = door.browser()
    for _ in range(5):
        assert (await sign_in(browser, "zhang.min", "wrong password")).status_code == 401
    resting = await sign_in(browser, "zhang.min", PASSWORD)
    assert resting.status_code == 401
    async with door.app.state.database.transaction() as session:
        past = datetime.now(UTC) - timedelta(minutes=1)
        await session.exec(update(StaffMember).values(rests_until=past))
    assert (await sign_in(browser, "zhang.min", PASSWORD)).status_code == 303


async def test_wrong_unknown_and_resting_look_and_last_alike(door: Door) -> None:
    await door.staff()
    browser = door.browser()
    texts, spans = set(), {}
    for name in ("zhang.min", "nobody.here"):
        took = []
        for _ in range(4):
            started = time.perf_counter()
            answer = await sign_in(browser, name, "wrong password")
            took.append(time.perf_counter() - started)
            texts.add((answer.status_code, answer.text.count("用户名或密码不对")))
        spans[name] = min(took)
    assert texts == {(401, 1)}
    # Nearly all of it is scrypt; one that skipped it would be many times quicker.
    assert max(spans.values()) < 2 * min(spans.values())


async def test_a_dismissed_clerk_is_out_at_the_next_click(door: Door) -> None:
    browser = await door.staff()
    async with door.app.state.database.transaction() as session:
        await staff.dismiss(session, COUNTY, name="zhang.min", now=NOW)
    assert (await browser.get("/api/v1/runs")).status_code == 401
    assert (await browser.get("/staff")).headers["location"] == "/staff/sign-in"
    assert (await sign_in(door.browser(), "zhang.min", PASSWORD)).status_code == 401


async def test_a_package_of_visits_goes_with_whose_account_ended(door: Door) -> None:
    browser = await door.staff(roles=("township-officer",))
    key = {"idempotency-key": "package-1"}
    path = "/api/v1/survey-packages"
    seen = (await browser.post(path, json={}, headers={**key, "x-accounts-ended": "x"})).json()
    assert seen["headers"]["x-accounts-ended"] == "[]"
    await door.staff(name="li.na", roles=("township-officer",))
    await door.staff(name="li.na", roles=("township-head",))
    await door.staff(name="wu.yu", roles=("auditor",))
    async with door.app.state.database.transaction() as session:
        await staff.dismiss(session, COUNTY, name="wu.yu", now=NOW)
    key = {"idempotency-key": "package-2"}
    seen = (await browser.post(path, json={}, headers=key)).json()
    ended = json.loads(seen["headers"]["x-accounts-ended"])
    assert [subject for subject, _ in ended] == ["staff:li.na"], "who never might is not named"
    await door.staff(name="sun.lei", roles=("township-officer",), areas=("511425101",))
    await door.staff(name="sun.lei", roles=("township-officer",), areas=("511425",))
    await door.staff(name="gao.fei", roles=("township-officer",), areas=("511425101",))
    await door.staff(name="gao.fei", roles=("township-officer",), areas=("511425102",))
    key = {"idempotency-key": "package-3"}
    seen = (await browser.post(path, json={}, headers=key)).json()
    ended = json.loads(seen["headers"]["x-accounts-ended"])
    assert {subject for subject, _ in ended} == {"staff:li.na", "staff:gao.fei"}, "who left a town"
    other = (await browser.get("/api/v1/cases")).json()
    assert "x-accounts-ended" not in other["headers"]


async def test_accounts_a_form_names_go_with_whose_they_are(door: Door) -> None:
    browser = await door.staff(roles=("township-officer",))
    await door.staff(name="li.na", roles=("township-officer",))
    await door.staff(name="wu.yu", roles=("auditor",))
    path = f"/api/v1/rounds/{CASE}/paper-findings?account=LI.NA&account=wu.yu&account=nobody"
    headers = {"idempotency-key": "paper-find-1", "x-accounts-named": "[1]"}
    seen = (await browser.post(path, content=b"x", headers=headers)).json()
    (named,) = json.loads(seen["headers"]["x-accounts-named"])
    assert (named["account"], named["person"], named["until"]) == (
        "staff:li.na",
        "staff:li.na",
        None,
    )
    async with door.app.state.database.transaction() as session:
        await staff.dismiss(session, COUNTY, name="li.na", now=NOW)
    headers["idempotency-key"] = "paper-find-2"
    seen = (await browser.post(path, content=b"x", headers=headers)).json()
    (named,) = json.loads(seen["headers"]["x-accounts-named"])
    assert named["until"] == NOW.date().isoformat(), "until then they might sign"


async def test_new_roles_count_from_the_next_sign_in_and_end_the_old_session(door: Door) -> None:
    old = await door.staff()
    new = await door.staff(roles=("auditor",))
    assert (await old.get("/api/v1/runs")).status_code == 401
    assert (await new.get("/api/v1/rosters/template")).status_code == 403


async def test_two_accounts_of_one_person_are_one_person(door: Door) -> None:
    for name, person in (("zhang.min", ""), ("zhang.two", "staff:zhang.min")):
        browser = await door.staff(name=name)
        if person:
            async with door.app.state.database.transaction() as session:
                await session.exec(
                    update(StaffMember).where(col(StaffMember.name) == name).values(person=person)
                )
        seen = (await browser.get("/api/v1/runs")).json()
        assert seen["person"] == "staff:zhang.min"


async def test_sessions_are_kept_as_hashes(door: Door) -> None:
    browser = await door.staff()
    secret = browser.cookies["doudi_session"]
    async with door.app.state.database.transaction() as session:
        kept = (await session.exec(select(BrowserSession))).one()
    assert secret.encode() not in bytes(kept.token_hash)
    assert len(kept.token_hash) == 32


async def test_what_changed_at_the_door_is_in_the_audit_chain(door: Door) -> None:
    await door.staff()
    async with door.app.state.database.transaction() as session:
        rows = await run(session, kit_tables.audit.select().order_by(kit_tables.audit.c.number))
        acts = [row.act for row in rows]
    assert acts == ["staff-registered", "staff-signed-in"]


@pytest.mark.parametrize(
    ("roles", "areas", "name"),
    [
        (["root"], [COUNTY], "zhang.min"),
        ([], [COUNTY], "zhang.min"),
        (["auditor"], ["110101"], "zhang.min"),
        (["auditor"], [COUNTY], "Zhang Min"),
        (["auditor"], ["5114"], "zhang.min"),
    ],
)
async def test_an_account_that_cannot_be_is_refused(
    door: Door, roles: list[str], areas: list[str], name: str
) -> None:
    with pytest.raises(staff.StaffRefused):
        async with door.app.state.database.transaction() as session:
            await staff.register(
                session, COUNTY, name=name, roles=roles, areas=areas, password=PASSWORD, now=NOW
            )


async def test_the_command_line_registers_and_dismisses(door: Door, tmp_path: Path) -> None:
    (tmp_path / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    settings = door.settings.model_dump(mode="json", exclude_none=True)
    settings["database_url"] = door.settings.database_url.get_secret_value()
    environment = {f"GATEWAY_{name.upper()}": str(said) for name, said in settings.items()}
    add = ["add", "--name", "li.na", "--roles", "finance-releaser", "--areas", COUNTY]
    for words in (
        [*add, "--password-file", str(tmp_path / "password")],
        ["dismiss", "--name", "li.na"],
    ):
        done = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "gateway.staff",
            *words,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said = (await asyncio.wait_for(done.communicate(), 30))[0].decode()
        assert done.returncode == 0, said
        assert PASSWORD not in said
    async with door.app.state.database.transaction() as session:
        member = (await session.exec(select(StaffMember))).one()
    assert member.name == "li.na"
    assert member.dismissed_at is not None
    assert PASSWORD not in member.password_hash
