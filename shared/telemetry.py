"""Logs, metrics, and the request id that joins them; nothing personal gets through."""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any, Final, TextIO

import structlog
from prometheus_client import Counter, Gauge, Histogram

request_id: Final[ContextVar[str]] = ContextVar("request_id", default="-")
log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger()

REQUESTS: Final = Counter(
    "doudi_requests_total", "Requests answered", ["process", "method", "route", "status"]
)
REQUEST_SECONDS: Final = Histogram(
    "doudi_request_seconds",
    "Seconds to answer",
    ["process", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
OUTBOX_AGE_SECONDS: Final = Gauge(
    "doudi_outbox_age_seconds", "Age of the oldest event not yet on the bus", ["process"]
)
EVENTS_HEARD: Final = Counter(
    "doudi_events_heard_total", "Events acted on, by what became of them", ["consumer", "outcome"]
)
DEAD_LETTERS: Final = Counter(
    "doudi_dead_letters_total", "Events parked because they could not be acted on", ["consumer"]
)

# ID numbers (15 or 18), card and account numbers (12 to 19 digits), mobile numbers.
_PERSONAL: Final = re.compile(
    r"(?<![0-9A-Za-z-])(?:\d{17}[\dXx]|\d{12,19}|1[3-9]\d{9})(?![0-9A-Za-z-])"
)
_NEVER: Final = frozenset(
    {"id_number", "account_number", "phone", "name", "holder_name", "code", "password", "token"}
)


def configure(process: str, log_file: str) -> None:
    """Write one JSON object a line, to a file or to standard output."""
    stream: TextIO = sys.stdout if log_file == "-" else open(log_file, "a", encoding="utf-8")  # noqa: SIM115 # Open for the life of the process.
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _add_place(process),
            tell_where,
            redact,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(stream=stream, level=logging.WARNING, format="%(message)s", force=True)


def tell_where(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Any:
    """Say which exception and where, never its text: the text may quote a row."""
    problem = event.pop("exc_info", None)
    if problem is True:
        problem = sys.exc_info()[1]
    if isinstance(problem, BaseException):
        frames = traceback.extract_tb(problem.__traceback__)
        event["exception"] = f"{type(problem).__module__}.{type(problem).__qualname__}"
        event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    return event


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Any:
    """Take anything that looks personal out of a log line."""
    for name, value in event.items():
        event[name] = "[withheld]" if name in _NEVER else _redacted(value)
    return event


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        return _PERSONAL.sub("[withheld]", value)
    if isinstance(value, dict):
        return {
            name: "[withheld]" if name in _NEVER else _redacted(item)
            for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_redacted(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**11:
        return "[withheld]"
    return value


def _add_place(process: str) -> Any:
    def add(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Any:
        event["process"] = process
        event["request_id"] = request_id.get()
        return event

    return add
