"""Words no application and no case can be kept by: refused, whichever field they are in."""

from typing import Any, Final

from tests.identification.caseworkers import CHEN_HONG, SUN_LEI, Walk, an_application
from tests.identification.register import Register

UNKEPT: Final[tuple[dict[str, Any], ...]] = (
    {"address": "三组\0"}, {"reason": "\0"}, {"phone": "139\0"},
    {"born_on": "9999-12-31"}, {"born_on": "0001-01-01"},
)  # fmt: skip


async def test_what_cannot_be_kept_of_an_application_is_refused(register: Register) -> None:
    walk = await Walk(register).open()
    child = {"key": "child", "name": "李娜", "relation": "子女", "no_id_reason": "unregistered"}
    for said in UNKEPT:
        application = an_application()
        if "born_on" in said:
            application["members"].append({**child, **said})
        else:
            application |= said
        refused = await walk.ask(CHEN_HONG, "write", application=application)
        assert refused.status_code == 422, refused.text


async def test_a_case_is_looked_up_by_no_word_that_nobody_can_write(register: Register) -> None:
    for by, said in (
        (CHEN_HONG, {"category": "exit", "household_number": "h\0"}),
        (SUN_LEI, {"category": "appeal", "about_receipt": "D\0"}),
    ):
        refused = await register.client.post("/cases", json=said, headers=register.headers(by))
        assert refused.status_code == 422, refused.text
