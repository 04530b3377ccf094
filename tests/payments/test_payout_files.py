"""A file is written once, deterministic, and its bank fetches the same bytes each time."""

import asyncio
import base64
import json
import stat
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.payments import payout_files
from tests.payments.county import CHEN_JIE, WANG_FANG, CountyPayments, a_bank
from tests.payments.makers import a_line, an_account


async def released(payments: CountyPayments, *banks: str) -> list[dict[str, Any]]:
    """One released envelope for each bank named, in that order, a run each."""
    envelopes = []
    await payments.fund()
    for number, bank in enumerate(banks, 1):
        line = a_line()
        await payments.hand_on(an_account(line, bank=bank))
        made = (await payments.make(await payments.order([line], sequence=number)))["envelopes"]
        await payments.check(made[0])
        envelopes.append(await payments.release(made[0]))
    return envelopes


async def test_what_is_released_is_published_with_manifest_and_signature(
    payments: CountyPayments,
) -> None:
    [envelope] = await released(payments, "qsrcc")
    assert await payments.publish() == 1
    content = await payments.fetch(envelope)
    signed = await payments.fetch(envelope, "manifest")
    manifest = json.loads(signed)
    told = await payments.get(WANG_FANG, f"/envelopes/{envelope['id']}")
    assert manifest["sha256"] == told["sha256"] == sha256(content).hexdigest()
    assert (manifest["count"], manifest["total_fen"], manifest["sequence"]) == (1, 58600, 1)
    keys = json.loads(payments.settings.public_keys_file.read_text())
    public = base64.urlsafe_b64decode(keys["payments-files"]["x"] + "=")
    Ed25519PublicKey.from_public_bytes(public).verify(
        await payments.fetch(envelope, "signature"), signed
    )
    line = content.decode("gb18030").splitlines()[1].split("|")
    order = payments.one("SELECT line_id FROM payment_order")
    assert line[1] == f"{order.hex}-01"
    assert line[4:] == ["586.00", "10月农村低保"]


async def test_a_file_at_rest_is_ours_alone_and_no_draft_stays(payments: CountyPayments) -> None:
    await released(payments, "qsrcc")
    await payments.publish()
    folder = payout_files.folder_of(payments.settings.files_dir, "qsrcc")
    [place] = list(folder.iterdir())
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_each_manifest_names_the_file_before_it_to_the_same_bank(
    payments: CountyPayments,
) -> None:
    envelopes = await released(payments, "qsrcc", "qscb", "qsrcc")
    assert await payments.publish() == 3
    manifests = [json.loads(await payments.fetch(each, "manifest")) for each in envelopes]
    assert [each["sequence"] for each in manifests] == [1, 1, 2]
    assert [each["previous_sha256"] for each in manifests] == [
        None,
        None,
        manifests[0]["sha256"],
    ]


async def test_a_release_undone_by_a_crash_is_published_with_the_same_bytes(
    payments: CountyPayments, monkeypatch: pytest.MonkeyPatch
) -> None:
    [envelope] = await released(payments, "qscb")
    database, desk = payments.context.database, payments.app.state.desk
    async with database.transaction() as session:
        task = await payout_files._prepare(session, desk, _id(envelope))
        assert task is not None
        lines = await payout_files._lines(session, task.envelope, desk)
    folder = payout_files.folder_of(payments.settings.files_dir, "qscb")
    before = payout_files._write_once(folder, task, lines)
    payments.move_clock(hours=5)
    synced: list[Path] = []
    sync = payout_files._sync_folder

    def watched(place: Path) -> None:
        synced.append(place)
        sync(place)

    monkeypatch.setattr(payout_files, "_sync_folder", watched)
    assert await payments.publish() == 1
    assert synced == [folder], "the power may have failed before the name was on the disk"
    told = await payments.get(WANG_FANG, f"/envelopes/{envelope['id']}")
    assert told["sha256"] == before.sha256
    assert len(list(folder.iterdir())) == 1


async def test_a_file_there_with_other_bytes_is_never_overwritten(
    payments: CountyPayments,
) -> None:
    [envelope] = await released(payments, "qscb")
    folder = payout_files.folder_of(payments.settings.files_dir, "qscb")
    folder.mkdir(parents=True)
    name = f"{envelope['id'].replace('-', '')}-01.xml"
    (folder / name).write_text("somebody was here")
    assert await payments.publish() == 0
    assert (folder / name).read_text() == "somebody was here"
    assert [place.name for place in folder.iterdir()] == [name], "no card number stays in a draft"
    assert payments.one("SELECT status FROM envelope") == "released"


