"""The checker finds nothing in a month that is right, and each defect that somebody plants."""

import ast
import asyncio
import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.rows import dict_row

from services.payments.checks import __main__ as checker
from services.payments.checks.findings import Rows
from shared.ids import new_id
from tests.payments.answers import CLOSED, answer_to, came_back, rows_of
from tests.payments.county import CHEN_JIE, WANG_FANG, WU_YU, ZHOU_PING, CountyPayments
from tests.payments.makers import a_line, an_account
from tests.payments.test_reissues import brought
from tests.trial import MakeDatabase, TrialDatabase

ROOT = Path(__file__).resolve().parents[2]
OCTOBER = "2026-10"


@pytest.fixture(scope="session")
def granted_tables(make_database: MakeDatabase) -> TrialDatabase:
    """Benefits' tables, of which the checker reads what was granted."""
    return make_database("benefits")


@pytest.fixture
def granted(granted_tables: TrialDatabase) -> Iterator[TrialDatabase]:
    """The same, empty at the start of each test."""
    yield granted_tables
    granted_tables.empty()


@dataclass
class PlayedMonth:
    """A month that has been played to its end, and what the banks' books say of it."""

    payments: CountyPayments
    granted: TrialDatabase
    lines: list[dict[str, Any]]
    books: list[dict[str, Any]]

    def check(self, planted: str = "", *, where: str = "payments", **words: Any) -> set[str]:
        """The codes of what the checker finds.

        `planted` is done first, as only a wrongdoer with the server's own rights could do it, and
        undone afterwards.
        """
        asked: dict[str, Any] = {
            "books": self.books,
            "folder": self.payments.settings.files_dir / "payouts",
            "keys": json.loads(self.payments.settings.public_keys_file.read_text()),
        }
        with (
            self._reading(self.granted, planted if where == "benefits" else "") as benefits,
            self._reading(self.payments.tables, planted if where == "payments" else "") as payments,
        ):
            findings, _ = checker.check(benefits, payments, OCTOBER, **{**asked, **words})
            chains = {"benefits": benefits, "payments": payments}
            findings += checker.check_history(chains, {})[0]
        return {finding.code for finding in findings}

    @contextmanager
    def _reading(self, tables: TrialDatabase, planted: str) -> Iterator[Rows]:
        if not planted:
            with checker.reading(tables.reader_url) as rows:
                yield rows
            return
        url = f"{tables.admin_url.rsplit('/', 1)[0]}/{tables.names.database}"
        with psycopg.connect(url, row_factory=dict_row) as rows, rows.transaction():
            rows.execute("SET LOCAL session_replication_role = replica")
            assert rows.execute(planted.encode()).rowcount > 0, "nothing was planted"
            yield rows
            raise psycopg.Rollback


def grant(granted: TrialDatabase, lines: list[dict[str, Any]], run_id: UUID) -> None:
    """Write down what benefits granted in a closed run, signed by two."""
    total = sum(line["amount_fen"] for line in lines)
    with psycopg.connect(granted.owner_url) as owner:
        owner.execute(
            "INSERT INTO run (id, county, family, pay_month, kind, sequence, status, attempt,"
            " faults, opened_by, opened_at, lines_count, total_fen) VALUES"
            " (%s, '511425', 'livelihood', %s, 'regular', 1, 'closed', 1, 0, 'x', now(), %s, %s)",
            (run_id, OCTOBER, len(lines), total),
        )
        for role in ("maker", "head"):
            owner.execute(
                "INSERT INTO run_signature (run_id, attempt, role, county, subject, person,"
                " list_sha256, signed_at) VALUES (%s, 1, %s, '511425', %s, %s, '', now())",
                (run_id, role, role, role),
            )
        for line in lines:
            owner.execute(
                "INSERT INTO entitlement_line (county, run_id, beneficiary_kind, beneficiary_id,"
                " household_id, village, programme, budget_item, month, difference, cause,"
                " amount_fen, line_id, kind) VALUES ('511425', %s, %s, %s, %s, %s, %s, %s, %s, 1,"
                " 'regular', %s, %s, 'regular')",
                (
                    run_id,
                    line["beneficiary_kind"],
                    line["beneficiary_id"],
                    line["household_id"],
                    line["village"],
                    line["programme"],
                    line["budget_item"],
                    line["month"],
                    line["amount_fen"],
                    line["line_id"],
                ),
            )


