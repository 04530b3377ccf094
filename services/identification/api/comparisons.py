"""Comparisons and their alerts: a month opened, what it came to, and what was done about it."""

import asyncio
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.identification import laws
from services.identification.api.cases import desk_of
from services.identification.api.feeds import county_wide
from services.identification.api.forms import done_of, form_of, said_of
from services.identification.api.patterns import AREA, MONTH
from services.identification.api.workdays import settings_of
from services.identification.comparison import (
    alert_facts,
    alerts,
    comparisons,
    concerned,
    monthly,
    opened,
    queues,
    supporters,
)
from services.identification.comparison.alerts import AlertStanding
from services.identification.comparison.kinds import read_kinds
from services.identification.comparison.pseudonyms import Pseudonyms
from services.identification.comparison.queues import Filter
from services.identification.desk import Desk
from services.identification.grammar.acts import Words
from services.identification.models import Alert
from shared.callers import Caller, Kind, needs
from shared.months import Month, civil_date
from shared.routes import NUMBER_MAX, CommittedRoute, Now, Reading, Transaction

router = APIRouter(route_class=CommittedRoute)

LOOKING: Final = ("alerts:read", "alerts:assign", "alerts:check", "alerts:decide")
ALERTS: Final = (*LOOKING, "alerts:answer")
"""Whoever only writes an answer down is not shown what stood on the list."""
Comparer = Annotated[Caller, needs("comparisons:make", kinds=(Kind.STAFF,))]
Reader = Annotated[Caller, needs("comparisons:make", "feeds:read", kinds=(Kind.STAFF,))]
Officer = Annotated[Caller, needs(*ALERTS, kinds=(Kind.STAFF,))]


class Opening(BaseModel):
    """The month whose lists are compared."""

    model_config = ConfigDict(extra="forbid")

    month: Month


class Doing(BaseModel):
    """An act to be done to an alert that stands at a version."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=0)
    words: dict[str, Any] = Field(default_factory=dict, max_length=20)


@router.post("/comparisons", status_code=202)
async def open_comparison(
    words: Opening, request: Request, session: Transaction, caller: Comparer, now: Now
) -> dict[str, Any]:
    """Open the month's comparison, or resume it; newer lists since make another attempt."""
    county_wide(caller)
    state = request.app.state
    fingerprint = Pseudonyms(state.keys).fingerprint
    found, waits = await comparisons.open_comparison(
        session, state.feeds, fingerprint, words.month, caller, now
    )
    return {**comparisons.words(found), "waits": waits}


@router.get("/comparisons")
async def latest(request: Request, session: Reading, caller: Reader) -> dict[str, Any]:
    """The last comparisons, the newest month first: when, by whom, and with which counts; and the
    months without one, with the lists they wait for."""
    county_wide(caller)
    state = request.app.state
    today, fingerprint = state.clock.today(), Pseudonyms(state.keys).fingerprint
    found = await comparisons.latest(session, caller.county)
    waiting = await monthly.without(
        session, state.feeds, settings_of(request), fingerprint, caller.county, today
    )
    return {
        "items": [comparisons.words(each) for each in found],
        "without": [
            {
                "month": str(each.month),
                "since": each.since.isoformat(),
                "waits_until": each.until.isoformat(),
                "missing": each.missing,
                "stopping": each.stopping,
                "by_itself": each.by_itself,
            }
            for each in waiting
        ],
    }


@router.get("/comparisons/{comparison_id}")
async def one(
    comparison_id: UUID, request: Request, session: Reading, caller: Reader, now: Now
) -> dict[str, Any]:
    """A comparison with what each list came to; matched and only there add up to what came in."""
    county_wide(caller)
    found = await comparisons.one(session, comparison_id)
    desk = desk_of(request, session, caller, now)
    counted = await queues.counts(desk, Filter(month=found.month, with_closed=True))
    settings = request.app.state.settings
    reasons = {each for counts in found.unjudged.values() for each in counts}
    kinds = laws.names(settings)
    return {
        **comparisons.words(found),
        "feeds": [comparisons.feed_words(row) for row in await comparisons.counts(session, found)],
        "alerts": counted,
        "batch_words": {code: words.both() for code, words in _batches(request).items()},
        "kind_words": {kind: Words(each.zh, each.en).both() for kind, each in kinds.items()},
        "state_words": {name: each.words.both() for name, each in read_kinds().path.states.items()},
        "reason_words": {
            reason: Words(each.zh, each.en).both()
            for reason, each in laws.unjudged_words(settings, reasons).items()
        },
    }


@router.get("/comparisons/{comparison_id}/feeds/{feed}/{side}")
async def behind(
    comparison_id: UUID,
    feed: str,
    side: Literal["matched", "only-here", "only-there"],
    request: Request,
    session: Reading,
    caller: Reader,
    after: Annotated[int, Query(ge=-1, le=NUMBER_MAX)] = -1,
) -> dict[str, Any]:
    """The people or rows behind a count, page by page."""
    county_wide(caller)
    found = await comparisons.one(session, comparison_id)
    state = request.app.state
    return await asyncio.to_thread(
        opened.page, state.settings, state.keys, state.feeds, found, feed, side, after
    )


