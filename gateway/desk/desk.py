"""What desk pages share: services called as who sits here, the month, acts, accounts and names."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from fastapi import Request

from gateway import staff
from gateway.fields import words_of
from gateway.forms import Posted
from shared.callers import Caller
from shared.calls import Peer
from shared.clock import Clock
from shared.database import Database
from shared.ids import new_id
from shared.months import Month
from shared.problems import Malformed, Problem


class NoSuchAccount(Malformed):
    """Nobody signs in by that name: write it as they sign in."""


class NoSuchMonth(Malformed):
    """A month is written like 2026-10."""


def peer(request: Request, name: str) -> Peer:
    """A service, called for whoever is signed in."""
    found: Peer = request.app.state.peers[name]
    return found.on_behalf_of(request.state.caller)


def said_of(request: Request, names: Iterable[str]) -> dict[str, str]:
    """What a page's address says under these names; what is empty is not said."""
    return {name: said for name in names if (said := request.query_params.get(name))}


def month_said(request: Request, said: str | None) -> str:
    """The month that was said, or the county's civil month.

    Raises:
        NoSuchMonth: what was said is no month.
    """
    clock: Clock = request.app.state.clock
    try:
        return str(Month.parse(said) if said else clock.month())
    except ValueError as problem:
        raise NoSuchMonth() from problem


async def month_of(request: Request, said: str | None) -> str:
    """The month a page is about: the one said, or the one the county works at.

    That is the newest month with a run, for staff take a month up before it begins; without one,
    or with benefits away, the county's civil month.

    Raises:
        NoSuchMonth: what was said is no month.
    """
    month = month_said(request, said)
    if said:
        return month
    months = [month]
    with suppress(Problem):
        months += [
            run["pay_month"] for run in (await peer(request, "benefits").get("/runs"))["items"]
        ]
    return max(months)


async def with_accounts(
    request: Request, fields: Mapping[str, Any], words: dict[str, Any]
) -> dict[str, Any]:
    """The words of a form, with the names staff sign in by as the services know them.

    Raises:
        NoSuchAccount: nobody signs in by that name.
    """
    named = [name for name, field in fields.items() if field["type"] == "account" and words[name]]
    database: Database = request.app.state.database
    for name in named:
        async with database.transaction() as session:
            known = await staff.known_as(session, str(words[name]))
        if known is None:
            raise NoSuchAccount(field=name)
        words[name] = known
    return words


async def do_act(
    request: Request, path: str, act: str, form: Posted, more: Mapping[str, Any] | None = None
) -> None:
    """Do an act on what lies at a path of identification, with the words its table asks for, and
    with `more` that its page has read.

    Raises:
        NoSuchAccount: a name of staff is none.
    """
    service = peer(request, "identification")
    found = await service.get(path)
    asked = next((each for each in found["acts"] if each["act"] == act), None)
    fields: Mapping[str, Any] = asked["fields"] if asked else {}
    words = {
        "version": form.number("version"),
        "words": {
            **await with_accounts(request, fields, words_of(form, fields)),
            **(more or {}),
        },
    }
    await service.post(f"{path}/acts/{act}", words, key=form.key)


async def names_of(request: Request, ids: set[str]) -> dict[str, str]:
    """Whom these ids stand for, as far as the reader may know them."""
    caller: Caller = request.state.caller
    if not ids or not caller.has("people:read"):
        return {}
    found = await peer(request, "identification").post(
        "/people/names", {"ids": sorted(ids)}, key=str(new_id())
    )
    names: dict[str, str] = found["names"]
    return names


async def together(*asked: Any) -> list[Any]:
    """Several answers, asked for at once; the first refusal refuses the page."""
    return list(await asyncio.gather(*asked))
