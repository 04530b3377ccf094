"""What identification answers of a case's lists, of objections to them, and of its forms."""

from typing import Any


def objections(nasty: str) -> list[dict[str, Any]]:
    """One that was answered, and one of somebody who is hidden."""
    return [
        {
            "number": 1,
            "received_on": "2026-10-09",
            "recorded_by": "staff:wang-fang",
            "reason": "他家有车" + nasty,
            "objector": "钱大海" + nasty,
            "objector_contact": None,
            "complaint": "TS-2026-0001",
            "hidden": [],
            "answer": {
                "on": "2026-10-20",
                "how": {"zh": "电话", "en": "by phone"},
                "text": "没有车" + nasty,
                "by": "staff:zhang-li",
            },
        },
        {
            "number": 2,
            "received_on": "2026-10-10",
            "recorded_by": "staff:wang-fang",
            "reason": "有铺面",
            "objector": None,
            "objector_contact": None,
            "complaint": None,
            "hidden": ["objector"],
            "answer": None,
        },
    ]


def forms(case: str) -> list[dict[str, Any]]:
    """The form of a visit, blank and of one that was typed in."""
    return [
        {
            "form": "survey",
            "name": {"zh": "入户调查表", "en": "survey form"},
            "comes_back_as": "survey-form",
            "visit": visit,
            "visited_on": "2026-10-02",
            "filed": case if visit else None,
        }
        for visit in (None, case)
    ]


def postings(nasty: str) -> list[dict[str, Any]]:
    """A list it was on."""
    return [
        {
            "stage": "village",
            "list": {"zh": "村（社区）公示" + nasty, "en": "the village's list"},
            "round": 2,
            "first_day": "2026-10-02",
            "last_day": "2026-10-08",
            "taken_down_on": "2026-10-09",
        }
    ]
