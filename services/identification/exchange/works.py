"""What a file of a template does here: each work by the name the templates use."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from services.identification.desk import Desk
from services.identification.exchange import (
    households,
    numbers,
    provincial_rosters,
    questions,
    verification,
)
from services.identification.exchange.faults import Code, Taken, fault
from services.identification.exchange.reading import Line
from services.identification.exchange.templates import IN, Template
from services.identification.low_income import lists, racing
from services.identification.low_income.entries import Hand
from services.identification.models import ExchangeFile
from services.identification.roster.faults import Fault

Check = Callable[[Desk, Template, Sequence[Line]], Awaitable[list[Fault]]]
Take = Callable[[Desk, Template, UUID, Sequence[Line]], Awaitable[Taken]]
Rows = Callable[[Desk, Template, UUID], Awaitable[list[Mapping[str, Any]]]]
PassOn = Callable[
    [Desk, Path, Template, ExchangeFile, Sequence[Line]], Awaitable[Mapping[str, int]]
]
Again = Callable[[Desk, ExchangeFile], Awaitable[None]]
Answers = Callable[[Desk, Template, Sequence[Line]], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True)
class Work:
    """A file in is checked against what is known and then taken, or passed on as a whole to where
    more is done with it; of one out these are the rows."""

    check: Check | None = None
    """What is wrong with what was understood; nothing, where that is all there is to it."""
    take: Take | None = None
    pass_on: PassOn | None = None
    again: Again | None = None
    """What it means that what was passed on comes once more."""
    flaws: Callable[[Template], list[str]] = lambda template: []
    """What a template lacks for it, or names that it does not know."""
    rows: Rows | None = None
    answers: Answers | None = None


class NoSuchWork(Exception):
    """A template names a work that is not known, or that goes the other way."""


async def _take_list(desk: Desk, template: Template, file_id: UUID, lines: Sequence[Line]) -> Taken:
    group = str(template.words["group"])
    told = {
        line.words["id_number"]: line.words["provincial_number"]
        for line in lines
        if "provincial_number" in line.words
    }
    await racing.one_list_at_a_time(desk.session)
    settled = await lists.take(
        Hand.of(desk), desk.settings, group, file_id, [line.words for line in lines]
    )
    learned = await numbers.learn_of_people(desk, told)
    heading = template.columns["id_number"].heading
    left_out = [
        fault(lines[at].number, heading, Code(conflict))
        for at, conflict in settled.conflicts.items()
    ]
    return Taken({**settled.counts(), "numbers": learned}, left_out)


WORKS: Final[Mapping[str, Work]] = {
    "households": Work(rows=households.rows),
    "provincial-numbers": Work(check=households.check_numbers, take=households.take_numbers),
    "verification-request": Work(rows=verification.rows),
    "verification-report": Work(check=verification.check, take=verification.take),
    "questions": Work(check=questions.check, take=questions.take, answers=questions.answers),
    "low-income-list": Work(take=_take_list),
    "roster": Work(
        check=provincial_rosters.check,
        pass_on=provincial_rosters.pass_on,
        again=provincial_rosters.go_on,
        flaws=provincial_rosters.flaws,
    ),
}


def work_of(template: Template) -> Work:
    """What a file of a template does.

    Raises:
        NoSuchWork: the template names none.
    """
    work = WORKS.get(template.work)
    if work is None or (work.rows is None) == (template.direction != IN):
        raise NoSuchWork(f"{template.name}: {template.work} is not known, or goes the other way")
    return work


def check_works(templates: Mapping[str, Template]) -> Mapping[str, Template]:
    """The templates, each of which does something that is known.

    Raises:
        NoSuchWork: one does not, or is not made for it.
    """
    for template in templates.values():
        if flaws := work_of(template).flaws(template):
            raise NoSuchWork(f"{template.name}: {template.work}: {'; '.join(flaws)}")
    return templates
