"""What identification answers of people, behind the pages of the desk."""

from typing import Any

from tests.gateway.told_of_cases import CASE, NASTY, VILLAGE


def of_people(person: str, household: str) -> dict[str, Any]:
    """Answers for the pages about people, and about looking at them again."""
    member = {
        "person_id": person,
        "name": NASTY,
        "relation": "户主",
        "since": "2026-09",
        "until": None,
        "died_on": None,
    }
    return {
        "identification GET /people": {
            "items": [{**member, "household_number": "h-1", "village": VILLAGE}]
        },
        f"identification GET /people/{person}": {
            **member,
            "id_number_masked": "511425***********X",
            "born_on": "1949-12-31",
            "household": {
                "household_id": household,
                "number": "h-1",
                "village": VILLAGE,
                "members": [member],
            },
        },
        "identification GET /reviews": {
            "villages": [
                {
                    "village": VILLAGE,
                    "households": [
                        {
                            "number": "h-1",
                            "head_name": NASTY,
                            "kind": "unstable",
                            "last_seen_on": "2026-03-02",
                            "due_month": "2026-09",
                            "is_opened": False,
                        }
                    ],
                }
            ]
        },
        f"identification GET /samples/{CASE}": {
            "population": [CASE],
            "percent": 20,
            "chosen": [CASE],
            "cases": [
                {
                    "case_id": CASE,
                    "receipt": "511425-26-000001",
                    "village": VILLAGE,
                    "head_name": NASTY,
                    "state_words": {"zh": "乡镇审核", "en": "before the township"},
                    "visited_on": None,
                    "visited_by": None,
                }
            ],
            "drawn_by": "staff:zhang.li",
            "drawn_at": "2026-10-12T01:00:00+00:00",
            "seed": "ab" * 16,
        },
    }