async def test_one_envelope_that_fails_keeps_no_other_bank_waiting(
    payments: CountyPayments,
) -> None:
    await released(payments, "qscb", "qsrcc")
    with payments.as_owner() as owner:
        owner.execute(
            "UPDATE transfer SET amount_fen = amount_fen + 1 FROM envelope"
            " WHERE envelope.id = envelope_id AND bank = 'qscb'"
        )
    assert await payments.publish() == 1
    assert payments.rows("SELECT bank, status FROM envelope ORDER BY bank") == [
        {"bank": "qscb", "status": "released"},
        {"bank": "qsrcc", "status": "published"},
    ]


async def test_what_was_frozen_after_its_release_is_neither_published_nor_fetched(
    payments: CountyPayments,
) -> None:
    first, second = await released(payments, "qscb", "qsrcc")
    frozen = {"reason": "the banks must be asked first"}
    database, desk = payments.context.database, payments.app.state.desk
    await payout_files.publish(
        database, desk, payments.settings.files_dir, _id(first), payments.now
    )
    await payments.post(CHEN_JIE, "/freeze", frozen)
    assert await payments.publish() == 0
    answer = await payments.ask(a_bank("qscb"), "GET", f"/bank/envelopes/{first['id']}/file")
    assert answer.status_code == 409
    assert payments.one("SELECT status FROM envelope WHERE id = %s", second["id"]) == "released"


async def test_two_publishers_at_once_publish_once(payments: CountyPayments) -> None:
    await released(payments, "qscb")
    await asyncio.gather(*(payments.publish() for _ in range(4)))
    assert payments.one("SELECT status FROM envelope") == "published"
    assert payments.one("SELECT count(*) FROM outbox") == 1
    assert payments.one("SELECT count(*) FROM audit WHERE act = 'envelope-published'") == 1


async def test_twenty_fetches_at_once_give_the_same_bytes_and_one_first_time(
    payments: CountyPayments,
) -> None:
    [envelope] = await released(payments, "qsrcc")
    await payments.publish()
    path = f"/bank/envelopes/{envelope['id']}/file"
    answers = []
    for _ in range(4):  # Five at a time, as the connections allow.
        answers += await asyncio.gather(
            *(payments.ask(a_bank("qsrcc"), "GET", path) for _ in range(5))
        )
        payments.move_clock(minutes=7)
    assert len({answer.content for answer in answers}) == 1
    assert {answer.status_code for answer in answers} == {200}
    first = payments.one("SELECT first_fetched_at::text FROM envelope")
    assert first.startswith("2026-10-09 01:00")
    assert payments.one("SELECT count(*) FROM audit WHERE act = 'payout-file-fetched'") == 20


async def test_part_of_a_file_is_part_of_the_same_bytes(payments: CountyPayments) -> None:
    [envelope] = await released(payments, "qsrcc")
    await payments.publish()
    whole = await payments.fetch(envelope)
    path = f"/bank/envelopes/{envelope['id']}/file"
    part = await payments.ask(a_bank("qsrcc"), "GET", path, headers={"Range": "bytes=10-29"})
    assert (part.status_code, part.content) == (206, whole[10:30])


@pytest.mark.parametrize("part", ["file", "manifest", "signature"])
async def test_another_banks_envelope_does_not_exist(payments: CountyPayments, part: str) -> None:
    [envelope] = await released(payments, "qsrcc")
    path = f"/bank/envelopes/{envelope['id']}/{part}"
    unpublished = await payments.ask(a_bank("qsrcc"), "GET", path)
    await payments.publish()
    others = await payments.ask(a_bank("qscb"), "GET", path)
    nobodys = await payments.ask(
        a_bank("qscb"), "GET", f"/bank/envelopes/{'0' * 8}-0000-7000-8000-{'0' * 12}/{part}"
    )
    for answer in (unpublished, others, nobodys):
        assert answer.status_code == 404
    assert others.json()["type"] == nobodys.json()["type"]
    listed = await payments.get(a_bank("qscb"), "/bank/envelopes")
    assert listed == {"items": [], "next": None}
    assert payments.one("SELECT first_fetched_at FROM envelope") is None


async def test_staff_do_not_fetch_and_a_client_of_no_bank_sees_nothing(
    payments: CountyPayments,
) -> None:
    [envelope] = await released(payments, "qsrcc")
    await payments.publish()
    await payments.get(WANG_FANG, f"/bank/envelopes/{envelope['id']}/file", expect=403)


async def test_a_damaged_file_is_not_handed_out(payments: CountyPayments) -> None:
    [envelope] = await released(payments, "qsrcc")
    await payments.publish()
    [place] = list(payout_files.folder_of(payments.settings.files_dir, "qsrcc").iterdir())
    whole = bytearray(place.read_bytes())
    whole[40] ^= 1
    place.write_bytes(whole)
    path = f"/bank/envelopes/{envelope['id']}/file"
    answer = await payments.ask(a_bank("qsrcc"), "GET", path)
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/payout-file-damaged"


def _id(envelope: dict[str, Any]) -> Any:
    from uuid import UUID

    return UUID(envelope["id"])
