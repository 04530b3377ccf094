"""What others may ask of notifications, and what stays sealed."""

from uuid import UUID

import pytest

from services.notifications import contacts
from shared.callers import Caller, Kind
from shared.ids import new_id
from tests.notifications.smsc_at import until
from tests.notifications.standing import COUNTY, Standing, a_contact, a_line

TELEPHONE = "13911112222"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13911112222", "8613911112222"),
        ("+86 139-1111-2222", "8613911112222"),
        ("8613911112222", "8613911112222"),
        ("+852 6123 4567", "85261234567"),
        ("028-38812345", None),
        ("12345", None),
        ("", None),
        (None, None),
    ],
)
def test_only_numbers_that_can_receive_a_text_are_kept(
    written: str | None, number: str | None
) -> None:
    assert contacts.mobile(written) == number


async def test_a_code_is_sent_at_once_and_stays_nowhere(process: Standing) -> None:
    contact = a_contact(TELEPHONE)
    await process.hand_on([contact])
    words = {"person_id": contact["person_id"], "code": "735142", "minutes": 10}
    answer = await process.post("gateway", "codes:send", "/codes", words)
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    await until(lambda: process.smsc.texts(f"86{TELEPHONE}"), 5)
    (text,) = process.smsc.texts(f"86{TELEPHONE}")
    assert "验证码 735142，10分钟内有效" in text.words
    await until(
        lambda: process.rows("SELECT 1 FROM delivery WHERE lane = 'code' AND state = 'delivered'")
    )
    for table in ("delivery", "message", "audit", "outbox", "idempotency", "contact"):
        kept = str(process.rows(f"SELECT * FROM {table}"))  # noqa: S608 # Our own table names.
        assert "735142" not in kept, table
        assert TELEPHONE not in kept, table
    assert process.rows("SELECT sealed FROM delivery WHERE lane = 'code'") == [{"sealed": None}]
    assert "735142" not in process.log_file.read_text()
    assert TELEPHONE not in process.log_file.read_text()
    assert await process.inbox(UUID(contact["person_id"])) == []


async def test_a_code_for_somebody_without_a_telephone_is_not_sent(process: Standing) -> None:
    words = {"person_id": str(new_id()), "code": "735142", "minutes": 10}
    answer = await process.post("gateway", "codes:send", "/codes", words)
    assert (answer.status_code, answer.json()["state"]) == (202, "no-phone")


async def test_a_refused_code_is_not_repeated_in_the_refusal(process: Standing) -> None:
    words = {"person_id": str(new_id()), "code": "73514x", "minutes": 99}
    answer = await process.post("gateway", "codes:send", "/codes", words)
    assert answer.status_code == 422
    assert "73514x" not in answer.text


async def test_an_inbox_is_read_by_its_person_and_by_staff_of_the_whole_county(
    process: Standing,
) -> None:
    contact = a_contact("13911113333")
    await process.hand_on([contact])
    person_id = UUID(contact["person_id"])
    lines = [a_line(person_id, pay_month="2028-01", amount_fen=100 * fen) for fen in range(1, 6)]
    await process.say_settled(lines)

    async def five() -> bool:
        return len(await process.inbox(person_id)) == 5

    await until(five)
    path = f"/people/{person_id}/inbox"
    own = Caller(f"citizen:{person_id}", Kind.CITIZEN, COUNTY, str(person_id), _scopes("my:read"))
    other = Caller("citizen:x", Kind.CITIZEN, COUNTY, str(new_id()), _scopes("my:read"))
    county = Caller("staff:li", Kind.STAFF, COUNTY, "li", _scopes("people:read"), (COUNTY,))
    town = Caller("staff:wu", Kind.STAFF, COUNTY, "wu", _scopes("people:read"), (COUNTY + "100",))
    for caller, status in ((own, 200), (other, 404), (county, 200), (town, 404)):
        async with process.caller("gateway", caller) as client:
            assert (await client.get(path)).status_code == status, caller.subject
    async with process.caller("gateway", own) as client:
        first = (await client.get(path, params={"limit": 3})).json()
        rest = (await client.get(path, params={"limit": 3, "after": first["next"]})).json()
    seen = [entry["message_id"] for entry in [*first["items"], *rest["items"]]]
    assert len(seen) == len(set(seen)) == 5
    assert rest["next"] is None


async def test_contacts_are_taken_from_identification_alone(process: Standing) -> None:
    words = {"items": [a_contact(None)]}
    answer = await process.post("gateway", "contacts:write", "/contacts", words)
    assert answer.status_code == 403


async def test_a_contact_gives_way_to_what_is_known_later(process: Standing) -> None:
    contact = a_contact("13911114444")
    await process.hand_on([contact])
    await process.hand_on([{**contact, "phone": "13911115555", "called": "王*"}])
    await process.say_settled([a_line(UUID(contact["person_id"]), pay_month="2028-02")])
    await until(lambda: process.smsc.texts("8613911115555"))
    assert "王*：" in process.smsc.texts("8613911115555")[0].words
    assert process.smsc.texts("8613911114444") == []


def _scopes(*scopes: str) -> frozenset[str]:
    return frozenset(scopes)
