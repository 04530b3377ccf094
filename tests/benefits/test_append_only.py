"""What was learned, granted, proposed or signed cannot be changed; what is known is sealed."""

import psycopg
import pytest
from psycopg import sql

from services.benefits import facts
from shared.secrets import Tampered
from tests.benefits.county import CountyBenefits
from tests.benefits.makers import a_household, a_person

TABLES = (
    "learning",
    "determination",
    "membership",
    "entitlement_line",
    "proposed_recovery",
    "recovery_decision",
    "run_signature",
    "funding_application",
    "policy_pack",
    "audit",
)


@pytest.mark.parametrize("table", TABLES)
async def test_the_runtime_role_can_neither_change_nor_take_away(
    benefits: CountyBenefits, table: str
) -> None:
    with psycopg.connect(benefits.tables.runtime_url) as runtime:
        for statement in ("UPDATE {} SET county = '000000'", "DELETE FROM {}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), runtime.transaction():
                runtime.execute(sql.SQL(statement).format(sql.Identifier(table)))


async def test_the_same_difference_cannot_be_granted_twice(benefits: CountyBenefits) -> None:
    await benefits.learn(a_household())
    await benefits.pay()
    again = (
        "INSERT INTO entitlement_line SELECT (jsonb_populate_record(line,"
        " jsonb_build_object('line_id', gen_random_uuid()))).* FROM entitlement_line AS line"
    )
    with (
        psycopg.connect(benefits.tables.runtime_url) as runtime,
        pytest.raises(psycopg.errors.UniqueViolation),
    ):
        runtime.execute(again)


async def test_a_sum_of_nothing_or_less_cannot_be_granted(benefits: CountyBenefits) -> None:
    await benefits.learn(a_household())
    await benefits.pay()
    wrong = (
        "INSERT INTO entitlement_line SELECT (jsonb_populate_record(line, jsonb_build_object("
        "'line_id', gen_random_uuid(), 'difference', 2, 'amount_fen', %s::bigint))).*"
        " FROM entitlement_line AS line"
    )
    for fen in (0, -19000):
        with (
            psycopg.connect(benefits.tables.runtime_url) as runtime,
            pytest.raises(psycopg.errors.CheckViolation),
        ):
            runtime.execute(wrong, (fen,))


async def test_who_is_ill_and_how_stands_nowhere_in_clear(benefits: CountyBenefits) -> None:
    ill = a_person(disability_grade=1, disability_kind=6, on_disability_living=1)
    await benefits.learn(a_household(ill))
    await benefits.pay(family="disability")
    for table in ("determination", "staged_determination", "audit", "outbox", "run", "hold"):
        statement = f"SELECT {table}::text AS written FROM {table}"  # noqa: S608 # Names of this test.
        for row in benefits.rows(statement):
            assert "disability_kind" not in row["written"]
            assert "born_on" not in row["written"]


async def test_words_moved_to_another_row_are_found_out(benefits: CountyBenefits) -> None:
    await benefits.learn(a_household(), a_household())
    first, second = benefits.rows("SELECT determination_id, words_sealed FROM determination")
    with pytest.raises(Tampered):
        facts.unseal(first["determination_id"], second["words_sealed"], benefits.keys)
