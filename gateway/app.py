"""Put the gateway together: the one door, its pages, its tokens and the way on to the services."""

import asyncio
from datetime import UTC, datetime
from typing import Final

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from prometheus_client import start_http_server
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException
from starlette.routing import Mount
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from gateway import codes, limits, refusals, routes, sessions, tokens
from gateway.admission import Admission, CookieNames, NobodySignedIn
from gateway.desk import (
    alerts,
    boards,
    cases,
    certificates,
    county,
    deaths,
    envelopes,
    exchange,
    feeds,
    funds,
    home,
    households,
    lines,
    lists,
    low_income,
    means,
    months,
    payees,
    people,
    people_lists,
    periods,
    recoveries,
    registers,
    relatives,
    reports,
    requests,
    reserves,
    retention,
    returns,
    reviews,
    rosters,
    rounds,
    runs,
    signatures,
    surveys,
    times,
    villages,
    workdays,
)
from gateway.desk import sign_in as staff_sign_in
from gateway.door import Door
from gateway.pages import STATIC, Pages, pages_of, see
from gateway.palmtop import (
    answering,
    applications,
    applying,
    assistance,
    changing,
    filing,
    living,
    papers,
    publicity,
    supporting,
    writing,
)
from gateway.palmtop import sign_in as citizen_sign_in
from gateway.partners import oauth
from gateway.passages import PassageBook
from gateway.proxy import Proxy, Upstream
from gateway.quotas import Quotas
from gateway.settings import Settings
from gateway.tokens import TokenBook
from shared import serving, telemetry
from shared.callers import Caller, ScopeMissing
from shared.problems import Malformed, NotFound, Problem
from shared.routes import DatabaseAway
from shared.serving import Context

SWEEP_SECONDS: Final = 600
MACHINES: Final = ("/api/", "/oauth/", "/.well-known/", "/healthz", "/readyz")

front = APIRouter()


@front.get("/")
async def first_page(request: Request) -> Response:
    """The first page anybody sees."""
    return pages_of(request).render(request, "home.html")


FACES: Final = (
    front,
    refusals.router,
    citizen_sign_in.router,
    staff_sign_in.router,
    assistance.router,
    publicity.router,
    filing.router,
    applying.router,
    changing.router,
    applications.router,
    writing.router,
    living.router,
    supporting.router,
    papers.router,
    answering.router,
    home.router,
    cases.router,
    boards.router,
    means.router,
    certificates.router,
    payees.router,
    households.router,
    people.router,
    reviews.router,
    registers.router,
    relatives.router,
    times.router,
    exchange.router,
    feeds.router,
    alerts.router,
    low_income.router,
    requests.router,
    people_lists.router,
    surveys.router,
    rosters.router,
    rounds.router,
    lists.router,
    runs.router,
    signatures.router,
    retention.router,
    workdays.router,
    reserves.router,
    funds.router,
    envelopes.router,
    recoveries.router,
    returns.router,
    months.router,
    reports.router,
    county.router,
    periods.router,
    deaths.router,
    lines.router,
    villages.router,
    oauth.router,
)


def build(settings: Settings) -> FastAPI:
    """The gateway as an app."""
    upstream = Upstream(settings)

    async def keep_connections(_context: Context) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await upstream.close()

    async def log_passages(_context: Context) -> None:
        await book.write_forever()

    app = serving.build_app(
        settings,
        name="gateway",
        routers=FACES,
        allowed={},
        peers=upstream.urls,
        scopes=frozenset(
            {
                "applicants:admit",
                "codes:send",
                "payouts:read",
                "people:resolve",
                "publicity:read",
                "registers:outside",
            }
        ),
        background=(keep_connections, log_passages, _sweep, _show_metrics),
    )
    state = app.state
    book = PassageBook(state.database, settings.county)
    state.pages = Pages(settings)
    state.passages = book
    state.quotas = Quotas()
    state.errands = set()
    state.cookie_names = CookieNames.of(settings)
    state.admission = Admission(
        settings, state.database, TokenBook(settings, state.keys, state.database)
    )
    state.upstream = upstream
    proxy = Proxy(
        settings,
        routes.TABLE,
        state.admission,
        state.signer,
        upstream,
        state.quotas,
        state.database,
    )
    app.router.redirect_slashes = False
    app.router.routes.insert(0, Mount(routes.PREFIX, app=proxy))
    app.mount("/static", _Lasting(directory=STATIC), name="static")
    app.add_exception_handler(Problem, _refused)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(PoolExhausted, _database_away)
    app.add_exception_handler(OperationalError, _database_away)
    app.add_exception_handler(Exception, _bug)
    app.add_middleware(Door, book=book, over_tls=settings.cookies_secure)
    # Outermost: whoever a request comes from is known before anything counts or notes it.
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.trusted_proxies)
    return app


class _Lasting(StaticFiles):
    """Files whose address changes with their content, so that a phone fetches each once."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        answer = super().file_response(*args, **kwargs)  # type: ignore[arg-type] # Passed on as they came.
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


async def _refused(request: Request, problem: Exception) -> Response:
    """A refusal: a document for machines, a page for people, the sign-in page for strangers."""
    assert isinstance(problem, Problem)
    path = request.url.path
    if path.startswith(MACHINES):
        return serving.problem_response(problem)
    if isinstance(problem, NobodySignedIn):
        if path.startswith("/my/cases"):
            return see("/apply")  # Whoever applies may be known here by a telephone alone.
        return see("/staff/sign-in" if path.startswith("/staff") else "/sign-in")
    if isinstance(problem, ScopeMissing) and path in assistance.PAGES and _applies(request):
        return see("/my/cases")
    return await refusals.refusal_page(request, problem)


def _applies(request: Request) -> bool:
    """Whether whoever asks is signed in for their applications alone."""
    caller: Caller | None = getattr(request.state, "caller", None)
    return caller is not None and caller.scopes == sessions.APPLICANT_SCOPES


async def _plain(request: Request, problem: Exception) -> Response:
    """What the framework itself refuses; a wrong method is told as if nothing were there."""
    assert isinstance(problem, HTTPException)
    refusal = NotFound() if problem.status_code in {404, 405} else Malformed(problem.detail)
    return await _refused(request, refusal)


async def _database_away(request: Request, problem: Exception) -> Response:
    """Our own database does not answer, or too many ask it at once."""
    telemetry.log.warning("database-away", because=type(problem).__name__)
    return await _refused(request, DatabaseAway("try again in a moment"))


async def _bug(request: Request, problem: Exception) -> Response:
    """Anything else is ours to mend; whoever meets it learns nothing but its number."""
    telemetry.log.error("bug", exc_info=problem)
    return await _refused(request, Problem("something went wrong here; it was written down"))


async def _sweep(context: Context) -> None:
    """Take away what is over: sessions, codes, attempts, used assertions."""
    while True:
        now = datetime.now(UTC)
        async with context.database.transaction() as session:
            for forget in (
                sessions.forget_ended,
                codes.forget_old,
                limits.forget_old,
                tokens.forget_old,
            ):
                await forget(session, now)
        await asyncio.sleep(SWEEP_SECONDS)


async def _show_metrics(context: Context) -> None:
    """Metrics on a port of their own, for the door itself must not show them."""
    settings: Settings = context.settings
    if settings.metrics_port is None:
        return
    server, thread = start_http_server(settings.metrics_port, settings.host)
    try:
        await asyncio.Event().wait()
    finally:
        server.shutdown()
        thread.join()


if __name__ == "__main__":
    serving.run(Settings, build)
