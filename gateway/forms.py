"""Forms sent by our own pages: who may send them, read whole, and only once."""

import re
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import Depends, Request, Response

from gateway import sessions
from gateway.admission import Admission, CookieNames, FormForged, NobodySignedIn, refuse_other_sites
from gateway.quotas import Quotas
from gateway.sessions import Visitor
from gateway.settings import Settings
from shared.kept import refuse_unkept
from shared.money import NotAnAmount, parse_yuan
from shared.problems import Malformed, TooLarge

FORM_BYTES_MAX: Final = 64 * 1024
FIELDS_MAX: Final = 600
PAGES_PER_MINUTE: Final = 300
BROWSER_COOKIE_SECONDS: Final = 3600


class FormUnreadable(Malformed):
    """The form could not be read; open the page again and send it from there."""


class NotANumber(Malformed):
    """Only a number is wanted here."""


class FormTooLarge(TooLarge):
    """The form is larger than any of ours."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What a form said, and the key under which its work is done once."""

    words: dict[str, str]
    key: str

    def word(self, name: str, *, most: int = 200) -> str:
        """One field, without the blanks around it; absent is empty."""
        said = self.words.get(name, "").strip()
        if len(said) > most:
            raise FormUnreadable(f"{name} is too long", field=name)
        return said

    def number(self, name: str) -> int:
        """One field that is a whole number."""
        said = self.word(name, most=18)
        if not re.fullmatch(r"[0-9]{1,18}", said):
            raise NotANumber(f"{name} is a whole number", field=name)
        return int(said)

    def fen(self, name: str) -> int:
        """One field that is an amount in yuan, in fen."""
        try:
            return parse_yuan(self.word(name))
        except NotAnAmount as problem:
            raise NotAnAmount(problem.detail, field=name) from problem


def cookie_names(request: Request) -> CookieNames:
    """The names of our cookies at this door."""
    names: CookieNames = request.app.state.cookie_names
    return names


async def signed_in(request: Request) -> Visitor:
    """Whoever is signed in at this browser; a dependency of every page behind the door.

    Raises:
        NobodySignedIn: nobody is, or not any more.
        QuotaSpent: they open pages faster than a person reads.
    """
    admission: Admission = request.app.state.admission
    secret = request.cookies.get(cookie_names(request).session, "")
    visitor = await admission.visitor(secret)
    if visitor is None:
        raise NobodySignedIn()
    quotas: Quotas = request.app.state.quotas
    quotas.spend(visitor.caller.subject, "pages", PAGES_PER_MINUTE)
    request.state.visitor = visitor
    request.state.caller = visitor.caller
    request.state.csrf = sessions.csrf_of(secret)
    request.state.secret = secret
    return visitor


async def posted(request: Request) -> Posted:
    """The form of somebody signed in.

    Raises:
        FormForged: it was not sent from a page of ours.
    """
    return await _read(request, request.cookies.get(cookie_names(request).session, ""))


async def posted_at_the_door(request: Request) -> Posted:
    """A form of the sign-in pages, bound to the browser it was shown to.

    Raises:
        FormForged: it was not sent from a page of ours.
    """
    return await _read(request, browser_secret(request))


def browser_secret(request: Request) -> str:
    """The secret of a browser at which nobody is signed in yet; empty when it has none."""
    return request.cookies.get(cookie_names(request).browser, "")


def greet_browser(request: Request) -> str:
    """The same, or a new one; `remember_browser` sets it on the answer."""
    secret = browser_secret(request) or sessions.new_secret()
    request.state.csrf = sessions.csrf_of(secret)
    return secret


def remember_browser(request: Request, response: Response, secret: str) -> None:
    """Give the browser its secret for the sign-in pages."""
    _set(request, response, cookie_names(request).browser, secret, BROWSER_COOKIE_SECONDS)


def remember_session(request: Request, response: Response, secret: str) -> None:
    """Give the browser its session; the secret of the sign-in pages has done its work."""
    settings: Settings = request.app.state.settings
    seconds = settings.session_hours_max * 3600
    _set(request, response, cookie_names(request).session, secret, seconds)
    response.delete_cookie(cookie_names(request).browser, secure=settings.cookies_secure)
    response.headers["X-CSRF-Token"] = sessions.csrf_of(secret)


def forget_session(request: Request, response: Response) -> None:
    """Take the session from the browser."""
    settings: Settings = request.app.state.settings
    response.delete_cookie(cookie_names(request).session, secure=settings.cookies_secure)


FormOf = Annotated[Posted, Depends(posted)]
DoorForm = Annotated[Posted, Depends(posted_at_the_door)]


async def _read(request: Request, secret: str) -> Posted:
    refuse_other_sites(request.headers)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/x-www-form-urlencoded":
        raise FormUnreadable()
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES_MAX:
            raise FormTooLarge()
    try:
        pairs = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="strict"
        )
    except ValueError as problem:
        raise FormUnreadable() from problem
    words = dict(pairs)
    refuse_unkept(words)
    if not secret or not sessions.csrf_holds(secret, words.get("csrf", "")):
        raise FormForged()
    key = words.get("key", "")
    if not 8 <= len(key) <= 128 or not key.isprintable() or len(words) != len(pairs):
        raise FormUnreadable()
    form = Posted({name: said for name, said in pairs if name not in {"csrf", "key"}}, key)
    request.state.posted = form
    return form


def _set(request: Request, response: Response, name: str, secret: str, seconds: int) -> None:
    settings: Settings = request.app.state.settings
    response.set_cookie(
        name,
        secret,
        max_age=seconds,
        path="/",
        secure=settings.cookies_secure,
        httponly=True,
        samesite="strict",
    )
