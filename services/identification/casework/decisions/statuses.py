"""What is found beside dibao: just above it, hard spending, dibao alone, and a child's ground."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from services.identification.casework import care, homes, households, low_income, means
from services.identification.casework.decisions.grants import (
    HOLDS_UNTIL,
    grant,
    holds_until,
    id_of,
    income_proposed,
    member_facts,
    owed_from,
    starts,
)
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools
from services.identification.determinations import NOT_APPLICABLE
from services.identification.histories import Content
from shared.months import day_number
from shared.problems import Conflict

CHILD_GROUNDS: Final = {"orphan": 1, "unsupported": 2}


class OnDibaoAlready(Conflict):
    """The household is on dibao: it has no other status beside it, and nobody dibao alone."""


class OnTekunAlready(Conflict):
    """They are on tekun: nobody has dibao alone beside it."""


class LeavesTekunFirst(Conflict):
    """This child is on tekun in a household on dibao, which would count it unseen: let it leave
    tekun by a case of its own first."""


async def grant_edge(tools: Tools, at: Standing) -> Mapping[str, Any]:
    """The household is just above dibao; until which day, among the words."""
    return await _find(tools, at, {"on_edge": 1, "on_rigid_spending": 0})


async def grant_rigid_spending(tools: Tools, at: Standing) -> Mapping[str, Any]:
    """The household is in hardship through spending that cannot be avoided; until which day, among
    the words."""
    return await _find(tools, at, {"on_rigid_spending": 1})


async def grant_single_person(tools: Tools, at: Standing) -> None:
    """One member of a household just above dibao is on dibao alone.

    Raises:
        OnDibaoAlready, OnTekunAlready: the household or that member is, for every month of it.
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
    key = str(words["person_key"])
    income, living = income_proposed(at), means.found(at)
    granted = await grant(tools, at, income, {key: facts}, living=living)
    beside_dibao = _beside_dibao(at, granted)
    person_id = await id_of(tools, at, key)
    if all(member_facts(each, person_id)["on_tekun"] == 1 for each in beside_dibao):
        raise OnTekunAlready()


async def grant_child(tools: Tools, at: Standing) -> None:
    """A child draws basic living, as an orphan or as one whom nobody supports.

    Raises:
        LeavesTekunFirst: it is on tekun in a household on dibao.
    """
    words = at.the_last("check-child").words
    await _refuse_on_tekun_in_dibao(tools, at, str(words["person_key"]))
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


async def _refuse_on_tekun_in_dibao(tools: Tools, at: Standing, key: str) -> None:
    """Once it leaves tekun it counts for the household's dibao: that is looked into, as whoever
    leaves tekun is."""
    child = await id_of(tools, at, key)
    household = await households.home_of(tools.session, child)
    if household is None:
        return
    home = await homes.home_of(tools.session, tools.keys, household)
    home.of_members[child] = {"on_tekun": 0}
    if home.counts_again:
        raise LeavesTekunFirst()


async def _find(tools: Tools, at: Standing, status: dict[str, Any]) -> Mapping[str, Any]:
    """A status of low income, found today, with what it rests on; until which day it holds.

    Raises:
        OnDibaoAlready: the household is on dibao, for every month of it.
        NotFoundSo: by the law the household is not what it is found to be.
    """
    facts = {
        **status,
        **low_income.proposed(at.the_last("propose").words),
        "low_income_found_on": _day(at, starts(at).last_day()),
    }
    granted = await grant(tools, at, facts, {}, living=means.found(at))
    low_income.insist(at, _beside_dibao(at, granted)[0]["facts"])
    until = holds_until(at)
    return {HOLDS_UNTIL: until.isoformat()} if until else {}


def _beside_dibao(at: Standing, granted: Sequence[Content]) -> Sequence[Content]:
    """How a household stands where it is not on dibao: by its last decision; where an appeal said
    since when it was owed, in any of those months, the first first.

    Raises:
        OnDibaoAlready: there are none; what is granted for no month is not granted.
    """
    months = granted if owed_from(at) else granted[-1:]
    found = [each for each in months if each["facts"]["on_dibao"] != 1]
    if not found:
        raise OnDibaoAlready()
    return found


def _day(at: Standing, latest: date) -> int:
    """The day of a finding: today's, or an earlier one where an appeal said it was owed before."""
    return day_number(min(at.today, latest))
