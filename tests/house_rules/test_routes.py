"""Every door has a lock, and every event an ear."""

import importlib
import re
from collections.abc import Iterator
from typing import Any, Final, get_args

import pytest
from annotated_types import Le
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from shared.callers import Needs
from shared.contracts import publish
from shared.months import MONTH_PATTERN
from shared.routes import CommittedRoute, Transaction
from tests.house_rules.sources import SERVICES

# Said for those who listen from outside; no room of ours acts on them yet.
FOR_OUTSIDERS: Final = {
    "payments.envelope-published.v1",
    "notifications.message-undeliverable.v1",
}


def _routes(service: str) -> list[APIRoute]:
    api = importlib.import_module(f"services.{service}.api")
    return [route for router in api.ROUTERS for route in router.routes]


def _locks(dependant: Dependant) -> Iterator[Needs]:
    if isinstance(dependant.call, Needs):
        yield dependant.call
    for inner in dependant.dependencies:
        yield from _locks(inner)


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_names_a_scope(service: str) -> None:
    routes = _routes(service)
    assert routes
    assert not [route.path for route in routes if not list(_locks(route.dependant))]


@pytest.mark.parametrize("service", SERVICES)
def test_every_change_is_committed_before_its_reply(service: str) -> None:
    for route in _routes(service):
        assert isinstance(route, CommittedRoute), route.path
        assert not (route.methods or set()) & {"PUT", "PATCH", "DELETE"}, (
            "things that happen are POSTed"
        )


@pytest.mark.parametrize("service", SERVICES)
def test_whoever_only_reads_has_no_transaction(service: str) -> None:
    """A GET that has one says why: it writes down that somebody looked, or reads as a stream."""
    transaction = get_args(Transaction)[1].dependency
    for route in _routes(service):
        asked = {each.call for each in route.dependant.dependencies}
        if "GET" in (route.methods or set()) and transaction in asked:
            said = " ".join((route.endpoint.__doc__ or "").split())
            assert re.search("written down|audited|as a stream", said), route.path


@pytest.mark.parametrize("service", SERVICES)
def test_every_number_and_month_in_an_address_has_an_end(service: str) -> None:
    """What no table can be asked for, and the month after the last one, are refused at the door."""
    for route in _routes(service):
        for asked in route.dependant.query_params:
            info = asked.field_info
            if info.annotation is int:
                assert any(isinstance(each, Le) for each in info.metadata), (route.path, asked.name)
            if asked.name in {"month", "pay_month"}:
                patterns = {getattr(each, "pattern", None) for each in info.metadata}
                assert MONTH_PATTERN in patterns, (route.path, asked.name)


def _listeners() -> list[Any]:
    return [
        listener for service in SERVICES for listener in getattr(_module(service), "LISTENERS", ())
    ]


def _module(service: str) -> Any:
    try:
        return importlib.import_module(f"services.{service}.listeners")
    except ModuleNotFoundError:
        return None


def test_every_event_is_heard_and_every_listener_hears_a_contract() -> None:
    said = {kind.subject() for kind in publish.events()}
    heard = {listener.event.subject() for listener in _listeners()}
    assert heard <= said
    assert said - heard == FOR_OUTSIDERS


def test_no_two_listeners_share_a_durable_name() -> None:
    names = [listener.durable for listener in _listeners()]
    assert len(names) == len(set(names))
