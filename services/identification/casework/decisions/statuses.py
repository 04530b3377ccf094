"""What is found beside dibao: just above it, hard spending, dibao alone, and a child's ground."""

from datetime import date
from typing import Any, Final

from services.identification.casework import care, low_income, means
from services.identification.casework.decisions.grants import (
    decided_of,
    grant,
    income_proposed,
    starts,
)
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools
from services.identification.determinations import NOT_APPLICABLE
from shared.months import day_number
from shared.problems import Conflict

CHILD_GROUNDS: Final = {"orphan": 1, "unsupported": 2}


class OnDibaoAlready(Conflict):
    """The household is on dibao: it has no other status beside it, and nobody dibao alone."""


class OnTekunAlready(Conflict):
    """They are on tekun: nobody has dibao alone beside it."""


async def grant_edge(tools: Tools, at: Standing) -> None:
    """The household is just above dibao."""
    await _find(tools, at, {"on_edge": 1, "on_rigid_spending": 0})


async def grant_rigid_spending(tools: Tools, at: Standing) -> None:
    """The household is in hardship through spending that cannot be avoided."""
    await _find(tools, at, {"on_rigid_spending": 1})


async def grant_single_person(tools: Tools, at: Standing) -> None:
    """One member of a household just above dibao is on dibao alone.

    Raises:
        OnDibaoAlready, OnTekunAlready: by the last decision the household or that member is.
    """
    words = at.the_last("propose").words
    facts: dict[str, Any] = {
        "on_single_person": 1,
        "single_person_from_register": int(words["ground"] == "register"),
        "own_income_fen_monthly": words["own_income_fen_monthly"],
        "single_person_left_on": NOT_APPLICABLE,
    }
    if words["ground"] == "illness":
        facts["on_illness_list"] = 1
    of_members = {str(words["person_key"]): facts}
    await grant(tools, at, income_proposed(at), of_members, living=means.found(at))
    await _refuse_beside_dibao(tools, at)
    if (await decided_of(tools, at, str(words["person_key"])))["on_tekun"] == 1:
        raise OnTekunAlready()


async def grant_child(tools: Tools, at: Standing) -> None:
    """A child draws basic living, as an orphan or as one whom nobody supports."""
    words = at.the_last("check-child").words
    facts = {
        "on_children_living": 1,
        "child_ground": CHILD_GROUNDS[str(words["ground"])],
        "care_mode": care.MODES[str(words["care_mode"])],
        # By the measures on tekun of 2021 (article 3) a child is on this and no longer on tekun.
        "on_tekun": 0,
        "self_care": NOT_APPLICABLE,
        "children_living_confirmed_on": _day(at, starts(at).previous().last_day()),
    }
    await grant(tools, at, {}, {str(words["person_key"]): facts})


async def _find(tools: Tools, at: Standing, status: dict[str, Any]) -> None:
    """A status of low income, found today, with what it rests on.

    Raises:
        OnDibaoAlready: the household's last decision has it on dibao.
        NotFoundSo: by the law the household is not what it is found to be.
    """
    facts = {
        **status,
        **low_income.proposed(at.the_last("propose").words),
        "low_income_found_on": _day(at, starts(at).last_day()),
    }
    await grant(tools, at, facts, {}, living=means.found(at))
    await _refuse_beside_dibao(tools, at)
    low_income.insist(at, await decided_of(tools, at))


async def _refuse_beside_dibao(tools: Tools, at: Standing) -> None:
    if (await decided_of(tools, at))["on_dibao"] == 1:
        raise OnDibaoAlready()


def _day(at: Standing, latest: date) -> int:
    """The day of a finding: today's, or an earlier one where an appeal said it was owed before."""
    return day_number(min(at.today, latest))
