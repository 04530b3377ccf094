"""The stories played at the door, each act by whoever may do it.

An act that is refused is told with its reason; its story stops there and the others go on. Every
act has its key, and every date is counted from the first day, so what was cut off is played again
and nothing is done twice.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from demonstration.desk import Desk, DeskRefused, Desks
from demonstration.progress import Step as Bar
from demonstration.staff import TOWN, VILLAGE
from demonstration.stories.papers import a_page
from demonstration.stories.scripts import Script, Step, Story
from demonstration.stories.tablet import package

_PDF: Final = "application/pdf"
_CSV: Final = "text/csv"


class ActRefused(Exception):
    """An act of a story was refused; the text says whose, which, and why."""


class _Days(dict[str, str]):
    """`{ago[12]}`: the day so many days before today, as it is written."""

    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today

    def __missing__(self, days: str) -> str:
        return (self._today - timedelta(days=int(days))).isoformat()


class Stage:
    """At whose desks it is played, which homes come on, and what each story knows so far."""

    def __init__(
        self, script: Script, desks: Desks, first_day: date, homes: Sequence[str] = ()
    ) -> None:
        self._script, self._desks, self._first_day = script, desks, first_day
        self._homes = homes
        self.known: dict[str, dict[str, Any]] = {}
        self.refused: dict[str, str] = {}

    async def play(self, day: int, bar: Bar) -> None:
        """What is done on one day of every story that was not refused before."""
        for number, story in enumerate(self._script.stories):
            bar.at(number, len(self._script.stories), story.name)
            if story.name in self.refused or day not in story.days:
                continue
            if story.home is not None and story.home >= len(self._homes):
                continue
            for place, step in enumerate(story.days[day]):
                try:
                    desk = await self._desks.of(step.by)
                    await self._do(desk, story, step, day, f"{day}-{place}")
                except ActRefused as refused:
                    self.refused[story.name] = str(refused)
                    break

    async def _do(self, desk: Desk, story: Story, step: Step, day: int, number: str) -> None:
        known = self.known.get(story.name) or self._beginning(story)
        self.known[story.name] = known
        today = self._first_day + timedelta(days=day)
        known |= {"today": today.isoformat(), "month": today.isoformat()[:7], "ago": _Days(today)}
        key = f"story-{story.name}-{number}"
        try:
            answer = await _VERBS[step.verb](desk, step, known, key)
        except (DeskRefused, LookupError) as refused:
            raise ActRefused(f"{story.name}: {_told(step, refused)}") from refused
        if step.kept_as:
            known[step.kept_as] = answer

    def _beginning(self, story: Story) -> dict[str, Any]:
        """What a story knows before its first step: its people, and the words it applies with."""
        members = [
            {
                "key": "head" if number == 0 else f"m{number}",
                "name": self._script.people[each["person"]]["name"],
                "id_number": self._script.people[each["person"]]["id_number"],
                **{name: word for name, word in each.items() if name != "person"},
            }
            for number, each in enumerate(story.who)
        ]
        return {
            "people": self._script.people,
            "members": members,
            "application": {**story.application, "members": members},
            "who": members[0]["name"] if members else story.name,
            "survey": str(uuid5(NAMESPACE_URL, f"visit:{story.name}")),
            "town": TOWN,
            "village": VILLAGE,
            "home": self._homes[story.home] if story.home is not None else "",
        }


def _told(step: Step, refused: Exception) -> str:
    """Whose act it was, and why it was not done: in the county's words and by its needs."""
    if not isinstance(refused, DeskRefused):
        return f"{step.by} {step.verb} {step.what}: an earlier step found nothing"
    needs = ", ".join(map(str, refused.document.get("needs", ())))
    return f"{step.by} {step.verb} {step.what}: {refused} {needs}".rstrip()


def filled(words: Any, known: Mapping[str, Any]) -> Any:
    """Words with each `{name}` in its place; one that stands alone may be more than a text."""
    if isinstance(words, Mapping):
        return {name: filled(word, known) for name, word in words.items()}
    if isinstance(words, list):
        return [filled(word, known) for word in words]
    if not isinstance(words, str):
        return words
    if words[:1] == "{" and isinstance(known.get(words[1:-1]), (dict, list)):
        return known[words[1:-1]]
    return words.format_map(known)


async def _opens(desk: Desk, step: Step, known: dict[str, Any], key: str) -> Any:
    """A case is opened, and is the story's from here."""
    words = {"category": step.what, **filled(step.says, known)}
    known["case"] = await desk.post("/cases", words, key=key)
    return known["case"]


async def _takes(desk: Desk, step: Step, known: dict[str, Any], key: str) -> Any:
    """Another case of the same name, of a category, is the story's from here."""
    found = await desk.get("/cases", search=known["who"])
    (case_id,) = (each["case_id"] for each in found["items"] if each["category"] == step.what)
    known["case"] = await desk.get(f"/cases/{case_id}")
    return known["case"]


async def _act(desk: Desk, step: Step, known: dict[str, Any], key: str) -> Any:
    """An act of the table, on the story's case or on an entry of a register."""
    about = known[step.of]
    where = f"/cases/{about['case_id']}" if step.of == "case" else f"/entries/{about['entry_id']}"
    words = {"version": about["version"], "words": filled(step.says, known)}
    known[step.of] = await desk.post(f"{where}/acts/{step.what}", words, key=key)
    return known[step.of]


async def _post(desk: Desk, step: Step, known: dict[str, Any], key: str) -> Any:
    return await desk.post(filled(step.what, known), filled(step.says, known), key=key)


async def _get(desk: Desk, step: Step, known: dict[str, Any], key: str) -> Any:
    return await desk.get(filled(step.what, known), **filled(step.params, known))


async def _paper(desk: Desk, step: Step, known: dict[str, Any], key: str) -> Any:
    """A paper of the case, or of an entry."""
    page = a_page(step.what, known["who"], known["today"])
    about = known[step.of]
    where = f"/cases/{about['case_id']}" if step.of == "case" else f"/entries/{about['entry_id']}"
    params = {"kind": step.what} if step.of == "case" else {}
    return await desk.send(f"{where}/papers", page, _PDF, key=key, **params)


async def _brings(desk: Desk, step: Step, known: dict[str, Any], key: str) -> Any:
    """A visit of the case made without a network, signed by the owners of both lists."""
    lists = (known["own_list"], known["other_list"])
    brought = package(known["survey"], known["case"], filled(step.says, known), lists)
    answer = await desk.post(step.what, brought, key=key)
    known["case"] = await desk.get(f"/cases/{known['case']['case_id']}")
    return answer


async def _file(desk: Desk, step: Step, known: dict[str, Any], key: str) -> Any:
    """A list as a table of rows."""
    sink = io.StringIO(newline="")
    csv.writer(sink).writerows(filled(step.says["rows"], known))
    content = sink.getvalue().encode("utf-8-sig")
    return await desk.send(
        filled(step.what, known), content, _CSV, key=key, **filled(step.params, known)
    )


_VERBS: Final = {
    "opens": _opens, "takes": _takes, "act": _act, "post": _post, "get": _get, "paper": _paper,
    "file": _file, "brings": _brings,
}  # fmt: skip
