"""Refusals with names, spoken as problem documents (RFC 9457).

A problem is a class beside its rule: the first line of its docstring is the public title, its name
makes the type, its kind the status. `detail` and the extra members never carry personal data.
"""

import re
from typing import Any, ClassVar, Final

PROBLEM_JSON: Final = "application/problem+json"

_WORD = re.compile(r"(?<!^)(?=[A-Z])")


class Problem(Exception):
    """Something was refused."""

    status: ClassVar[int] = 500
    retry_after_seconds: ClassVar[int | None] = None

    def __init__(self, detail: str = "", **members: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members

    @classmethod
    def slug(cls) -> str:
        """The last word of its type: AlreadyGranted → "already-granted"."""
        return _WORD.sub("-", cls.__name__).lower()

    @classmethod
    def title(cls) -> str:
        """Its public title: the first line of its docstring."""
        return (cls.__doc__ or "Refused").strip().splitlines()[0].rstrip(".")

    def document(self, instance: str | None = None) -> dict[str, Any]:
        """The problem document; `instance` is the request id."""
        body: dict[str, Any] = {
            "type": f"/problems/{self.slug()}",
            "title": self.title(),
            "status": self.status,
        }
        if self.detail:
            body["detail"] = self.detail
        if instance:
            body["instance"] = instance
        return body | {name: value for name, value in self.members.items() if name not in body}


class NotFound(Problem):
    """There is no such thing here."""

    status = 404


class Conflict(Problem):
    """The thing is no longer in the state this needs."""

    status = 409


class Forbidden(Problem):
    """This caller may not do that."""

    status = 403


class Unauthenticated(Problem):
    """Who is calling is not known."""

    status = 401


class Malformed(Problem):
    """The words were not understood."""

    status = 422


class TooLarge(Problem):
    """This is larger than is accepted."""

    status = 413


class TooMany(Problem):
    """Too many requests; try again later."""

    status = 429
    retry_after_seconds = 60


class Unavailable(Problem):
    """Something this needs is not answering; try again."""

    status = 503
    retry_after_seconds = 2


class SpokenByPeer(Problem):
    """Another process refused."""

    def __init__(self, status: int, document: dict[str, Any]) -> None:
        super().__init__(str(document.get("detail", "")))
        self.status = status  # type: ignore[misc] # A peer's status is known only when it speaks.
        self.spoken = document

    def document(self, instance: str | None = None) -> dict[str, Any]:
        """The peer's own document, untouched."""
        return self.spoken
