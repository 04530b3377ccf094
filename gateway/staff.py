"""The county's staff: named accounts, roles and areas, and how a name and password are checked.

`python -m gateway.staff add --name … --roles … --areas … --password-file …` registers one or
changes one; `dismiss --name …` ends one.
"""

import argparse
import asyncio
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from gateway import endings, passwords
from gateway.models import BrowserSession, StaffMember
from gateway.settings import Settings
from shared import audit
from shared.database import Database
from shared.settings import load_or_exit

NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,39}")
AREA: Final = re.compile(r"\d{6}(\d{3}(\d{3})?)?")

OVER_MAX: Final = 500

READING: Final = frozenset(
    {"runs:read", "lines:read", "funds:read", "payouts:read", "settlements:read"}
)
LEDGERS: Final = frozenset({"registers:read", "registers:write", "complaints:receive"})
WATCHING: Final = frozenset({"low-income:read", "low-income:keep", "exchange:answer"})
ALERTS: Final = frozenset({"alerts:read", "alerts:assign", "alerts:check"})
COMPARING: Final = frozenset({"feeds:read", "feeds:deliver", "comparisons:make"})
ROLES: Final[dict[str, frozenset[str]]] = {
    "civil-affairs-maker": READING
    | LEDGERS
    | {"people:read", "roster:import", "runs:make", "payouts:make", "accounts:write"}
    | {"reports:read", "villages:read", "exchange:bring", "low-income:read"}
    | COMPARING
    | {"alerts:read", "alerts:assign"},
    "civil-affairs-head": READING
    | {"people:read", "runs:check", "payouts:check"}
    | {"recoveries:decide"}
    | {"roster:accept", "days:name"}
    | {"cases:read", "cases:check", "cases:decide", "reports:read", "reports:freeze"}
    | {"low-income:read", "low-income:agree", "villages:read", "exchange:answer"}
    | {"feeds:read", "alerts:read", "alerts:assign", "alerts:decide"}
    | LEDGERS
    | {"registers:decide", "complaints:handle", "complaints:reporter"},
    "village-worker": LEDGERS
    | {"cases:read", "cases:apply", "cases:identify", "villages:read", "alerts:answer"},
    "window-clerk": LEDGERS
    | {"people:read", "cases:read", "cases:apply", "cases:identify", "requests:take"},
    "phone-operator": LEDGERS | {"people:read", "cases:read", "cases:apply", "requests:take"},
    "township-officer": LEDGERS
    | WATCHING
    | {"people:read", "cases:read", "cases:accept", "cases:survey", "villages:read"}
    | {"cases:identify", "alerts:read", "alerts:check"},
    "township-head": LEDGERS
    | WATCHING
    | ALERTS
    | {"people:read", "cases:read", "cases:review", "reserves:read"}
    | {"low-income:file", "low-income:agree"}
    | {"reports:read", "villages:read"}
    | {"registers:decide", "complaints:handle"},
    "county-checker": LEDGERS
    | WATCHING
    | ALERTS
    | COMPARING
    | {"people:read", "cases:read", "cases:check", "reports:read", "exchange:bring"}
    | {"low-income:agree"}
    | {"registers:decide", "complaints:handle", "complaints:reporter"},
    "township-decider": frozenset({"people:read", "cases:read", "cases:decide"}),
    "appeal-officer": frozenset({"people:read", "cases:read", "cases:hear"}),
    "finance-releaser": READING | {"funds:record", "payouts:release"},
    "auditor": READING
    | {"proofs:record", "audit:read", "registers:read", "reports:read"}
    | {"feeds:read", "alerts:read"},
}


class StaffRefused(ValueError):
    """The account as described cannot be."""


def scopes_of(roles: Iterable[str]) -> frozenset[str]:
    """What roles allow, together."""
    return frozenset().union(*(ROLES.get(role, frozenset()) for role in roles))


async def register(
    session: AsyncSession,
    county: str,
    *,
    name: str,
    roles: list[str],
    areas: list[str],
    password: str,
    person: str = "",
    now: datetime,
) -> StaffMember:
    """Register a member of staff, or give a registered one these roles, areas and password.

    Raises:
        StaffRefused: a name, role or area that cannot be.
    """
    if not NAME.fullmatch(name):
        raise StaffRefused("a name is 2 to 40 of a-z, 0-9, '.' and '-'")
    if unknown := set(roles) - set(ROLES):
        raise StaffRefused(f"no such role: {', '.join(sorted(unknown))}")
    if not roles or not areas:
        raise StaffRefused("an account has a role and an area at least")
    if wrong := [area for area in areas if not AREA.fullmatch(area) or area[:6] != county]:
        raise StaffRefused(f"not a division of this county: {', '.join(wrong)}")
    found = (await session.exec(select(StaffMember).where(StaffMember.name == name))).first()
    member = found or StaffMember(
        county=county, name=name, person="", password_hash="", roles=[], areas=[], registered_at=now
    )
    if lost := _lost(member, roles, areas):
        endings.write_down(session, county, name, lost, now)
    member.person = person or member.person or f"staff:{name}"
    member.roles, member.areas = sorted(roles), sorted(areas)
    member.password_hash = passwords.hashed(password)
    member.wrong_passwords, member.rests_until, member.dismissed_at = 0, None, None
    session.add(member)
    await session.flush()
    await _sign_out_everywhere(session, member)
    await audit.record(
        session,
        county,
        actor="operator",
        act="staff-registered",
        subject=f"staff:{name}",
        details={"roles": member.roles, "areas": member.areas},
    )
    return member


