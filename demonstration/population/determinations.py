"""The same people as the law knows them: one determination a household, for a what-if."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from demonstration.population.households import Household, Person

NOT_APPLICABLE: Final = "not-applicable"
_CARE_MODES: Final = {"分散": "scattered", "集中": "centralised"}
_SELF_CARE: Final = {"全自理": "full", "半护理": "partial", "全护理": "none"}


def write(path: Path, households: Iterable[Household]) -> None:
    """One household a line, in the form `python -m policies simulate` reads."""
    with path.open("w", encoding="utf-8") as file:
        for words in determinations(households):
            file.write(json.dumps(words, ensure_ascii=False) + "\n")


def determinations(households: Iterable[Household]) -> Iterator[dict[str, Any]]:
    """Every household with its facts; names and numbers of people are left out."""
    for household in households:
        yield {
            "household_id": f"{household.village.code}-{household.number}",
            "village": household.village.code,
            "facts": {
                "registration": "urban" if household.urban else "rural",
                "on_dibao": household.dibao,
                "income_fen_monthly": household.income_fen,
            },
            "members": [
                {
                    "person_id": f"{household.village.code}-{household.number}-{place}",
                    "since": person.since,
                    "until": person.until,
                    "facts": _facts(person),
                }
                for place, person in enumerate(household.people, start=1)
            ],
        }


def _facts(person: Person) -> dict[str, object]:
    certified = person.disability_grade is not None
    return {
        "born_on": f"{person.born:%Y-%m-%d}",
        "died_on": f"{person.died_on:%Y-%m-%d}" if person.died_on else NOT_APPLICABLE,
        "on_tekun": person.tekun,
        "care_mode": _CARE_MODES.get(person.care_mode or "") if person.tekun else NOT_APPLICABLE,
        "self_care": _SELF_CARE.get(person.self_care or "") if person.tekun else NOT_APPLICABLE,
        "disability_grade": f"grade-{person.disability_grade}" if certified else NOT_APPLICABLE,
        "disability_kind": person.disability_kind if certified else NOT_APPLICABLE,
        "on_disability_living": person.disability_living,
        "on_disability_nursing": person.disability_nursing,
        "on_old_age": person.old_age,
    }
