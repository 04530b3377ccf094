"""What an official corrected of what was applied with, as the applicant reads it, line by line."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from services.identification import id_numbers
from services.identification.casework.applications import Application, Member
from services.identification.casework.needs.temporary import REPORTS
from services.identification.casework.standing import CORRECT, WRITINGS, Standing
from services.identification.grammar.acts import Field, Words
from services.identification.grammar.history import Done

_OF_ALL: Final[Mapping[str, Words]] = {
    "registration": Words("户口", "registration"),
    "address": Words("住址", "the address"),
    "phone": Words("电话", "the telephone"),
    "reason": Words("困难原因", "what is hard"),
    "whose": Words("为谁申请", "for whom it is"),
    "means": Words("全家的收入、财产", "what the household lives on"),
}
_OF_ONE: Final[Mapping[str, Words]] = {
    "name": Words("姓名", "name"),
    "relation": Words("与户主关系", "relation"),
    "id_number": Words("身份证号", "ID number"),
    "born_on": Words("出生日期", "date of birth"),
    "lives_together": Words("是否同住", "lives there"),
    "disability_grade": Words("残疾等级", "grade of disability"),
    "disability_kind": Words("残疾类别", "kind of disability"),
    "lacks_capacity": Words("无民事行为能力", "legally incapable"),
    "guardian_key": Words("监护人", "guardian"),
    "away": Words("不在家", "away"),
    "means": Words("收入、财产", "means"),
    "support": Words("赡养费", "support"),
    "lives_at": Words("住在哪里", "where they live"),
}
_REGISTRATIONS: Final = {"urban": "城镇", "rural": "农村"}
_KEPT_BACK: Final = {"means", "support", "phone", "away"}
"""Of these only that they are others is said; what they say stands elsewhere."""


def told(at: Standing) -> list[dict[str, Any]]:
    """Each correction of the application or of what was reported: on which day, why, and every line
    with what stood there and what does."""
    found, written, report = [], None, None
    for each in at.done(*WRITINGS, *REPORTS):
        if each.act in WRITINGS:
            now = Application.model_validate(each.words["application"])
            if each.act == CORRECT and written is not None:
                found.append(_correction(each, _lines(written, now)))
            written = now
            continue
        if report is not None:
            fields = at.path.acts[report.act].fields.values()
            found.append(_correction(each, _of_report(fields, report.words, each.words)))
        report = each
    return found


def _correction(done: Done, lines: Iterable[dict[str, Any]]) -> dict[str, Any]:
    reason = str(done.words.get("reason", ""))
    return {"on": done.done_on.isoformat(), "reason": reason, "lines": list(lines)}


def _of_report(
    fields: Iterable[Field], before: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """What was reported of a hardship, field by field as the table asks for it."""
    for field in fields:
        was, is_now = (_as_asked(field, said.get(field.name)) for said in (before, now))
        if was != is_now:
            yield _line(None, field.words, was, is_now)


def _lines(before: Application, now: Application) -> Iterator[dict[str, Any]]:
    names = {each.key: each.name for said in (before, now) for each in _everybody(said)}
    for word, words in _OF_ALL.items():
        was, is_now = getattr(before, word), getattr(now, word)
        if was != is_now:
            yield _line(None, words, _said(word, was, names), _said(word, is_now, names))
    then, people = ({e.key: e for e in _everybody(said)} for said in (before, now))
    for key in dict.fromkeys([*then, *people]):
        if key not in people:
            yield _line(names[key], Words("去掉了", "taken off"), None, None)
        elif key not in then:
            yield _line(names[key], Words("加上了", "added"), None, None)
        else:
            yield from _of_one(then[key], people[key], names)


def _of_one(before: Member, now: Member, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for word, words in _OF_ONE.items():
        was, is_now = getattr(before, word), getattr(now, word)
        if was != is_now:
            yield _line(now.name, words, _said(word, was, names), _said(word, is_now, names))


def _everybody(said: Application) -> list[Member]:
    return [*said.members, *said.supporters]


def _line(whose: str | None, what: Words, before: str | None, now: str | None) -> dict[str, Any]:
    return {"whose": whose, **what.both(), "before": before, "after": now}


def _as_asked(field: Field, said: Any) -> str | None:
    chosen = field.choices.get(str(said))
    return chosen.zh if chosen else _said(field.name, said, {})


def _said(word: str, said: Any, names: Mapping[str, str]) -> str | None:
    """What stood there in plain words; of a number, what anybody may see of it."""
    if word in _KEPT_BACK:
        return None
    if said in (None, ""):
        return "（没有写）"
    if word == "id_number":
        return id_numbers.masked(str(said))
    if word in {"whose", "guardian_key"}:
        return names.get(str(said), "")
    if isinstance(said, bool):
        return "是" if said else "否"
    if isinstance(said, date):
        return said.isoformat()
    return _REGISTRATIONS.get(str(said), str(said))