def _lost(member: StaffMember, roles: list[str], areas: list[str]) -> frozenset[str]:
    """What an account may not do any more; whoever left an area may do nothing there, and what they
    still may do elsewhere begins anew."""
    stays = all(old.startswith(tuple(areas)) for old in member.areas)
    return scopes_of(member.roles) - (scopes_of(roles) if stays else frozenset())


async def dismiss(session: AsyncSession, county: str, *, name: str, now: datetime) -> None:
    """End an account; its sessions end with it.

    Raises:
        StaffRefused: there is no such account.
    """
    member = (await session.exec(select(StaffMember).where(StaffMember.name == name))).first()
    if member is None:
        raise StaffRefused("there is no such account")
    if member.dismissed_at is None:
        endings.write_down(session, county, name, scopes_of(member.roles), now)
    member.dismissed_at = now
    session.add(member)
    await _sign_out_everywhere(session, member)
    await audit.record(
        session,
        county,
        actor="operator",
        act="staff-dismissed",
        subject=f"staff:{name}",
        details={},
    )


async def over(session: AsyncSession, village: str) -> list[StaffMember]:
    """The accounts that are over a village: its own, its township's and its county's."""
    areas = [village[:6], village[:9], village]
    statement = (
        select(StaffMember)
        .where(col(StaffMember.areas).op("&&")(areas), col(StaffMember.dismissed_at).is_(None))
        .order_by(col(StaffMember.name))
        .limit(OVER_MAX)
    )
    return list(await session.exec(statement))


async def known_as(session: AsyncSession, name: str) -> str | None:
    """How the services know whoever has an account of that name: by the person behind it."""
    name = name.strip().lower().removeprefix("staff:")
    member = (await session.exec(select(StaffMember).where(StaffMember.name == name))).first()
    if member is None:
        return None
    person = member.person
    return person if NAME.fullmatch(person.removeprefix("staff:")) else f"staff:{name}"


async def check(
    database: Database, settings: Settings, *, name: str, password: str, now: datetime
) -> StaffMember | None:
    """The member of staff whom a name and password open, or nobody.

    1. Look the name up; an unknown, resting or dismissed one is checked against nobody's hash,
       so that the answer takes as long.
    2. A wrong password is counted; at the limit the name rests for a while.
    3. A right one clears the count.
    """
    async with database.transaction() as session:
        member = (await session.exec(select(StaffMember).where(StaffMember.name == name))).first()
    awake = (
        member is not None
        and member.dismissed_at is None
        and (member.rests_until is None or member.rests_until <= now)
    )
    right = await passwords.matches(password, member.password_hash if member and awake else None)
    if member is None or not awake:
        return None
    async with database.transaction() as session:
        found = await session.get(StaffMember, member.id, with_for_update=True)
        if found is None or found.dismissed_at is not None:
            return None
        if right and (found.rests_until is None or found.rests_until <= now):
            found.wrong_passwords, found.rests_until = 0, None
            session.add(found)
            return found
        if not right:
            await _count_wrong(session, settings, found, now)
    return None


async def _count_wrong(
    session: AsyncSession, settings: Settings, member: StaffMember, now: datetime
) -> None:
    member.wrong_passwords += 1
    if member.wrong_passwords >= settings.wrong_passwords_max:
        member.wrong_passwords = 0
        member.rests_until = now + timedelta(minutes=settings.wrong_password_rest_minutes)
        await session.flush()
        await audit.record(
            session,
            member.county,
            actor="gateway",
            act="staff-rested",
            subject=f"staff:{member.name}",
            details={"minutes": settings.wrong_password_rest_minutes},
        )
    session.add(member)


async def _sign_out_everywhere(session: AsyncSession, member: StaffMember) -> None:
    await session.exec(delete(BrowserSession).where(col(BrowserSession.staff_id) == member.id))


async def _run(chosen: argparse.Namespace, password: str) -> str:
    settings = load_or_exit(Settings)
    database = Database(settings.database_url.get_secret_value(), connections_max=1)
    now = datetime.now(UTC)
    try:
        async with database.transaction() as session:
            if chosen.act == "dismiss":
                await dismiss(session, settings.county, name=chosen.name, now=now)
                return f"{chosen.name} is dismissed"
            await register(
                session,
                settings.county,
                name=chosen.name,
                roles=chosen.roles.split(","),
                areas=chosen.areas.split(","),
                password=password,
                person=chosen.person,
                now=now,
            )
            return f"{chosen.name} is registered"
    finally:
        await database.close()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m gateway.staff", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    add = acts.add_parser("add", help="register or change an account")
    add.add_argument("--name", required=True)
    add.add_argument("--roles", required=True, help=f"comma-separated of {', '.join(ROLES)}")
    add.add_argument("--areas", required=True, help="division codes, comma-separated")
    add.add_argument("--password-file", required=True, help="a file that holds the password")
    add.add_argument("--person", default="", help="the person, where one has two accounts")
    acts.add_parser("dismiss", help="end an account").add_argument("--name", required=True)
    chosen = parser.parse_args()
    try:
        password = (
            Path(chosen.password_file).read_text("utf-8").strip() if chosen.act == "add" else ""
        )
        said = asyncio.run(_run(chosen, password))
    except (ValueError, OSError) as refused:
        sys.stderr.write(f"refused: {refused}\n")
        raise SystemExit(1) from refused
    sys.stdout.write(said + "\n")


if __name__ == "__main__":
    main()
