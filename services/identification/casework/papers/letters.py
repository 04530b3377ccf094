"""Letters to an applicant: receipt, what is missing, refusal and decision, each in its words."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from services.identification.casework import addressees, outcomes, steps, sums, telling
from services.identification.casework.addressees import Addressed
from services.identification.casework.decisions import advances, fading, given_once, grants
from services.identification.casework.outcomes import Outcome
from services.identification.casework.papers import printing
from services.identification.casework.paths import ONCE, STATUS, all_paths
from services.identification.casework.standing import TOUCHED, Standing
from services.identification.delegation import GOVERNMENT, TRANSFERRED, Delegation
from services.identification.desk import Desk
from services.identification.grammar.acts import Words
from services.identification.grammar.history import Done
from services.identification.places import Place
from shared.months import Month, written
from shared.problems import Conflict, NotFound
from shared.tables import read_table

REMEDY: Final = "remedy"
_DATED: Final = {"confirm", "leave", "remove", "exit", "end", "take-back", "restore", "win"}
"""Acts whose letter says from which month it holds."""


class NoSuchLetter(NotFound):
    """There is no such letter."""


class NothingToSay(Conflict):
    """What this letter tells has not been done."""


@dataclass(frozen=True)
class Letter:
    """One letter: the act it tells of, its paragraphs, and the word of the act that numbers it; to
    which of the other households that a decision touched, counted from one, where it is to one."""

    name: str
    after: str
    words: Words
    paragraphs: tuple[str, ...]
    number: str | None
    to_touched: int = 0
    of: Mapping[str, "Letter"] = field(default_factory=dict)
    """The same letter of a category that says it otherwise."""


def of_case(at: Standing) -> list[Letter]:
    """The letters whose act was done; one to each other household it touched."""
    return [
        one
        for letter in _letters()[0].values()
        for each in [letter.of.get(at.case.category, letter)]
        if (done := at.last(each.after))
        for one in _each(each, len(done.words.get(TOUCHED, ())))
    ]


def _each(letter: Letter, touched: int) -> list[Letter]:
    if not letter.to_touched:
        return [letter]
    places = range(1, touched + 1)
    return [replace(letter, name=f"{letter.name}-{each}", to_touched=each) for each in places]


async def printed(desk: Desk, place: Place, at: Standing, name: str) -> bytes:
    """A letter of a case as PDF; that it was printed is written down.

    Raises:
        NoSuchLetter, NothingToSay: it does not exist, or tells of nothing that was done.
    """
    letter = next((each for each in of_case(at) if each.name == name), None)
    if letter is None and name in _letters()[0]:
        raise NothingToSay(f"nothing was done that {name} tells of")
    if letter is None:
        raise NoSuchLetter(f"there are {', '.join(_letters()[0])}")
    done = at.the_last(letter.after)
    addressed = await addressees.own(desk, at, done)
    outcome = await outcomes.of_decision(desk, at, done)
    household_id = at.case.household_id
    if letter.to_touched:
        addressed = (await addressees.touched(desk, at, done))[letter.to_touched - 1]
        household_id = UUID(str(done.words[TOUCHED][letter.to_touched - 1]))
    came = {
        "told": f"查到并已告知您家的情况：{outcome.told}" if outcome.told else "",
        "effect": _sentence(outcome),
        "sums": sums.sentence(await sums.decided(desk, done, household_id)) if _pays(at) else "",
    }
    await desk.note("case-letter-printed", str(at.case.id), {"letter": name})
    return printing.sheet("letter", _written(letter, done, at, place, addressed, came))


def _written(
    letter: Letter,
    done: Done,
    at: Standing,
    place: Place,
    addressed: Addressed,
    came: Mapping[str, str],
) -> dict[str, Any]:
    decided_by = at.decided_by(done.done_on)
    body = body_of(decided_by, place, at.case.village)
    filled = _filled(done, at, place, decided_by) | {
        "name": _called(addressed, at, done),
        "members": "、".join(each.name for each in addressed.members) or "（已无人）",
        **came,
    }
    return {
        "title": letter.words.zh,
        "number": done.words.get(letter.number or ""),
        "text": [text for each in letter.paragraphs if (text := each.format_map(filled))],
        "body": body,
        "seal": decided_by.seal or f"{body}印章",
        "on": written(done.done_on),
        "entrusted": _entrusted(decided_by, place, at.case.village),
    }


def _filled(done: Done, at: Standing, place: Place, decided_by: Delegation) -> dict[str, Any]:
    """What stands in a letter's blanks."""
    settings = at.settings
    terms = {
        "county": place.name,
        "reconsideration_days": decided_by.reconsideration_days,
        "lawsuit_months": decided_by.lawsuit_months,
    }
    missing = done.words.get("missing", ())
    return {
        **terms,
        REMEDY: _letters()[1].format_map(terms),
        "applied_by": _applied_by(at),
        "receipt": at.case.receipt,
        "category": at.path.words.zh,
        "ends": _ends(at),
        "on": written(done.done_on),
        "town": township(place, at.case.village),
        "acceptance_days": settings.number("acceptance_days"),
        "decision_days": settings.number("decision_days"),
        "missing": "\n".join(f"{number}. {each}" for number, each in enumerate(missing, 1)),
        "reasons": done.words.get("reasons", ""),
        "paid_first": advances.sentence(at),
        "bring_by": _bring_by(done),
        "died": "、".join(_named(at, each) for each in at.done("death", "note-death")),
        "requests": "；".join(outcomes.requests(at)),
        "from_month": _month(at, done) if done.act in _DATED else "",
        "holds_until": _holds_until(done),
        "given_once": given.zh if (given := given_once.approved(at.about or at)) else "",
        **_fading(at),
        "signed": _signed(done),
        "about": at.about.case.receipt if at.about else "",
        "about_category": at.about.path.words.zh if at.about else "",
        "appeal_acceptance_days": settings.number("appeal_acceptance_days"),
        "appeal_days": settings.number("appeal_days"),
        "lawsuit_after_appeal_days": settings.number("lawsuit_after_appeal_days"),
    }


