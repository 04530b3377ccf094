"""Who is calling: a bearer token of ours, or the cookie of someone signed in at a browser."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from typing import Final

from gateway import sessions
from gateway.sessions import Visitor
from gateway.settings import Settings
from gateway.tokens import TokenBook
from shared.callers import Caller
from shared.database import Database
from shared.problems import Forbidden, Unauthenticated

CSRF_HEADER: Final = "x-csrf-token"
SAFE: Final = frozenset({"GET", "HEAD"})


class NobodySignedIn(Unauthenticated):
    """Sign in first, or bring a token."""


class FormForged(Forbidden):
    """The form did not come from our own page; open the page again."""


@dataclass(frozen=True, slots=True)
class CookieNames:
    """What our two cookies are called; with __Host- they cannot be set from elsewhere."""

    session: str
    browser: str

    @classmethod
    def of(cls, settings: Settings) -> "CookieNames":
        """The names for a door with or without TLS."""
        prefix = "__Host-" if settings.cookies_secure else ""
        return cls(f"{prefix}doudi_session", f"{prefix}doudi_browser")


class Admission:
    """Tells who is calling."""

    def __init__(self, settings: Settings, database: Database, book: TokenBook) -> None:
        self._settings = settings
        self._database = database
        self._book = book
        self._names = CookieNames.of(settings)

    async def caller(self, method: str, headers: Mapping[str, str]) -> Caller:
        """The caller of an API request, by the headers it brings (names in lower case).

        Raises:
            NobodySignedIn: neither a token nor a session.
            TokenRefused: a token that does not hold.
            FormForged: a cookie alone, on a request that changes something.
        """
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme:
            if scheme.lower() != "bearer":
                raise NobodySignedIn("only bearer tokens are taken")
            return await self._book.caller(token)
        secret = cookies_of(headers.get("cookie", "")).get(self._names.session, "")
        visitor = await self.visitor(secret)
        if visitor is None:
            raise NobodySignedIn()
        if method not in SAFE:
            refuse_other_sites(headers)
            if not sessions.csrf_holds(secret, headers.get(CSRF_HEADER, "")):
                raise FormForged(f"{CSRF_HEADER} is missing or wrong")
        return visitor.caller

    async def visitor(self, secret: str) -> Visitor | None:
        """Who a session cookie stands for."""
        if not secret:
            return None
        async with self._database.transaction() as session:
            return await sessions.visitor(session, self._settings, secret, datetime.now(UTC))


def refuse_other_sites(headers: Mapping[str, str]) -> None:
    """Refuse what a browser itself says comes from another site.

    Raises:
        FormForged: it does.
    """
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise FormForged("it came from another site")


def cookies_of(header: str) -> dict[str, str]:
    """The cookies of a request."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(header)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}
