"""Every door has a lock, and every event an ear."""

import importlib
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Final, get_args, get_origin

import pytest
from annotated_types import Le
from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.types import Message

from shared.callers import Needs
from shared.contracts import publish
from shared.kept import UnkeptSign
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
@pytest.mark.parametrize("said", [{"a": [{"b": "李\0"}]}, {"李\ud800": ""}], ids=["nul", "half"])
async def test_no_text_of_a_body_comes_in_that_no_database_keeps(service: str, said: Any) -> None:
    for route in _routes(service):
        if route.body_field is None:
            continue
        with pytest.raises(UnkeptSign):
            await route.get_route_handler()(_asked(json.dumps(said).encode()))


def _asked(body: bytes) -> Request:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({"type": "http", "method": "POST", "headers": []}, receive)


@pytest.mark.parametrize("service", SERVICES)
def test_every_text_and_day_of_a_body_has_an_end(service: str) -> None:
    """A day in the year 9999 or 1 has none next to it, and a text without end fills the disk."""
    for model in {each for route in _routes(service) for each in _models(route.body_field)}:
        for name, asked in model.model_fields.items():
            for said in _endless(asked.annotation):
                assert _refuses(model, name, said), (model.__module__, model.__name__, name)


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
            for said in _endless(info.annotation):
                kind: Any = Annotated[info.annotation, info]
                with pytest.raises(ValidationError):
                    TypeAdapter(kind).validate_python(said)


def _models(asked: Any) -> Iterator[type[BaseModel]]:
    """The models of a body, each within another too."""
    waiting, seen = [asked.field_info.annotation] if asked else [], set()
    while waiting:
        each = waiting.pop()
        waiting += get_args(each)
        if isinstance(each, type) and issubclass(each, BaseModel) and each not in seen:
            seen.add(each)
            waiting += [field.annotation for field in each.model_fields.values()]
            yield each


def _endless(kind: Any) -> Iterator[Any]:
    """What is of a kind, and has a text or a day in it that nobody means."""
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if kind is str:
        yield "长" * 100_000
    if kind is date:
        yield from ("9999-12-31", "0001-01-01")
    parts = [list(_endless(each)) for each in get_args(kind)]
    if get_origin(kind) in {list, tuple, set, frozenset}:
        yield from ([said] for part in parts for said in part)
    elif get_origin(kind) is dict and get_args(kind)[1] is not Any:
        yield from ({said: None} for said in parts[0])
        yield from ({"key": said} for said in parts[1])
    elif get_origin(kind) is not dict:
        yield from (said for part in parts for said in part)


def _refuses(model: type[BaseModel], name: str, said: Any) -> bool:
    try:
        model.model_validate({name: said})
    except ValidationError as problem:
        return any(each["loc"][0] == name for each in problem.errors() if each["loc"])
    return False


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
