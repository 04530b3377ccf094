"""The ledger balances, is only added to, and cannot be rewritten without being seen."""

import psycopg
import pytest

from services.payments.states import MAY_BECOME
from tests.payments.county import CHEN_JIE, CountyPayments
from tests.payments.makers import OCTOBER, a_line, an_account


@pytest.mark.parametrize(
    "table", ["ledger_entry", "ledger_posting", "recovery_receipt", "audit", "proof"]
)
@pytest.mark.parametrize("act", ["UPDATE {} SET county = county", "DELETE FROM {}", "TRUNCATE {}"])
async def test_what_is_posted_stays_by_grant(
    payments: CountyPayments, table: str, act: str
) -> None:
    with (
        psycopg.connect(payments.tables.runtime_url) as runtime,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        runtime.execute(act.format(table).encode())


ENTRY = (
    "INSERT INTO ledger_entry VALUES ('511425', 1, 'test', 'x', '2026-10', now(), {count},"
    " '\\x00', '\\x00', '\\x00')"
)
POSTINGS = "INSERT INTO ledger_posting VALUES {rows}"
PAID = "('511425', 1, {place}, 'paid', 'hardship', '2026-10', NULL, NULL, {fen})"


def postings(*fen: int) -> str:
    return POSTINGS.format(
        rows=", ".join(PAID.format(place=place, fen=each) for place, each in enumerate(fen, 1))
    )


@pytest.mark.parametrize(
    "statements",
    [
        [ENTRY.format(count=2), postings(5, -4)],
        [ENTRY.format(count=2)],
        [ENTRY.format(count=3), postings(5, -5)],
        [ENTRY.format(count=2), postings(5), postings(-5)],
        [ENTRY.format(count=0)],
    ],
    ids=["unbalanced", "no postings", "fewer postings", "in two parts", "empty"],
)
@pytest.mark.breaks("Money in is money out")
async def test_an_entry_is_whole_and_balanced_or_not_at_all(
    payments: CountyPayments, statements: list[str]
) -> None:
    def write() -> None:
        with psycopg.connect(payments.tables.runtime_url) as runtime, runtime.transaction():
            for statement in statements:
                runtime.execute(statement.encode())

    with pytest.raises(psycopg.errors.IntegrityError):
        write()
    assert payments.one("SELECT count(*) FROM ledger_entry") == 0


async def test_a_balanced_pair_cannot_be_added_to_a_written_entry(
    payments: CountyPayments,
) -> None:
    await payments.fund()
    with (
        psycopg.connect(payments.tables.runtime_url) as runtime,
        pytest.raises(psycopg.errors.CheckViolation),
    ):
        runtime.execute(
            b"INSERT INTO ledger_posting VALUES"
            b" ('511425', 1, 8, 'fund', 'hardship', '2026-10', NULL, NULL, 99),"
            b" ('511425', 1, 9, 'treasury', 'hardship', '2026-10', NULL, NULL, -99)"
        )


async def test_each_state_of_a_month_opens_the_orders_it_counts(payments: CountyPayments) -> None:
    paid, held = a_line(), a_line()
    await payments.hand_on(an_account(paid))
    await payments.make(await payments.order([paid, held]))
    month = await payments.get(CHEN_JIE, f"/months/{OCTOBER}")
    for state, line in (("waiting", paid), ("held_lines", held)):
        opened = await payments.get(CHEN_JIE, f"/months/{OCTOBER}/orders?state={state}")
        assert [each["line_id"] for each in opened["items"]] == [line["line_id"]]
        assert opened["count"] == month[state]["count"] == 1
        assert opened["total_fen"] == month[state]["total_fen"]
    assert (await payments.get(CHEN_JIE, f"/months/{OCTOBER}/orders?state=settled"))["count"] == 0


async def test_the_books_come_to_nothing_after_a_whole_month(payments: CountyPayments) -> None:
    await payments.sent(a_line(), a_line())
    assert sum(payments.balances().values()) == 0
    numbers = payments.rows("SELECT number, act FROM ledger_entry ORDER BY number")
    assert [row["number"] for row in numbers] == [1, 2, 3]
    assert {row["act"] for row in numbers} == {"appropriated", "ordered", "released"}


@pytest.mark.parametrize("thing", sorted(MAY_BECOME))
async def test_the_database_knows_the_same_moves_as_the_code(
    payments: CountyPayments, thing: str
) -> None:
    definition = payments.one(
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger"
        " WHERE tgrelid = %s::regclass AND tgname = 'legal_move'",
        thing,
    )
    told = {(start, end) for start, ends in MAY_BECOME[thing].items() for end in ends}
    held = {
        tuple(word.split(">"))
        for word in definition.split("'")
        if ">" in word and " " not in word and word.strip(">")
    }
    assert held == told


async def test_an_illegal_move_is_refused_by_the_database(payments: CountyPayments) -> None:
    line = a_line()
    await payments.sent(line)
    for statement in (
        "UPDATE payment_order SET status = 'ordered'",
        "UPDATE transfer SET status = 'made'",
        "UPDATE envelope SET status = 'made'",
    ):
        with (
            psycopg.connect(payments.tables.runtime_url) as runtime,
            pytest.raises(psycopg.errors.CheckViolation),
        ):
            runtime.execute(statement.encode())
