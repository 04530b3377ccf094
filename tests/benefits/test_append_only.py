"""What was learned, granted, proposed or signed cannot be changed by the service itself."""

import psycopg
import pytest
from psycopg import sql

from tests.benefits.county import CountyBenefits
from tests.benefits.makers import a_household

TABLES = (
    "learning",
    "determination",
    "membership",
    "entitlement_line",
    "proposed_recovery",
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