@router.get("/comparisons/{comparison_id}/batches/{batch}")
async def batch(
    comparison_id: UUID,
    batch: str,
    request: Request,
    session: Reading,
    caller: Reader,
    after: Annotated[int, Query(ge=-1, le=NUMBER_MAX)] = -1,
) -> dict[str, Any]:
    """The people of one of the four batches, or those who are on one of two lists only: assisted or
    registered, monitored here or there."""
    county_wide(caller)
    found = await comparisons.one(session, comparison_id)
    state = request.app.state
    return await asyncio.to_thread(
        opened.batch, state.settings, state.keys, state.feeds, found, batch, after
    )


def _filter(
    kind: Annotated[str | None, Query(max_length=60)] = None,
    state: Annotated[str | None, Query(max_length=20)] = None,
    area: Annotated[str | None, Query(pattern=AREA)] = None,
    month: Annotated[str | None, Query(pattern=MONTH)] = None,
    assigned_to: Annotated[str | None, Query(max_length=60)] = None,
    overdue: bool = False,
    again: bool = False,
) -> Filter:
    return Filter(kind, state, area, month, assigned_to, overdue, again)


Asked = Annotated[Filter, Depends(_filter)]


@router.get("/alerts")
async def page(
    request: Request,
    session: Reading,
    caller: Officer,
    now: Now,
    asked: Asked,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=queues.PAGE_MAX)] = 50,
) -> dict[str, Any]:
    """Alerts of the caller's areas, the newest first, with how many there are of each."""
    desk = desk_of(request, session, caller, now)
    names = names_of(request)
    items = await queues.page(desk, asked, names, after, limit)
    return {
        "items": items,
        "next": items[-1]["alert_id"] if len(items) == limit else None,
        "counts": await queues.counts(desk, asked),
        "kinds": {name: words.both() for name, words in names.items()},
        "states": {name: each.words.both() for name, each in read_kinds().path.states.items()},
    }


@router.get("/alerts/{alert_id}")
async def show(
    alert_id: UUID, request: Request, session: Reading, caller: Officer, now: Now
) -> dict[str, Any]:
    """An alert whole: why it was raised, what was done, and what the caller may do next."""
    desk = desk_of(request, session, caller, now)
    return await _shown(request, desk, await alerts.stand(desk, alert_id))


@router.post("/alerts/{alert_id}/acts/{act}")
async def do(
    alert_id: UUID,
    act: str,
    words: Doing,
    request: Request,
    session: Transaction,
    caller: Officer,
    now: Now,
) -> dict[str, Any]:
    """Do one act of the table; the alert as it stands then."""
    desk = desk_of(request, session, caller, now)
    at = await alerts.do(desk, alert_id, act, words.version, words.words)
    return await _shown(request, desk, at)


def names_of(request: Request) -> dict[str, Words]:
    """What each warning is called, as the law calls it."""
    return {
        name: Words(each.zh, each.en)
        for name, each in laws.names(request.app.state.settings).items()
        if name in read_kinds().kinds
    }


async def _supporter(request: Request, desk: Desk, alert: Alert) -> dict[str, Any] | None:
    """Whom an alert is about that is about who supports a household, and the lists they are on."""
    if alert.kind != laws.SUPPORT:
        return None
    state = request.app.state
    of = alert.comparison_id, alert.attempt
    kept = alert_facts.kept
    _, facts = await asyncio.to_thread(kept, state.settings.files_dir, desk.keys, *of)
    household = facts.household(alert.facts_row)
    return await supporters.of_alert(desk, alert, household, state.feeds)


async def _shown(request: Request, desk: Desk, at: AlertStanding) -> dict[str, Any]:
    settings, kinds = request.app.state.settings, read_kinds()
    acts = kinds.path.acts
    looks = any(desk.caller.has(scope) for scope in LOOKING)
    until = alerts.answer_until(at)
    return {
        **alerts.row(at.alert, kinds, names_of(request), desk.today),
        "called": await concerned.called(desk, at.alert),
        "supporter": await _supporter(request, desk, at.alert) if looks else None,
        "against": at.kind.against,
        "leads_to": list(at.kind.leads_to),
        "answer_until": until and until.isoformat(),
        "workings": await asyncio.to_thread(queues.workings, desk, settings, at) if looks else [],
        "history": [
            {
                **done_of(each, alerts.called(each.act), each.words),
                "says": said_of(acts[each.act].fields, each.words) if each.act in acts else [],
            }
            for each in (at.acts if looks else at.done(alerts.ANSWER))
        ],
        "papers": [
            {
                "paper_id": str(each.id),
                "added_by": each.added_by,
                "added_on": civil_date(each.added_at).isoformat(),
                "media_type": each.media_type,
                "size_bytes": each.size_bytes,
            }
            for each in at.papers
        ],
        "acts": [
            form_of(act, missing, alerts.needs_in_words()) for act, missing in alerts.lawful(at)
        ],
    }


def _batches(request: Request) -> dict[str, Words]:
    return {
        code: Words(each.zh, each.en)
        for code, each in laws.batch_words(request.app.state.settings).items()
    }