def booked(bank: str, file: bytes, *, states: dict[str, str]) -> list[dict[str, Any]]:
    """The co-operative's own books of one file."""
    return [
        {
            "bank": bank,
            "end_to_end_id": row[1],
            "account_number": row[2],
            "amount_fen": int(row[4].replace(".", "")),
            "state": states.get(row[1], "settled"),
        }
        for row in rows_of(file)
    ]


@pytest.fixture
async def month(payments: CountyPayments, granted: TrialDatabase) -> PlayedMonth:
    """Settled, refused, returned, reissued and settled, held, a home of two, and one in flight."""
    lines = [a_line(amount_fen=30000 + 100 * number) for number in range(6)]
    home = [
        a_line(beneficiary_kind="person", programme="tekun", budget_item="2082102")
        for _ in range(2)
    ]
    pain = a_line()
    run_id = new_id()
    everything = [*lines, *home, pain]
    grant(granted, everything, run_id)
    await payments.hand_on(*(an_account(line) for line in lines[:5]), an_account(pain, bank="qscb"))
    await payments.hand_on(
        *(
            an_account(
                each,
                number="8888000000000001",
                relation="institution",
                paper="入院协议",
                holder_id=uuid4(),
                holder_kind="institution",
                holder_name="青神县中心敬老院",
            )
            for each in home
        )
    )
    await payments.fund()
    await payments.order(everything, run_id=run_id)
    made = await payments.make(run_id)
    await payments.send_off(made["envelopes"])
    books = []
    names = {f"{UUID(line['line_id']).hex}-01": line for line in lines}
    refused, back = [name for name, line in names.items() if line in lines[:2]]
    for number, envelope in enumerate(made["envelopes"]):
        file = await payments.fetch(envelope)
        if envelope["bank"] == "qscb":
            continue
        await payments.answer(answer_to(envelope, file, {refused: CLOSED}, message=f"M{number}"))
        if envelope["project"] == "dibao":
            await payments.answer(came_back(envelope, file, [back]))
        books += booked("qsrcc", file, states={refused: "refused", back: "returned"})
    path = f"/payees/{lines[0]['beneficiary_id']}/account"
    account = await payments.post(WANG_FANG, path, brought(lines[0]))
    await payments.verify(CHEN_JIE, account["account_id"])
    [again] = (await payments.post_reissue())["envelopes"]
    await payments.send_off([again])
    file = await payments.fetch(again)
    await payments.answer(answer_to(again, file, message="M9"))
    books += booked("qsrcc", file, states={})
    return PlayedMonth(payments, granted, everything, books)


async def test_a_month_that_is_right_has_no_finding(month: PlayedMonth) -> None:
    assert month.check() == set()
    told = await month.payments.get(CHEN_JIE, "/months/2026-10")
    states = ("held_lines", "settled", "returned", "refused", "unconfirmed", "waiting")
    assert {state: told[state]["count"] for state in states} == {
        "held_lines": 1,
        "settled": 6,
        "returned": 1,
        "refused": 0,
        "unconfirmed": 0,
        "waiting": 1,
    }
    assert sum(told[state]["total_fen"] for state in states) == sum(
        line["amount_fen"] for line in month.lines
    )


