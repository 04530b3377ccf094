"""What a decision changed of the household it is about: said in its letter, and on the telephone.

No sum is here: what is paid before and after stands in `sums.py`, as benefits reckons it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.identification import before_and_after
from services.identification.casework import hits, means
from services.identification.casework.foresight import READERS
from services.identification.casework.paths import PERSON, Grant, all_paths, endable
from services.identification.casework.standing import DECISION_NUMBER, Standing
from services.identification.casework.tools import Tools
from services.identification.determinations import is_away, living
from services.identification.grammar.acts import Words
from services.identification.grammar.history import Done
from shared.money import yuan_text

_ENDS: Final = Words("{what}停发", "{what} ends")
_FADES: Final = Words("{what}进入渐退期，期满停发", "{what} fades out")
_GOES_ON: Final = Words("{what}不再渐退，继续发放", "{what} fades out no more and goes on")
_BEGINS: Final = Words("{what}发放", "{what} is granted")
_INCOME: Final = Words(
    "家庭月收入由{before}元核定为{after}元",
    "the household’s income a month: from {before} to {after} yuan",
)
_COUNT: Final = Words(
    "计算救助的人数由{before}人变为{after}人", "people who count: from {before} to {after}"
)


@dataclass(frozen=True)
class Outcome:
    """What is another by a decision, line by line; and what officials had found and told of."""

    lines: tuple[Words, ...] = ()
    told: str = ""


async def of_decision(tools: Tools, at: Standing, done: Done | None) -> Outcome:
    """What a decision of a case changed of its household; nothing, where it is of none."""
    if done is None or DECISION_NUMBER not in done.words or not at.path.about_household:
        return Outcome()
    assert at.case.household_id is not None, "it is about a household"
    number = str(done.words[DECISION_NUMBER])
    found = await before_and_after.around(tools.session, tools.keys, at.case.household_id, {number})
    told = at.last(hits.TELL)
    lines = tuple(_lines(*found)) if found else ()
    return Outcome(lines, str(told.words["finding"]) if told else "")


def requests(at: Standing) -> list[str]:
    """What was asked for, each by its name with the reason that was said."""
    asked = [each for each in at.since("start-over") if each.act in READERS]
    return [
        at.path.acts[each.act].words.zh + (f"（{reason}）" if reason else "")
        for each in asked
        for reason in [each.words.get("reason")]
    ]


async def shown(tools: Tools, at: Standing) -> dict[str, Any] | None:
    """What was decided of a case changed, as its applicant reads it on the telephone."""
    done = at.decided
    outcome = await of_decision(tools, at, done)
    if done is None or not (outcome.lines or outcome.told):
        return None
    return {
        "from_month": done.words.get("from_month"),
        "lines": [each.both() for each in outcome.lines],
        "told": outcome.told,
    }


def _lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Words]:
    was, now = _income(before), _income(after)
    if was != now and was is not None and now is not None:
        yield _said(_INCOME, before=yuan_text(was), after=yuan_text(now))
    counted = [sum(1 for _ in _counting(each)) for each in (before, after)]
    if counted[0] != counted[1]:
        yield _said(_COUNT, before=counted[0], after=counted[1])
    for category, grant in endable().items():
        name, pairs = all_paths()[category].words, _whose(grant, before, after)
        for words in {each: None for pair in pairs if (each := _moved(grant, *pair))}:
            yield Words(words.zh.format(what=name.zh), words.en.format(what=name.en))


def _moved(grant: Grant, before: Mapping[str, Any], after: Mapping[str, Any]) -> Words | None:
    if grant.is_fading(after) and not grant.is_fading(before):
        return _FADES
    if grant.is_paid(before) and not grant.is_paid(after):
        return _ENDS
    if grant.is_fading(before) and not grant.is_fading(after):
        return _GOES_ON
    return _BEGINS if grant.is_paid(after) and not grant.is_paid(before) else None


def _whose(
    grant: Grant, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """The facts before and after of whoever it is granted to."""
    if grant.whose != PERSON:
        yield before["facts"], after["facts"]
        return
    then = {each["person_id"]: each["facts"] for each in before["members"]}
    for each in after["members"]:
        yield then.get(each["person_id"], {}), each["facts"]


def _counting(content: Mapping[str, Any]) -> Iterator[str]:
    for each in living(content):
        if not is_away(each["facts"]):
            yield each["person_id"]


def _income(content: Mapping[str, Any]) -> int | None:
    said = content["facts"].get(means.INCOME)
    return said if isinstance(said, int) else None


def _said(words: Words, **blanks: Any) -> Words:
    return Words(words.zh.format(**blanks), words.en.format(**blanks))
