"""The stand-in SMS centre keeps what it took, and owes what it has not sent, over a kill."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from services.notifications.channels import Receipt, Standing, Text
from services.notifications.channels.sms.session import Account, CarrierAway, Session
from tests.notifications.smsc_at import SmscAt, a_centre, until

LIVES = timedelta(hours=72)


@pytest_asyncio.fixture
async def smsc(tmp_path: Path) -> AsyncIterator[SmscAt]:
    with a_centre(tmp_path / "smsc") as centre:
        await centre.start()
        yield centre


class Client:
    """A bound connection, and the receipts that came over it."""

    def __init__(self, smsc: SmscAt) -> None:
        self._account = Account("127.0.0.1", smsc.port, "doudi", "secret", "10690000")
        self.receipts: list[Receipt] = []

    async def __aenter__(self) -> "Client":
        self.session = await Session.bind(self._account, self._keep)
        self._running = asyncio.create_task(self.session.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        await self.session.close()

    async def _keep(self, receipt: Receipt) -> None:
        self.receipts.append(receipt)


async def test_what_was_acknowledged_is_in_the_books_after_a_kill(smsc: SmscAt) -> None:
    async with Client(smsc) as client:
        texts = [Text(f"86137000{n:05d}", f"第{n}条", LIVES) for n in range(500)]
        sending = [asyncio.create_task(client.session.submit(text)) for text in texts]
        await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
        smsc.kill()
        answers = await asyncio.gather(*sending)
    taken = {a.carrier_message_id for a in answers if a.standing is Standing.TAKEN}
    assert taken
    assert taken <= {text.message_id for text in smsc.texts()}


async def test_a_receipt_is_owed_until_it_is_acknowledged_also_over_a_kill(smsc: SmscAt) -> None:
    await smsc.behave(receipt_seconds=0.5)
    async with Client(smsc) as client:
        for number in ("8613700000001", "8613700000004", "8613700000044"):
            answer = await client.session.submit(Text(number, "您好", LIVES))
            assert answer.standing is Standing.TAKEN
        smsc.kill()
    assert smsc.owed() == 3
    await smsc.start()
    async with Client(smsc) as client:
        await until(lambda: len(client.receipts) == 3)
        await until(lambda: smsc.owed() == 0)
    by_id = {receipt.carrier_message_id: receipt.delivered for receipt in client.receipts}
    delivered = {text.telephone: by_id[text.message_id] for text in smsc.texts()}
    assert delivered == {
        "8613700000001": True,
        "8613700000004": False,
        "8613700000044": False,
    }


async def test_the_telephones_page_shows_the_newest_first_and_nothing_comes_alive(
    smsc: SmscAt,
) -> None:
    async with Client(smsc) as client:
        for words in ("第一条", "<script>alert(1)</script>", "验证码 482913"):
            await client.session.submit(Text("8613700000001", words, LIVES))
        await client.session.submit(Text("8613700000002", "别人的", LIVES))
    page = f"http://127.0.0.1:{smsc.phone_port}/"
    async with httpx.AsyncClient() as browser:
        shown = (await browser.get(page, params={"number": "13700000001"})).text
        listed = (await browser.get(f"{page}sms.json", params={"number": "13700000001"})).json()
        odd = (await browser.get(page, params={"number": '"><b>'})).text
    assert shown.index("482913") < shown.index("第一条")
    assert "<script>" not in shown
    assert "别人的" not in shown
    assert '"><b>' not in odd
    assert listed[0]["words"] == "验证码 482913"


async def test_it_refuses_to_behave_in_ways_it_does_not_know(smsc: SmscAt) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{smsc.control_port}") as control:
        for words in ({"refuse": "politely"}, {"mood": "bad"}):
            assert (await control.post("/behaviour", json=words)).status_code == 422
        assert (await control.get("/books")).json() == {"taken": 0}


async def test_a_deaf_centre_takes_nothing(smsc: SmscAt) -> None:
    await smsc.behave(deaf=True)
    async with Client(smsc) as client:
        sending = asyncio.create_task(client.session.submit(Text("8613700000001", "您好", LIVES)))
        await asyncio.sleep(0.5)
        assert not sending.done()
        smsc.kill()
        assert (await sending).standing is Standing.UNANSWERED
    assert smsc.texts() == []


async def test_nobody_binds_where_nobody_listens(smsc: SmscAt) -> None:
    smsc.kill()
    with pytest.raises(CarrierAway, match="no connection"):
        async with Client(smsc):
            pass
