"""What a row of the table of routes says, and how a request finds its row."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from shared.callers import Kind

SMALL: Final = 64 * 1024
MANY: Final = 600
STAFF: Final = frozenset({Kind.STAFF})
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BLANK: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class PublicRoute:
    """One thing the outside may ask for."""

    method: str
    path: str
    service: str
    internal: str
    scopes: tuple[str, ...]
    kinds: frozenset[Kind] = STAFF
    per_minute: int = MANY
    body_bytes_max: int = SMALL
    signed_by: str | None = None
    """A scope by which what is sent was signed elsewhere: the service is told who lost it, when."""
    names_accounts: bool = False
    """Whether its address names accounts (`account`): the service is told whose they are."""

    def inner_path(self, values: dict[str, str]) -> str:
        """The service's own path, with the values of this request."""
        return _BLANK.sub(lambda blank: values[blank.group(1)], self.internal)


@dataclass(frozen=True, slots=True)
class Match:
    """A route and the values its path was given."""

    route: PublicRoute
    values: dict[str, str]


class Table:
    """The routes, found by method and path."""

    def __init__(
        self, routes: Iterable[PublicRoute], blanks: Mapping[str, re.Pattern[str]]
    ) -> None:
        """`blanks` says what fits into one, by its name; into one called `…_id`, an id does.

        Raises:
            ValueError: a path has a blank of which nobody says what fits.
        """
        self.routes = list(routes)
        for route in self.routes:
            for name in _BLANK.findall(route.path):
                if not name.endswith("_id") and f"{{{name}}}" not in blanks:
                    raise ValueError(f"{route.path}: nobody says what fits into {{{name}}}")
        self._blanks = blanks
        self._by_shape: dict[tuple[str, int], list[tuple[tuple[str, ...], PublicRoute]]] = {}
        for route in self.routes:
            parts = tuple(route.path.split("/"))
            self._by_shape.setdefault((route.method, len(parts)), []).append((parts, route))
        for found in self._by_shape.values():
            # A word before a blank: /rosters/template is not a roster called "template".
            found.sort(key=lambda entry: [part.startswith("{") for part in entry[0]])

    def match(self, method: str, path: str) -> Match | None:
        """The route for a request, when there is one and its values are ids or months."""
        parts = path.split("/")
        for pattern, route in self._by_shape.get((method, len(parts)), ()):
            values: dict[str, str] = {}
            for expected, given in zip(pattern, parts, strict=True):
                if not expected.startswith("{"):
                    if expected != given:
                        break
                elif self._blanks.get(expected, _ID).fullmatch(given):
                    values[expected[1:-1]] = given
                else:
                    break
            else:
                return Match(route, values)
        return None
