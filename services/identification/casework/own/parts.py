"""An application written part by part, as a phone asks for it: each part is saved by itself.

The first member is the applicant, and stays who they are. An ID number that is on file is never
sent back and forth: a part that does not name it leaves it as it is.
"""

from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import Annotated, Any, Final, Literal, Protocol

from pydantic import Field

from services.identification import id_numbers
from services.identification.casework import guardians, support
from services.identification.casework.applications import (
    Application,
    Authority,
    Means,
    Member,
    Name,
    Said,
    Support,
)
from services.identification.grammar.asking import read_as
from services.identification.grammar.wrong import Wrong
from services.identification.means import questions
from shared.problems import NotFound

NOT_KNOWN: Final = "申请人不知道"
"""Why there is no ID number of whoever supports from elsewhere: nobody here knows it."""
Key = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]


class NoSuchPart(NotFound):
    """An application has no part of that name."""


class NotAMember(ValueError):
    """Nobody of this application has that key."""


class Part(Protocol):
    """One part of an application."""

    def put_into(self, application: Application) -> dict[str, Any]:
        """What becomes of the application's fields."""


class Home(Said):
    """Where the household lives."""

    registration: Literal["urban", "rural"]
    address: str = Field(min_length=1, max_length=200)

    def put_into(self, application: Application) -> dict[str, Any]:
        """The address in the place of what was there."""
        return {"registration": self.registration, "address": self.address}


class Outsider(Said):
    """A guardian who does not live there."""

    name: Name
    id_number: str = Field(min_length=15, max_length=24)
    relation: Name


