"""People are told once of each line, in words, and never of a list that was not whole."""

from uuid import UUID

from tests.notifications.smsc_at import until
from tests.notifications.standing import Standing, a_contact, a_line


async def test_everybody_paid_is_told_once_and_the_receipts_come_in(process: Standing) -> None:
    contacts = [a_contact(f"138000000{number:02d}") for number in range(20)]
    await process.hand_on(contacts)
    await process.say_settled([a_line(UUID(contact["person_id"])) for contact in contacts])

    async def all_delivered() -> bool:
        return bool((await process.tally())["delivered"] == 19)

    await until(all_delivered)
    tally = await process.tally()
    assert tally["messages"] == tally["sent"] == 20
    assert (tally["delivered"], tally["failed"], tally["waiting"]) == (19, 1, 0)
    texts = process.smsc.texts()
    assert len(texts) == len({text.telephone for text in texts}) == 20
    assert "10月低保金586元已发到青神商业银行尾号5341的账户" in texts[0].words
    undeliverable = process.rows("SELECT body FROM outbox")
    assert [row["body"]["reason"] for row in undeliverable] == ["undeliv"]
