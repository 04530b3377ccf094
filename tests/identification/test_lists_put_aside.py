"""Nobody is left out of a list by whoever brings another one."""

import pytest

from tests.identification.lists import (
    MAKER,
    MONTH,
    a_list,
    a_register,
    agency,
    alerts,
    compared,
    delivered,
    send,
    work,
)
from tests.identification.makers import id_number
from tests.identification.register import Register


@pytest.mark.breaks("A list is put aside by its agency alone")
async def test_what_an_agency_sent_is_put_aside_by_nobodys_file_and_compared_by_another(
    register: Register,
) -> None:
    await a_register(register)
    whole = a_list("deaths", (id_number(2), "2026-09-02"), (id_number(800), "2026-09-03"))
    assert (await send(register, "deaths", whole, by=agency("deaths"))).status_code == 202
    await work(register)
    await delivered(register, "deaths", (id_number(800), "2026-09-03"), as_of="2026-09-25")
    await delivered(register, "vehicles", (id_number(3), "川Z12345", ""))
    words, headers = {"month": MONTH}, register.headers(MAKER)
    own = await register.client.post("/comparisons", json=words, headers=headers)
    assert (own.status_code, own.json()["feeds"]) == (409, ["vehicles"])
    assert own.json()["type"] == "/problems/another-compares"
    await compared(register)
    assert "alert_death" in {each["kind"] for each in await alerts(register)}

    again = a_list("deaths", (id_number(2), "2026-09-02"), (id_number(4), "2026-09-20"))
    sent = await send(register, "deaths", again, by=agency("deaths"), as_of="2026-09-25")
    assert sent.status_code == 202, "the agency itself sends it anew"
    await work(register)
    await compared(register)
    assert len([each for each in await alerts(register) if each["kind"] == "alert_death"]) == 2
