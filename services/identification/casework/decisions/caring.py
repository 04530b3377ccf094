"""Of whom another care is asked for: whoever is granted it, or is on the list of certificates."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.identification import decisions
from services.identification.casework import care
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Effect
from services.identification.comparison import certificates
from services.identification.desk import Desk
from shared.problems import Conflict


class NotInCare(Conflict):
    """Only of whoever is granted it by the last decision is another care asked for."""


class NotOnTheList(Conflict):
    """No alert that waits found them on the list with that grade: file the certificate instead."""


def find_granted(flag: str) -> Effect:
    """Whoever it is about is granted this, else NotInCare; the mode of care that was decided."""

    async def found(desk: Desk, at: Standing) -> Mapping[str, Any]:
        assert at.case.household_id is not None, "a change is about a household"
        last = await decisions.last(desk.session, desk.keys, at.case.household_id)
        of = {each["person_id"]: each["facts"] for each in last["members"]} if last else {}
        facts = of.get(str(at.words["person_key"]), {})
        if facts.get(flag) != 1:
            raise NotInCare()
        return {care.WAS: facts.get("care_mode")}

    return found


async def find_certificate(desk: Desk, at: Standing) -> None:
    """What rests on the list alone was found there by a comparison, with the grade that is said.

    Raises:
        NotOnTheList: it was not.
    """
    if at.words["rests_on"] != "list":
        return
    assert desk.files_dir is not None, "a change is described at a desk or on a telephone"
    who = UUID(str(at.words["person_key"]))
    listed = await certificates.listed_grades(
        desk.session, desk.keys, desk.files_dir, at.case.county, who
    )
    if str(at.words["grade"]) not in {str(each) for each in listed}:
        raise NotOnTheList()
