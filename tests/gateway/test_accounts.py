"""An officer is named at the desk as they sign in, and known to the services by their person."""

import json
from datetime import UTC, datetime
from typing import Any

from gateway import staff
from tests.gateway import told
from tests.gateway.told_of_cases import A_WHOLE_CASE, CASE
from tests.gateway.visits import COUNTY, PASSWORD, Door, hidden_fields

_FIELD: dict[str, Any] = {
    "type": "account",
    "zh": "经办人员",
    "en": "the officer",
    "optional": False,
    "most": 400,
    "kind": None,
    "choices": {},
}
DECLARING: dict[str, Any] = {
    **A_WHOLE_CASE,
    "acts": [
        {
            "act": "declare-relative",
            "name": {"zh": "近亲属备案", "en": "put a near relative on record"},
            "fields": {"officer": _FIELD},
            "missing": [],
        }
    ],
}
PATH = f"/cases/{CASE}/acts/declare-relative"


async def test_two_accounts_of_one_person_are_known_by_the_person(door: Door) -> None:
    said_of_it = {
        f"identification GET /cases/{CASE}": {"words": DECLARING},
        f"identification POST {PATH}": {"words": DECLARING},
    }
    door.upstream.answers(told.everything() | said_of_it)
    browser = await door.staff(roles=("township-officer",))
    async with door.app.state.database.transaction() as session:
        await staff.register(
            session,
            COUNTY,
            name="he.jun.2",
            roles=["civil-affairs-head"],
            areas=[COUNTY],
            password=PASSWORD,
            person="staff:he.jun",
            now=datetime.now(UTC),
        )
    for typed, known in ((" He.Jun.2 ", "staff:he.jun"), ("staff:zhang.min", "staff:zhang.min")):
        said = {**hidden_fields(await browser.get(f"/staff/cases/{CASE}")), "version": "7"}
        answer = await browser.post(f"/staff{PATH}", data={**said, "officer": typed})
        assert answer.status_code == 303, answer.text
        seen = [each for each in door.upstream.came() if each["path"] == PATH]
        assert json.loads(seen[-1]["body"])["words"] == {"officer": known}
    said = {**hidden_fields(await browser.get(f"/staff/cases/{CASE}")), "version": "7"}
    answer = await browser.post(f"/staff{PATH}", data={**said, "officer": "nobody"})
    assert answer.status_code == 422
