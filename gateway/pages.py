"""Pages drawn here, on the server: plain HTML that reads without scripts, large by default."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway import forms, words
from gateway.desk.ways import rooms_of
from gateway.divisions import Divisions
from gateway.sessions import Visitor
from gateway.settings import Settings
from shared import telemetry
from shared.ids import new_id
from shared.money import yuan_text
from shared.months import COUNTY_ZONE, Month, written

HERE: Final = Path(__file__).resolve().parent
STATIC: Final = HERE / "static"
VILLAGE_PLACES: Final = 12
"""How many places the code of a village has."""


class Pages:
    """The templates, and what every page shows."""

    def __init__(self, settings: Settings) -> None:
        self.divisions = divisions = Divisions.read(settings.divisions_file)
        self._help_phone = settings.help_phone
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(
            yuan=yuan_words,
            plain_yuan=yuan_text,
            month=month_words,
            day=day_words,
            instant=instant_words,
            programme=words.programme,
            failure=words.failure,
            cause=words.cause,
            account=words.account,
            paper=words.paper,
            channel=words.channel,
            division=divisions.name,
            owner=lambda code: _owner(code, divisions),
        )
        self._environment.globals.update(
            new_key=lambda: str(new_id()),
            rooms_of=rooms_of,
            villages_of=lambda visitor: _seen_by(visitor, divisions.villages()),
            takes_calls=_takes_calls,
            areas_of=lambda visitor: _seen_by(visitor, divisions.all()),
            stylesheet=f"/static/doudi.css?v={_fingerprint(STATIC / 'doudi.css')}",
            county_name=settings.county_name,
            notice=settings.notice,
            help_phone=settings.help_phone,
            phone_of=self.phone_of,
        )

    def phone_of(self, area: str) -> str:
        """The telephone of the township an area is, or lies in; where it has none, the one shown
        on every page."""
        return self.divisions.phone(area) or self._help_phone

    def render(
        self, request: Request, template: str, *, status: int = 200, **shown: Any
    ) -> HTMLResponse:
        """A page for this request; who is signed in and their form word come by themselves."""
        text = self._environment.get_template(template).render(
            visitor=getattr(request.state, "visitor", None),
            csrf=getattr(request.state, "csrf", ""),
            request_id=telemetry.request_id.get(),
            **shown,
        )
        return HTMLResponse(text, status)


def pages_of(request: Request) -> Pages:
    """The pages of this process."""
    pages: Pages = request.app.state.pages
    return pages


def door_page(request: Request, template: str, *, status: int = 200, **shown: Any) -> HTMLResponse:
    """A page with a form for whoever is not signed in: their browser keeps what the form needs."""
    secret = forms.greet_browser(request)
    page = pages_of(request).render(request, template, status=status, **shown)
    forms.remember_browser(request, page, secret)
    return page


def see(path: str) -> RedirectResponse:
    """After a form: look there. Reloading that page sends nothing again."""
    return RedirectResponse(path, status_code=303)


def yuan_words(fen: int) -> str:
    """101200 → 1,012.00元."""
    yuan, _, rest = yuan_text(fen).partition(".")
    return f"{int(yuan):,}.{rest}元" if fen >= 0 else f"-{yuan_words(-fen)}"


def month_words(month: str) -> str:
    """2026-10 → 2026年10月."""
    read = Month.parse(month)
    return f"{read.year}年{read.number}月"


def day_words(day: str) -> str:
    """2026-10-05 → 2026年10月5日."""
    year, month, number = day.split("-")
    return f"{year}年{int(month)}月{int(number)}日"


def instant_words(instant: str | datetime | None) -> str:
    """An instant as the county's clock says it: 2026年10月10日 09:30."""
    if instant is None:
        return ""
    read = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    local = read.astimezone(COUNTY_ZONE)
    return f"{written(local)} {local:%H:%M}"


def _takes_calls(visitor: Visitor) -> bool:
    """Whether somebody at a window may also say that people rang: no village, and no operator."""
    wide = any(len(area) < VILLAGE_PLACES for area in visitor.caller.divisions)
    return wide and visitor.may("cases:identify")


def _seen_by(visitor: Visitor, names: dict[str, str]) -> dict[str, str]:
    """Those of the visitor's areas."""
    return {code: name for code, name in names.items() if visitor.caller.may_see(code)}


def _owner(code: str, divisions: Divisions) -> str:
    """Whose desk something lies on: an office, or a town's."""
    if code.startswith("town:"):
        return f"{divisions.name(code.removeprefix('town:'))}民政办"
    return words.OWNERS.get(code) or words.account(code)


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