class Person(Said):
    """One member: added, or said anew under their key; of the applicant only what may change."""

    key: Key | None = None
    name: Name | None = None
    relation: Name | None = None
    id_number: str | None = None
    no_id_reason: str | None = Field(default=None, max_length=400)
    born_on: date | None = None
    disability_grade: Annotated[int, Field(ge=1, le=4)] | None = None
    disability_kind: Annotated[int, Field(ge=1, le=7)] | None = None
    lacks_capacity: bool = False
    away: str | None = None
    away_since: date | None = None
    guardian_key: Key | None = None
    guardian_authority: Authority | None = None
    outside_guardian: Outsider | None = None

    def put_into(self, application: Application) -> dict[str, Any]:
        """The member among the others, and a guardian who lives elsewhere."""
        members = list(application.members)
        place = _place(members, self.key) if self.key else len(members)
        known = members[place].model_dump() if self.key else {"key": _fresh_key(application)}
        said: dict[str, Any] = {
            "disability_grade": self.disability_grade,
            "disability_kind": self.disability_kind,
            "lacks_capacity": self.lacks_capacity,
            "away": self.away,
            "away_since": self.away_since,
            "guardian_key": self.guardian_key,
            "guardian_authority": self.guardian_authority,
        }
        if place > 0 or not self.key:
            said |= {"name": self.name, "relation": self.relation, **self._known_by(known)}
        members[place : place + 1] = [Member.model_validate({**known, **said})]
        if self.outside_guardian is None:
            return {"members": members}
        words = {
            "person_key": members[place].key,
            "authority": self.guardian_authority,
            "relation": self.outside_guardian.relation,
            "guardian_name": self.outside_guardian.name,
            "guardian_number": self.outside_guardian.id_number,
        }
        among = application.model_copy(update={"members": tuple(members)})
        guarded = guardians.with_guardian(among, words)
        return {"members": guarded.members, "supporters": guarded.supporters}

    def _known_by(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """By a number; by what is on file; or, without papers, by a code with its reason."""
        if self.id_number:
            return {"id_number": self.id_number, "temporary_code": None, "no_id_reason": None}
        if known.get("id_number") and not self.no_id_reason:
            return {}
        reason = self.no_id_reason or known.get("no_id_reason")
        born = self.born_on or known.get("born_on")
        return {"id_number": None, "no_id_reason": reason, "born_on": born}


class Gone(Said):
    """A member who does not live there after all."""

    key: Key

    def put_into(self, application: Application) -> dict[str, Any]:
        """The others."""
        place = _place(list(application.members), self.key)
        if place == 0:
            raise ValueError("who applies stays in the application")
        return {
            "whose": None if application.whose == self.key else application.whose,
            "members": [
                each.model_copy(update={"guardian_key": None, "guardian_authority": None})
                if each.guardian_key == self.key
                else each
                for each in application.members
                if each.key != self.key
            ],
        }


class Supporter(Said):
    """Somebody who lives elsewhere and is bound to support a member: added, or said anew."""

    key: Key | None = None
    name: Name
    relation: Name
    id_number: str | None = None
    born_on: date | None = None
    lives_at: str = Field(min_length=1, max_length=200)
    support: Support

    def put_into(self, application: Application) -> dict[str, Any]:
        """The supporter among the others; whoever is a guardian already is the same person."""
        supporters = list(application.supporters)
        place = _place(supporters, self.key) if self.key else self._guardian_among(supporters)
        known = (
            supporters[place].model_dump()
            if place < len(supporters)
            else {"key": _fresh_key(application), "lives_together": False}
        )
        said = self.model_dump(include={"name", "relation", "lives_at", "support"})
        supporters[place : place + 1] = [
            Member.model_validate({**known, **said, **self._known_by(known)})
        ]
        return {"supporters": supporters}

    def _guardian_among(self, supporters: list[Member]) -> int:
        number = id_numbers.normalise(self.id_number) if self.id_number else None
        same = (
            place
            for place, each in enumerate(supporters)
            if each.support is None and each.id_number == number is not None
        )
        return next(same, len(supporters))

    def _known_by(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """By a number, or by what is on file; else nobody asks more than when they were born."""
        if self.id_number:
            return {"id_number": self.id_number, "temporary_code": None, "no_id_reason": None}
        if known.get("id_number"):
            return {}
        return {"no_id_reason": NOT_KNOWN, "born_on": self.born_on}


class SupporterGone(Said):
    """Somebody who is not bound to support anybody here after all."""

    key: Key

    def put_into(self, application: Application) -> dict[str, Any]:
        """The others; a guardian stays one."""
        supporters = list(application.supporters)
        place = _place(supporters, self.key)
        guarding = any(each.guardian_key == self.key for each in application.members)
        stays = [supporters[place].model_copy(update={"support": None})] if guarding else []
        supporters[place : place + 1] = stays
        return {"supporters": supporters}


class NoSupporter(Said):
    """Nobody who lives elsewhere is bound to support them."""

    def put_into(self, application: Application) -> dict[str, Any]:
        """Among what the household lives on, as the law says it."""
        if any(each.support for each in application.supporters):
            raise Wrong("somebody is named who is bound to support them", "已经写了赡养人，先去掉")
        return {"means": support.from_nobody(application.means)}


class Whose(Said):
    """Whose it is that is applied for, where it is a person's."""

    key: Key

    def put_into(self, application: Application) -> dict[str, Any]:
        """The one in the place of whoever was said before."""
        _place(list(application.members), self.key)
        return {"whose": self.key}


class OfMember(Said):
    """What one member lives on, a step or more; what it does not name stays as it was."""

    key: Key
    means: Means

    def put_into(self, application: Application) -> dict[str, Any]:
        """What is said, in the place of what that member said of it."""
        members = list(application.members)
        place = _place(members, self.key)
        known = members[place].model_dump()
        questions.insist_counted("person", self.means, known["means"])
        members[place] = Member.model_validate({**known, "means": {**known["means"], **self.means}})
        return {"members": members}


class OfHousehold(Said):
    """What the household lives on together, a step or more."""

    means: Means

    def put_into(self, application: Application) -> dict[str, Any]:
        """What is said, in the place of what was said of it."""
        questions.insist_counted("household", self.means, application.means)
        return {"means": {**application.means, **self.means}}


class Hardship(Said):
    """What is hard."""

    reason: str = Field(min_length=1, max_length=2000)

    def put_into(self, application: Application) -> dict[str, Any]:
        """The words in the place of what was there."""
        return {"reason": self.reason}


PARTS: Final[Mapping[str, type[Any]]] = {
    "home": Home,
    "person": Person,
    "gone": Gone,
    "supporter": Supporter,
    "supporter-gone": SupporterGone,
    "no-supporter": NoSupporter,
    "whose": Whose,
    "member-means": OfMember,
    "means": OfHousehold,
    "hardship": Hardship,
}


def write(application: Application, name: str, words: Mapping[str, Any]) -> Application:
    """The application with one part said anew.

    Raises:
        NoSuchPart: there is none of that name.
        ActNotUnderstood: naming the field; never what stood in it.
    """
    if name not in PARTS:
        raise NoSuchPart(f"there are {', '.join(PARTS)}")
    with read_as(name):
        part: Part = PARTS[name].model_validate(words)
        return Application.model_validate({**dict(application), **part.put_into(application)})


def _place(members: list[Member], key: str) -> int:
    found = next((place for place, each in enumerate(members) if each.key == key), None)
    if found is None:
        raise NotAMember("nobody of this application has that key")
    return found


def _fresh_key(application: Application) -> str:
    taken = {each.key for each in [*application.members, *application.supporters]}
    return next(key for key in (f"m{number}" for number in count(1)) if key not in taken)