DEFECTS = {
    "a line that was never ordered": (
        "DELETE FROM payment_order WHERE status = 'held'",
        "line-without-order",
    ),
    "a line changed by a fen": (
        "UPDATE payment_order SET amount_fen = amount_fen + 1 WHERE status = 'held'",
        "order-differs-from-line",
    ),
    "an order marked paid by hand": (
        "UPDATE payment_order SET status = 'settled' WHERE status = 'in-flight'",
        "order-and-transfer-disagree",
    ),
    "a transfer marked paid by hand": (
        "UPDATE transfer SET status = 'settled' WHERE status = 'in-flight'",
        "transfer-is-not-posted",
    ),
    "a hold without its row": (
        "DELETE FROM hold",
        "held-without-reason",
    ),
    "a transfer raised by a fen": (
        "UPDATE transfer SET amount_fen = amount_fen + 1 WHERE status = 'in-flight'",
        "transfer-differs-from-orders",
    ),
    "an account exchanged after approval": (
        "UPDATE transfer SET account_index = sha256(account_index) WHERE status = 'in-flight'",
        "list-is-not-the-one-approved",
    ),
    "a second attempt without a failure": (
        "UPDATE transfer SET status = 'settled' WHERE status = 'refused'",
        "attempt-without-failure",
    ),
    "a maker who released": (
        "UPDATE envelope SET released_person = made_person",
        "envelope-not-signed-by-three",
    ),
    "a releaser the audit does not know": (
        "UPDATE envelope SET released_by = 'somebody.else'",
        "act-not-in-the-audit",
    ),
    "an envelope of another total": (
        "UPDATE envelope SET total_fen = total_fen + 1",
        "envelope-differs-from-transfers",
    ),
    "a manifest of another total": (
        'UPDATE envelope SET manifest = replace(manifest, \'"currency": "CNY"\','
        ' \'"currency": "USD"\')',
        "signature-does-not-hold",
    ),
    "a file taken out of the chain": (
        "UPDATE envelope SET file_sha256 = repeat('0', 64) WHERE attempt = 1"
        " AND file_number = 1 AND bank = 'qsrcc'",
        "chain-of-files-broken",
    ),
    "a posting changed": (
        "UPDATE ledger_posting SET amount_fen = amount_fen + 1 WHERE entry_number = 2"
        " AND position = 1",
        "entry-not-balanced",
    ),
    "a pair of postings changed": (
        "UPDATE ledger_posting SET amount_fen = amount_fen * 2 WHERE entry_number = 1",
        "ledger-chain-broken",
    ),
    "a ledger entry taken out": (
        "DELETE FROM ledger_entry WHERE number = 3",
        "ledger-chain-broken",
    ),
    "an appropriation taken back": (
        "UPDATE appropriation SET amount_fen = 5",
        "appropriation-exceeded",
    ),
    "a voucher for another programme": (
        "UPDATE appropriation SET projects = ARRAY['dibao']",
        "fund-does-not-name",
    ),
    "a line granted and ordered twice": (
        # Past UNIQUE by another county's name.
        "UPDATE payment_order SET county = right(line_id::text, 6), (beneficiary_id, programme,"
        " month) = (SELECT beneficiary_id, programme, month FROM payment_order"
        " WHERE status = 'held') WHERE status = 'in-flight'",
        "beneficiary-ordered-twice",
    ),
    "an audit row changed": (
        "UPDATE audit SET actor = 'nobody' WHERE number = 3",
        "audit-chain-broken",
    ),
    "an audit row taken out": (
        "DELETE FROM audit WHERE number = 4",
        "audit-chain-broken",
    ),
}


async def test_each_planted_defect_is_found(month: PlayedMonth) -> None:
    for defect, (statement, code) in DEFECTS.items():
        assert code in month.check(statement), defect
    assert month.check() == set(), "each was undone"


async def test_what_benefits_granted_otherwise_is_found(month: PlayedMonth) -> None:
    more = "UPDATE run SET total_fen = total_fen + 1"
    assert "run-differs-from-its-totals" in month.check(more, where="benefits")
    one = "DELETE FROM run_signature WHERE role = 'head'"
    assert "run-not-signed-by-two" in month.check(one, where="benefits")
    late = (
        "INSERT INTO entitlement_line (county, run_id, beneficiary_kind, beneficiary_id,"
        " household_id, village, programme, budget_item, month, difference, cause, amount_fen,"
        " line_id, kind) SELECT county, id, 'household', gen_random_uuid(), gen_random_uuid(),"
        " '511425102201', 'dibao', '2081902', '2026-10', 1, 'x', 7, gen_random_uuid(), 'regular'"
        " FROM run"
    )
    assert {"line-without-order", "month-does-not-add-up"} <= month.check(late, where="benefits")


async def test_a_damaged_a_missing_and_an_exchanged_file_are_found(month: PlayedMonth) -> None:
    folder = month.payments.settings.files_dir / "payouts"
    first, second = sorted((folder / "qsrcc").iterdir())[:2]
    whole = bytearray(first.read_bytes())
    whole[30] ^= 1
    first.write_bytes(whole)
    second.unlink()
    [third] = (folder / "qscb").iterdir()
    third.write_bytes(third.read_bytes().replace(b">586.00</InstdAmt>", b">686.00</InstdAmt>"))
    digest = sha256(third.read_bytes()).hexdigest()
    exchanged = f"UPDATE envelope SET file_sha256 = '{digest}' WHERE bank = 'qscb'"  # noqa: S608 # Our own hash.
    assert {
        "payout-file-differs",
        "payout-file-missing",
        "file-is-not-the-list",
        "manifest-differs-from-envelope",
    } <= month.check(exchanged)


