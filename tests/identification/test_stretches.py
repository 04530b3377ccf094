"""A decision from an earlier month names what it names: everything else stays in each month as it
was decided for that."""

from tests.identification.caseworkers import HE_JUN, SUN_LEI, Walk, a_known_household
from tests.identification.makers import (
    a_csv,
    a_household,
    a_person,
    id_number,
    on_dibao,
    rows_of,
)
from tests.identification.owed import owed
from tests.identification.register import Register
from tests.identification.test_appeals import OUTCOME, lodged
from tests.identification.test_months_owed import (
    NUMBER,
    NURSING,
    NURSING_FEN,
    granted,
    handed_in,
)

DIBAO_FEN = 2 * 19000 - 12000
DIBAO = {"dibao": DIBAO_FEN}
BOTH = {"dibao": DIBAO_FEN, NURSING: NURSING_FEN}
NURSED = {NURSING: NURSING_FEN}


async def nursing(register: Register) -> None:
    """The head of h-1 draws nursing from this month on."""
    people = (("head", "李乙", "户主", 1), ("child", "李丙", "子女", 2))
    members = [
        {"key": key, "name": name, "relation": relation, "id_number": id_number(order)}
        for key, name, relation, order in people
    ]
    await granted(await handed_in(register, "disability", members=members, whose="head"))


async def removed(register: Register, household_id: str, from_month: str) -> Walk:
    """The household was never owed dibao from a month on; what ended it."""
    walk = await Walk(register).open(category="exit", household_id=household_id)
    await walk.found(
        "wrongly-in", ends="dibao", found_on="2026-09-20", findings="户主为财政供养人员"
    )
    words = {"decision_number": "青民退〔2026〕2号", "from_month": from_month}
    await walk.do(HE_JUN, "remove", reasons="不符合条件", **words)
    return walk


async def of_months(register: Register, *months: str) -> list[dict[str, int | None]]:
    """What is owed of dibao and nursing in each of these months."""
    return [await owed(register, f"2026-{each}", "dibao", NURSING) for each in months]


async def test_what_begins_later_is_not_owed_in_the_months_a_decision_reaches_back_to(
    register: Register,
) -> None:
    await a_known_household(register, from_month="2026-10")
    await nursing(register)
    assert await of_months(register, "08", "09", "10", "11") == [{}, NURSED, BOTH, BOTH]
    rows = register.rows("SELECT decision_number, from_month FROM determination ORDER BY id")
    assert [(each["decision_number"], each["from_month"]) for each in rows[1:]] == [
        (NUMBER, "2026-09"), (NUMBER, "2026-10"),
    ]  # fmt: skip
    # The next roster lists it as one decision from its month, and decides nothing anew.
    drawn = {"disability_nursing": "是", "disability_grade": "一级", "disability_kind": "肢体"}
    people = a_person(1, name="李乙", **drawn), a_person(2, name="李丙")
    words = {"decision_number": NUMBER, "decided_on": "2026-09-25", "from_month": "2026-09"}
    found = await register.imported(
        a_csv(rows_of(a_household("h-1", *people, **on_dibao(**words))))
    )
    assert found["status"] == "imported", found
    assert len(register.rows("SELECT 1 FROM determination")) == len(rows)


async def test_what_ends_later_is_owed_in_the_months_a_decision_reaches_back_to(
    register: Register,
) -> None:
    household_id = await a_known_household(register, from_month="2026-01")
    await removed(register, household_id, "2026-10")
    await nursing(register)
    assert await of_months(register, "08", "09", "10", "11") == [DIBAO, BOTH, NURSED, NURSED]


async def test_what_was_never_owed_ends_whatever_was_granted_since_and_is_put_back_as_it_was(
    register: Register,
) -> None:
    household_id = await a_known_household(register, from_month="2026-01")
    await nursing(register)
    walk = await removed(register, household_id, "2026-02")
    assert await of_months(register, "01", "02", "08", "09") == [DIBAO, {}, {}, NURSED]
    appeal = await lodged(walk)
    await appeal.do(SUN_LEI, "accept")
    await appeal.heard()
    await appeal.do(SUN_LEI, "win", **OUTCOME, from_month="2026-02")
    assert await of_months(register, "01", "02", "08", "09") == [DIBAO, DIBAO, DIBAO, BOTH]
