"""The table and the services behind it agree: nothing dead, nothing open by oversight."""

import importlib
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from fastapi.routing import APIRoute

from gateway import clients, sessions, staff
from gateway.routes import PREFIX, TABLE
from gateway.table import PublicRoute, Table
from shared.callers import Kind, Needs

AN_ID: Final = "01a21a62-18a6-730c-921a-0cba20127704"
SERVICES: Final = ("identification", "benefits", "payments", "notifications")
# What one process asks of another, and nobody from outside.
INSIDE: Final = {
    ("identification", "GET", "/determinations"),
    ("identification", "POST", "/people/resolve"),
    ("identification", "POST", "/applicants"),
    ("identification", "GET", "/programmes"),
    ("identification", "GET", "/villages/{}/public-list"),
    ("identification", "GET", "/registers/{}/outside"),
    ("identification", "POST", "/registers/{}/outside"),
    ("identification", "POST", "/registers/{}/outside/state"),
    ("identification", "GET", "/registers/{}/public"),
    ("benefits", "GET", "/areas/{}/board-sums"),
    ("benefits", "POST", "/supposed"),
    ("payments", "GET", "/lines/payments"),
    ("payments", "GET", "/results/{}/lines"),
    ("payments", "POST", "/accounts"),
    ("payments", "POST", "/payees/{}/offers"),
    ("payments", "POST", "/reserves/{}/advances"),
    ("notifications", "POST", "/codes"),
    ("notifications", "POST", "/contacts"),
}


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def _leaves(routes: Any) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from _leaves(route.original_router.routes)


def _behind() -> dict[tuple[str, str, str], APIRoute]:
    found = {}
    for service in SERVICES:
        for router in importlib.import_module(f"services.{service}.api").ROUTERS:
            for route in _leaves(router.routes):
                for method in route.methods or ():
                    found[(service, method, _shape(route.path))] = route
    return found


def _needs(dependant: Any) -> Iterator[Needs]:
    if isinstance(dependant.call, Needs):
        yield dependant.call
    for inner in dependant.dependencies:
        yield from _needs(inner)


def _inner(route: PublicRoute) -> tuple[str, str, str]:
    return route.service, route.method, _shape(route.internal)


def test_every_route_of_the_table_is_there_and_every_other_is_meant_to_stay_inside() -> None:
    behind = set(_behind())
    open_ones = {_inner(route) for route in TABLE.routes}
    assert open_ones <= behind
    assert behind - open_ones == INSIDE


def test_what_stays_inside_is_open_to_no_person_whatever_they_may_do() -> None:
    behind = _behind()
    for inner in INSIDE:
        assert all(need.kinds == {Kind.SERVICE} for need in _needs(behind[inner].dependant)), inner


@pytest.mark.parametrize("route", TABLE.routes, ids=lambda route: f"{route.method} {route.path}")
def test_who_passes_the_door_may_pass_the_service_too(route: PublicRoute) -> None:
    for need in _needs(_behind()[_inner(route)].dependant):
        assert not need.scopes or set(route.scopes) <= set(need.scopes), need.scopes
        assert not need.kinds or route.kinds <= need.kinds


def test_a_blank_of_which_nobody_says_what_fits_is_refused_at_the_start() -> None:
    route = PublicRoute("GET", "/lists/{list_id}/{shape}", "identification", "/lists", ())
    with pytest.raises(ValueError, match="shape"):
        Table([route], {})


@pytest.mark.parametrize(
    "path",
    [
        f"/cases/{AN_ID}/forms/survey",
        f"/my/cases/{AN_ID}/forms/application",
        "/year-lists/2026/workbook",
        f"/rounds/{AN_ID}/summary/pdf",
        "/areas/511425/forms/2026/workbook",
        "/areas/511425001/forms/2026/pdf",
    ],
)
def test_what_is_printed_passes_the_door(path: str) -> None:
    assert TABLE.match("GET", f"{PREFIX}{path}") is not None


def test_every_scope_of_the_table_is_somebodys() -> None:
    of_staff = staff.scopes_of(staff.ROLES)
    given = {
        Kind.STAFF: of_staff,
        Kind.CITIZEN: sessions.CITIZEN_SCOPES,
        Kind.PARTNER: clients.CLIENT_SCOPES,
    }
    for route in TABLE.routes:
        theirs = frozenset().union(*(given[kind] for kind in route.kinds))
        assert set(route.scopes) <= theirs, route.path
        assert all(set(route.scopes) & given[kind] for kind in route.kinds), route.path


def test_who_makes_does_not_check_or_release() -> None:
    apart = ({"runs:make", "runs:check"}, {"payouts:make", "payouts:check", "payouts:release"})
    for role, scopes in staff.ROLES.items():
        for duties in apart:
            assert len(duties & scopes) <= 1, role
    assert not {"payouts:make", "payouts:release", "funds:record"} & staff.ROLES["auditor"]
