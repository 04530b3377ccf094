"""A form that was refused comes back as it was filled in: its own page, with the refusal above it.

Every page keeps what was typed by this one way, so no page has to.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from fastapi import FastAPI, Request
from lxml import html
from starlette.routing import Match, Route
from starlette.types import Message, Scope

from gateway.forms import Posted
from shared.problems import Problem

UNANSWERED: Final = 503
"""Nobody knows whether it was done: sent again under the same key, it is done once."""
MENDABLE: Final = frozenset({409, 422, UNANSWERED})
"""Refusals after which whoever sent the form mends it, or sends it again."""
_KEPT_HEADERS: Final = frozenset({b"host", b"cookie", b"user-agent"})
_OF_A_VISIT: Final = ("type", "asgi", "http_version", "scheme", "root_path", "client", "server")
_NOT_TYPED: Final = frozenset({"hidden", "password", "file"})
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
MARK: Final = "refused"
"""The id of what is to be mended, for the link to it."""


def pages_above(request: Request) -> Iterator[str]:
    """Where the form of a request may stand: its own address and those above it that are pages."""
    path = request.url.path
    while path:
        if is_served(request.app, "GET", path):
            yield path
        path = path.rpartition("/")[0]


async def page_again(request: Request, problem: Problem, fault: Callable[[], str]) -> str | None:
    """The page of the refused form, each field as it was typed, `fault` above everything.

    `fault` draws the refusal as HTML. None where nothing was typed, or its page no longer shows the
    form: then the refusal has to stand alone.
    """
    sent: Posted | None = getattr(request.state, "posted", None)
    if sent is None or problem.status not in MENDABLE:
        return None
    for path in pages_above(request):
        page = await _drawn(request, path)
        form = None if page is None else _form_of(page, request.url.path)
        if form is not None:
            _fill(form, {name: _CONTROL.sub("", said) for name, said in sent.words.items()})
            if problem.status == UNANSWERED:
                form.fields["key"] = sent.key
            _tell(page, form, fault(), str(problem.document().get("field", "")))
            return str(html.tostring(page, encoding="unicode", doctype="<!doctype html>"))
    return None


def is_served(app: FastAPI, method: str, path: str) -> bool:
    """Whether a page of ours, or what one of them sends to, is at an address."""
    asked = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    routes = (route for route in app.routes if isinstance(route, Route))
    return any(route.matches(asked)[0] is Match.FULL for route in routes)


async def _drawn(request: Request, path: str) -> html.HtmlElement | None:
    """A page as whoever sent the form sees it now; None where they see none."""
    scope: Scope = {
        **{name: request.scope[name] for name in _OF_A_VISIT if name in request.scope},
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [pair for pair in request.scope["headers"] if pair[0] in _KEPT_HEADERS],
        "state": {},
    }
    status, body = 0, b""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, body
        status = message.get("status", status)
        body += message.get("body", b"")

    await request.app(scope, receive, send)
    return html.document_fromstring(body.decode()) if status == 200 else None


def _form_of(page: html.HtmlElement, action: str) -> html.HtmlElement | None:
    return next((form for form in page.forms if form.get("action") == action), None)


def _fill(form: html.HtmlElement, typed: Mapping[str, str]) -> None:
    for each in form.iter("input", "textarea", "select"):
        name, kind = each.get("name"), each.get("type", "text")
        if not name or kind in _NOT_TYPED:
            continue
        stood = _stands(each)
        if kind in {"checkbox", "radio"}:
            each.attrib.pop("checked", None)
            if typed.get(name) == each.get("value", "on"):
                each.set("checked", "")
        elif name in typed:
            _write(each, typed[name])
        if _stands(each) != stood:
            _open(each)


def _stands(field: html.HtmlElement) -> str | None:
    """What a field says: of a box whether it is ticked, of a list what is chosen."""
    if field.tag == "select":
        return str(field.value)
    if field.tag == "textarea":
        return str(field.text or "").removeprefix("\n")
    return str(field.get("checked" if field.get("type") in {"checkbox", "radio"} else "value"))


def _open(element: html.HtmlElement) -> None:
    """Nothing that was typed, or is to be mended, stands where it is folded away."""
    for folded in element.iterancestors("details"):
        folded.set("open", "")


def _write(field: html.HtmlElement, said: str) -> None:
    if field.tag == "input":
        field.set("value", said)
    elif field.tag == "textarea":
        field.text = f"\n{said}" if said.startswith("\n") else said  # The first one is not read.
    else:
        for option in field.iter("option"):
            option.attrib.pop("selected", None)
            if option.get("value", option.text) == said:
                option.set("selected", "")


def _tell(page: html.HtmlElement, form: html.HtmlElement, fault: str, wrong: str) -> None:
    """Put the refusal on top, with the way down to what is to be mended."""
    _open(form)
    field = _named(form, wrong)
    if field is not None:
        field.set("aria-invalid", "true")
        _open(field)
    (form if field is None else _labelled(form, field)).addprevious(html.Element("span", id=MARK))
    (main,) = page.xpath("//main")
    main.insert(0, html.fragment_fromstring(fault, create_parent="div"))


def _named(form: html.HtmlElement, wrong: str) -> html.HtmlElement | None:
    """The field that a refusal names: as forms name it, or as the document they make does.

    `application.members.1.born_on` is `member-1-born_on`, `application.members.1` the first of its
    row; what names no field of the form marks none.
    """
    _, dot, inner = wrong.partition(".")
    row, *rest = inner.split(".") if dot else [wrong]
    name = "-".join([row.removesuffix("s"), *rest]) if dot else wrong
    shown = [each for each in form.iter() if each.get("name") and each.get("type") != "hidden"]
    exact = (each for each in shown if each.get("name") == name)
    return next(exact, next((e for e in shown if e.get("name", "").startswith(f"{name}-")), None))


def _labelled(form: html.HtmlElement, field: html.HtmlElement) -> html.HtmlElement:
    """Where a field begins to be read: its label."""
    labels = [e for e in form.iter("label") if e.get("for") and e.get("for") == field.get("id")]
    return next(iter([*labels, *field.iterancestors("label")]), field)