def _sentence(outcome: Outcome) -> str:
    """What is another by the decision, in one sentence; nothing, where nothing is."""
    said = "；".join(each.zh for each in outcome.lines)
    return f"照此，{said}。" if said else ""


def _pays(at: Standing) -> bool:
    """Whether money may follow month by month from what is decided: from a status none does, and
    what is given once says its own sum."""
    grant = (at.about or at).path.grant
    return grant is None or grant.kind not in {STATUS, ONCE}


def _fading(at: Standing) -> dict[str, str]:
    """The first and the last month of a fade-out, where one was found."""
    months = fading.months_of(at) if at.done(steps.RISEN) else ()
    return dict(zip(("fades_from", "fades_until"), map(_of_year, months), strict=bool(months)))


def _signed(done: Done) -> str:
    """Whether the household signed that it leaves, or why nobody did."""
    if "letter_id" in done.words:
        return "退出确认书已由您家签字。"
    return f"退出确认书没有签字，原因：{done.words.get('unsigned_because', '')}。"


def _called(addressed: Addressed, at: Standing, done: Done) -> str:
    """Whom a letter is to, by name: somebody who is alive, or whoever acts for a child."""
    to, applicant = addressed.to, at.application.applicant
    if to is not None:
        return f"{to.name}的监护人" if to.is_minor(done.done_on) else to.name
    return f"{applicant.name}的亲属" if applicant is not None else "申请人"


def _named(at: Standing, done: Done) -> str:
    """The name of the person an act is about."""
    people = {each.key: each.name for each in at.application.members}
    return people.get(str(done.words["person_key"]), "")


def _ends(at: Standing) -> str:
    """What is ended; everything, where they moved away."""
    ends = telling.what(at)
    return all_paths()[ends].words.zh if ends != at.case.category else "各项救助"


def _bring_by(done: Done) -> str:
    """The last day to bring what is missing; nothing where the notice named none."""
    said = done.words.get("until")
    if said is None:
        return ""
    day = written(date.fromisoformat(str(said)))
    return f"请在{day}前补齐；过期没有补的，可能终止办理，届时随时可以重新申请。"


def _applied_by(at: Standing) -> str:
    """The applicant is told who applied for them; nothing where they did so themselves."""
    proxy = at.application.proxy
    if proxy is None:
        return ""
    return f"本申请由{proxy.name}（{proxy.relation}）代您提交；如非您本人的意愿，请告诉我们。"


def body_of(decided_by: Delegation, place: Place, village: str) -> str:
    """In whose name it is decided: the county's bureau, or the township the power went over to."""
    if decided_by.body:
        return decided_by.body
    if decided_by.authority == GOVERNMENT:
        return f"{place.name}人民政府"
    return (
        township(place, village) if decided_by.authority == TRANSFERRED else f"{place.name}民政局"
    )


def _entrusted(decided_by: Delegation, place: Place, village: str) -> str | None:
    if decided_by.authority in {"county", TRANSFERRED, GOVERNMENT}:
        return None
    return f"受{place.name}民政局委托，由{township(place, village)}办理。"


def township(place: Place, village: str) -> str:
    """The office of a village's township, by the name it signs with."""
    town = place.towns.get(village[:9], village[:9])
    return f"{town}办事处" if town.endswith("街道") else f"{town}人民政府"


def _month(at: Standing, done: Done) -> str:
    """The month the decision names, or money starts with by the settings of its day."""
    if done.act == fading.EXIT:
        return _of_year(fading.months_of(at)[1].next())
    named = done.words.get("from_month")
    month = Month.parse(str(named)) if named else grants.starts(replace(at, today=done.done_on))
    return _of_year(month)


def _holds_until(done: Done) -> str:
    """Until which day a status holds; nothing where the decision named none."""
    said = done.words.get(grants.HOLDS_UNTIL)
    return f"，到{written(date.fromisoformat(str(said)))}为止" if said else ""


def _of_year(month: Month) -> str:
    return f"{month.year}年{month.number}月"


@lru_cache
def _letters() -> tuple[Mapping[str, Letter], str]:
    """Every letter of the table, and the sentence on remedies they share."""
    found = read_table(Path(__file__).with_name("letters.yaml"))
    remedy = str(found.pop(REMEDY))
    return {name: _letter(name, each) for name, each in found.items()}, remedy


def _letter(name: str, said: Mapping[str, Any]) -> Letter:
    return Letter(
        name,
        said["after"],
        Words(said["name"]["zh"], said["name"]["en"]),
        tuple(said["text"]),
        said.get("number"),
        int(bool(said.get("to_touched"))),
        {of: _letter(name, {**said, **each, "of": {}}) for of, each in said.get("of", {}).items()},
    )