async def test_what_the_banks_books_say_otherwise_is_found(month: PlayedMonth) -> None:
    settled = next(each for each in month.books if each["state"] == "settled")
    second_attempt = {**settled, "end_to_end_id": settled["end_to_end_id"][:-2] + "02"}
    stranger = {**settled, "end_to_end_id": f"{uuid4().hex}-01"}
    more = [{**each, "amount_fen": each["amount_fen"] + 1} for each in month.books]
    for wrong, code in (
        ([*month.books, settled], "credited-twice-by-bank"),
        ([*month.books, second_attempt], "credited-twice-by-bank"),
        ([*month.books, stranger], "credited-but-unknown-to-us"),
        (more, "bank-says-otherwise"),
        ([{**each, "state": "accepted"} for each in month.books], "bank-says-otherwise"),
        (month.books[1:], "answered-but-not-in-books"),
    ):
        assert code in month.check(books=wrong), code
    keys = json.loads(month.payments.settings.public_keys_file.read_text())
    other = base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
    keys["payments-files"] = {"x": other}
    assert month.check(keys=keys) == {"signature-does-not-hold"}


async def test_the_command_line_says_so_and_the_months_page_shows_it(month: PlayedMonth) -> None:
    command = [sys.executable, "-m", "services.payments.checks", "--pay-month", OCTOBER]
    environment = {
        **os.environ,
        "CHECKS_BENEFITS_DATABASE_URL": month.granted.reader_url,
        "CHECKS_PAYMENTS_DATABASE_URL": month.payments.tables.reader_url,
    }

    def run() -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)  # noqa: S603 # Our own words.

    done = await asyncio.to_thread(run)
    assert (done.returncode, json.loads(done.stdout)["ok"]) == (0, True), done.stderr
    with month.payments.as_owner() as owner:
        owner.execute("DELETE FROM hold")
    done = await asyncio.to_thread(run)
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"]) == (1, False)
    told["checked_at"] = month.payments.now.isoformat()
    proof = await month.payments.post(WU_YU, "/months/2026-10/proof", told)
    assert proof["ok"] is False
    page = await month.payments.get(CHEN_JIE, "/months/2026-10")
    assert page["proof"]["findings"] == told["findings"]


@pytest.mark.breaks("The proof is another's")
async def test_nobody_who_pays_proves_and_nobody_proves_what_is_not_there(
    payments: CountyPayments,
) -> None:
    line = a_line()
    await payments.hand_on(an_account(line))
    await payments.make(await payments.order([line]))
    path, now = f"/months/{OCTOBER}/proof", payments.now
    there = {"count": 1, "total_fen": line["amount_fen"]}
    none = {"count": 0, "total_fen": 0}
    states = ("held", "unconfirmed", "settled", "returned", "refused")
    totals = {"granted": there, "waiting": there, **dict.fromkeys(states, none)}
    proof = {"ok": True, "findings": [], "totals": totals, "checked_at": now.isoformat()}
    for payer in (WANG_FANG, CHEN_JIE, ZHOU_PING):
        await payments.post(payer, path, proof, expect=403)
    later = {**proof, "checked_at": (now + timedelta(minutes=1)).isoformat()}
    for wrong in (later, {**proof, "totals": {}}):
        await payments.post(WU_YU, path, wrong, expect=422)
    for others in (
        {**totals, "settled": there, "waiting": none},
        {**totals, "granted": none},
        {"granted": there},
    ):
        refused = await payments.post(WU_YU, path, {**proof, "totals": others}, expect=409)
        assert refused["type"] == "/problems/proof-of-another"
    await payments.post(WU_YU, path, proof)
    assert (await payments.get(WU_YU, f"/months/{OCTOBER}"))["proof"]["recorded_by"] == "wu.yu"


def test_the_checker_shares_no_code_with_what_it_checks() -> None:
    for place in (ROOT / "services" / "payments" / "checks").glob("*.py"):
        for node in ast.walk(ast.parse(place.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                ours = name.startswith(("shared", "services", "policies", "gateway"))
                assert not ours or name.startswith("services.payments.checks"), (place, name)
