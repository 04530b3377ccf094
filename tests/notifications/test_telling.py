"""People are told once of each line, in words, and never of a list that was not whole."""

from uuid import UUID

from shared.contracts.payments import LinesSettled
from shared.ids import new_id
from tests.notifications.smsc_at import until
from tests.notifications.standing import Standing, a_contact, a_line


def a_telephone(number: int) -> str:
    return f"1380000{number:04d}"


async def all_told(process: Standing, pay_month: str) -> None:
    """Wait until every text of a month has had its last word."""

    async def settled() -> bool:
        tally = await process.tally(pay_month)
        done = tally["delivered"] + tally["failed"] + tally["no_phone"]
        return bool(tally["messages"] and done == tally["messages"])

    await until(settled, 30)


async def test_everybody_paid_is_told_once_and_the_receipts_come_in(process: Standing) -> None:
    contacts = [a_contact(a_telephone(number)) for number in range(20)]
    await process.hand_on(contacts)
    await process.say_settled([a_line(UUID(contact["person_id"])) for contact in contacts])
    await all_told(process, "2026-10")
    tally = await process.tally("2026-10")
    assert tally["messages"] == tally["sent"] == 20
    assert (tally["delivered"], tally["failed"], tally["waiting"]) == (19, 1, 0)
    texts = process.smsc.texts()
    assert len(texts) == len({text.telephone for text in texts}) == 20
    assert "10月低保金586元已发到青神商业银行尾号5341的账户" in texts[0].words
    events = process.rows("SELECT body FROM outbox WHERE subject LIKE '%undeliverable%'")
    assert [event["body"]["reason"] for event in events] == ["undeliv"]
    assert events[0]["body"]["person_id"] == contacts[4]["person_id"]


async def test_an_event_that_comes_again_tells_nobody_twice(process: Standing) -> None:
    contact = a_contact(a_telephone(101))
    await process.hand_on([contact])
    lines = [a_line(UUID(contact["person_id"]), pay_month="2026-11", month="2026-11")]
    event = await process.say_settled(lines)
    await all_told(process, "2026-11")
    for _ in range(3):
        await process.say(event)
    marker = a_contact(a_telephone(102))
    await process.hand_on([marker])
    await process.say_settled([a_line(UUID(marker["person_id"]), pay_month="2026-12")])
    await all_told(process, "2026-12")
    assert len(process.smsc.texts("8613800000101")) == 1


async def test_a_line_that_comes_back_a_second_time_is_told_a_second_time(
    process: Standing,
) -> None:
    contact = a_contact(a_telephone(201))
    await process.hand_on([contact])
    line = a_line(
        UUID(contact["person_id"]), pay_month="2027-01", outcome="returned", reason="account-closed"
    )
    await process.say_returned([line])
    await process.say_returned([{**line, "reason": "name-mismatch"}])
    await all_told(process, "2027-01")
    await until(lambda: len(process.smsc.texts("8613800000201")) == 2)
    both = "".join(text.words for text in process.smsc.texts("8613800000201"))
    assert "银行卡已注销" in both
    assert "户名与账号不符" in both


async def test_one_result_tells_the_paid_and_the_refused_each_their_own(process: Standing) -> None:
    paid, refused = a_contact(a_telephone(301)), a_contact(a_telephone(302))
    await process.hand_on([paid, refused])
    lines = [
        a_line(UUID(paid["person_id"]), pay_month="2027-02"),
        a_line(
            UUID(refused["person_id"]),
            pay_month="2027-02",
            outcome="refused",
            reason="account-frozen",
        ),
    ]
    result_id = process.results.put(lines)
    await process.say_settled(lines, result_id)
    await process.say_returned(lines, result_id)
    await all_told(process, "2027-02")
    assert "已发到" in process.smsc.texts("8613800000301")[0].words
    assert "账户被冻结" in process.smsc.texts("8613800000302")[0].words
    assert len(process.smsc.texts("8613800000301")) == 1


async def test_a_household_is_told_through_its_head(process: Standing) -> None:
    household_id = new_id()
    head = a_contact(a_telephone(401), called="李*")
    head["beneficiary_ids"].append(str(household_id))
    await process.hand_on([head])
    lines = [
        a_line(household_id, pay_month="2027-03", beneficiary_kind="household"),
        a_line(UUID(head["person_id"]), pay_month="2027-03", programme="old_age"),
    ]
    await process.say_settled(lines)
    await all_told(process, "2027-03")
    words = {text.words for text in process.smsc.texts("8613800000401")}
    assert len(words) == 2
    assert all("李*：" in text for text in words)


async def test_a_list_that_is_not_what_was_announced_is_told_to_nobody(process: Standing) -> None:
    contact = a_contact(a_telephone(501))
    await process.hand_on([contact])
    lines = [a_line(UUID(contact["person_id"]), pay_month="2027-04")]
    event = await process.say_settled([])
    wrong = LinesSettled(
        **{
            **event.model_dump(),
            "event_id": new_id(),
            "result_id": process.results.put(lines),
            "count": 1,
            "total_fen": lines[0]["amount_fen"] + 1,
        }
    )
    await process.say(wrong)
    await until(lambda: process.rows("SELECT reason FROM dead_letter"))
    assert "result-differs" in process.rows("SELECT reason FROM dead_letter")[0]["reason"]
    assert (await process.tally("2027-04"))["messages"] == 0
    assert process.smsc.texts("8613800000501") == []


async def test_those_without_a_telephone_find_it_in_their_inbox(process: Standing) -> None:
    without, landline, stranger = a_contact(None), a_contact("028-38812345"), new_id()
    assert await process.hand_on([without, landline]) == {
        "taken": 2,
        "without_phone": 1,
        "not_mobile": 1,
    }
    people = [UUID(without["person_id"]), UUID(landline["person_id"]), stranger]
    await process.say_settled([a_line(person, pay_month="2027-05") for person in people])
    await all_told(process, "2027-05")
    tally = await process.tally("2027-05")
    assert (tally["messages"], tally["no_phone"], tally["sent"]) == (3, 3, 0)
    for person in people[:2]:
        (entry,) = await process.inbox(person)
        assert entry["sms"] == "no-phone"
        assert entry["text"] == "张*明：2026年10月低保金586元已发到青神商业银行尾号5341的账户。"
