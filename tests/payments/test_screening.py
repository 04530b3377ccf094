"""Bad lines are held singly, with a reason and an owner; the others go on."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.payments.screening import OWNERS
from tests.payments.county import CHEN_JIE, WANG_FANG, CountyPayments
from tests.payments.makers import a_line, an_account


async def held(payments: CountyPayments, *lines: dict[str, Any]) -> list[str | None]:
    """Why each line is held, in their order; None for one that went on."""
    made = await payments.make(await payments.order(lines))
    assert made["pay_month"] == "2026-10"
    found = payments.rows("SELECT line_id, reason, owner FROM hold WHERE released_at IS NULL")
    reasons = {str(row["line_id"]): row["reason"] for row in found}
    assert all(row["owner"] for row in found)
    for line in lines:
        status = "held" if line["line_id"] in reasons else "enveloped"
        assert payments.status_of(line) == status
    return [reasons.get(line["line_id"]) for line in lines]


async def test_a_line_without_a_payee_is_held_and_the_others_go_on(
    payments: CountyPayments,
) -> None:
    known, unknown = a_line(), a_line()
    await payments.hand_on(an_account(known))
    assert await held(payments, known, unknown) == [None, "no-payee"]
    assert payments.rows("SELECT owner, limit_on::text FROM hold") == [
        {"owner": "town:511425102", "limit_on": "2026-10-15"}
    ]


async def test_a_relation_counts_from_its_month(payments: CountyPayments) -> None:
    line = a_line()
    await payments.hand_on(an_account(line, since="2026-11"))
    assert await held(payments, line) == ["no-payee"]


@pytest.mark.parametrize("relation", ["guardian", "carer", "proxy"])
async def test_somebody_elses_account_needs_its_paper(
    payments: CountyPayments, relation: str
) -> None:
    lines = [a_line(beneficiary_kind="person"), a_line(beneficiary_kind="person")]
    papers = [None, "公证书 2026-14"]
    for line, paper in zip(lines, papers, strict=True):
        await payments.hand_on(an_account(line, relation=relation, paper=paper, holder_id=uuid4()))
    assert await held(payments, *lines) == ["relation-without-paper", None]


async def test_one_card_is_right_inside_one_household_and_wrong_outside_it(
    payments: CountyPayments,
) -> None:
    home = uuid4()
    inside = [
        a_line(household_id=home),
        a_line(beneficiary_kind="person", beneficiary_id=uuid4(), household_id=home),
    ]
    await payments.hand_on(
        an_account(inside[0], number="6222000000000001", relation="household"),
        an_account(
            inside[1],
            number="6222000000000001",
            relation="household",
            holder_id=inside[0]["beneficiary_id"],
        ),
    )
    outside = [a_line(), a_line(), a_line()]
    for line in outside[:2]:
        await payments.hand_on(an_account(line, number="6222000000000002"))
    await payments.hand_on(an_account(outside[2]))
    assert await held(payments, *inside, *outside) == [
        None,
        None,
        "card-shared",
        "card-shared",
        None,
    ]


@pytest.mark.parametrize("relation", ["guardian", "carer"])
async def test_a_guardians_card_takes_the_wards_of_one_household_and_no_more_unseen(
    payments: CountyPayments, relation: str
) -> None:
    home = uuid4()
    own = a_line()
    wards = [
        a_line(beneficiary_kind="person", beneficiary_id=uuid4(), household_id=home)
        for _ in range(3)
    ]
    strangers = [a_line(beneficiary_kind="person") for _ in range(2)]
    await payments.hand_on(an_account(own, number="6222000000000003"))
    for number, lines in (("6222000000000003", wards), ("6222000000000004", strangers)):
        for line in lines:
            words: dict[str, Any] = {
                "relation": relation,
                "paper": "监护人指定书",
                "holder_id": uuid4(),
            }
            await payments.hand_on(an_account(line, number=number, **words))
    reasons = [None, None, None, None, "card-shared", "card-shared"]
    assert await held(payments, own, *wards, *strangers) == reasons


async def test_the_holder_is_the_payee_the_relation_says(payments: CountyPayments) -> None:
    own = a_line(beneficiary_kind="person")
    strangers = a_line(beneficiary_kind="person")
    home = a_line(beneficiary_kind="person", programme="tekun", budget_item="2082102")
    await payments.hand_on(
        an_account(own),
        an_account(strangers, holder_id=uuid4()),
        an_account(home, relation="institution", paper="入院协议", holder_kind="person"),
    )
    assert await held(payments, own, strangers, home) == [
        None,
        "holder-not-payee",
        "holder-not-payee",
    ]


async def test_an_officers_card_is_looked_at_first(payments: CountyPayments) -> None:
    line = a_line()
    await payments.hand_on(an_account(line, number="6222000000000004"))
    barred = {"numbers": ["6222000000000004"], "reason": "officer's card"}
    await payments.post(WANG_FANG, "/barred-accounts", barred)
    assert await held(payments, line) == ["officer-card"]


async def test_a_sum_above_the_ceiling_and_a_programme_without_a_fund_are_held(
    payments: CountyPayments,
) -> None:
    lines = [a_line(amount_fen=2_000_001), a_line(programme="linshi"), a_line(amount_fen=2_000_000)]
    for line in lines:
        await payments.hand_on(an_account(line))
    assert await held(payments, *lines) == ["above-ceiling", "no-fund", None]


async def test_an_amount_of_nothing_is_refused_again_by_payments(payments: CountyPayments) -> None:
    lines = [a_line(), a_line()]
    for line in lines:
        await payments.hand_on(an_account(line))
    run_id = await payments.order(lines)
    with payments.as_owner() as owner:
        owner.execute(
            "UPDATE payment_order SET amount_fen = -1 WHERE line_id = %s", (lines[0]["line_id"],)
        )
    await payments.make(run_id)
    assert payments.rows("SELECT reason FROM hold") == [{"reason": "amount-not-positive"}]


async def test_an_account_at_an_unknown_bank_or_refused_by_its_bank_is_held(
    payments: CountyPayments,
) -> None:
    lines = [a_line(), a_line()]
    await payments.hand_on(an_account(lines[0], bank="farbank"), an_account(lines[1]))
    account_id = payments.one("SELECT id FROM account WHERE bank = 'qsrcc'")
    verdict = {"verified": False, "reason": "account-closed"}
    await payments.post(CHEN_JIE, f"/accounts/{account_id}/verification", verdict)
    assert await held(payments, *lines) == ["bank-unknown", "account-refused"]


async def test_a_name_the_banks_file_cannot_hold_is_held(payments: CountyPayments) -> None:
    lines = [a_line(), a_line()]
    await payments.hand_on(
        an_account(lines[0], holder_name="张|明"), an_account(lines[1], holder_name="𠮷田·买买提")
    )
    assert await held(payments, *lines) == ["holder-unwritable", None]


async def test_a_released_hold_goes_out_in_the_supplementary_envelope(
    payments: CountyPayments,
) -> None:
    lines = [a_line(), a_line()]
    for line in lines:
        await payments.hand_on(an_account(line, number="6222000000000005"))
    assert await held(payments, *lines) == ["card-shared", "card-shared"]
    holds = (await payments.get(CHEN_JIE, "/holds?pay_month=2026-10"))["items"]
    reason = {"reason": "两户为分户前同一家庭，已核实"}
    released = await payments.post(CHEN_JIE, f"/holds/{holds[0]['hold_id']}/release", reason)
    again = f"/holds/{holds[0]['hold_id']}/release"
    refused = await payments.post(CHEN_JIE, again, reason, expect=409)
    assert refused["type"] == "/problems/hold-released"
    made = await payments.make(released["run_id"])
    assert [(words["kind"], words["count"]) for words in made["envelopes"]] == [
        ("supplementary", 1)
    ]
    month = await payments.get(CHEN_JIE, "/months/2026-10")
    assert month["held_lines"] == {"count": 1, "total_fen": 58600, "reasons": {"card-shared": 1}}


async def test_a_card_that_a_roster_changed_is_verified_where_it_is_held(
    payments: CountyPayments,
) -> None:
    line = a_line(month="2026-11")
    await payments.hand_on(an_account(line))
    await payments.hand_on(an_account(line, number="6222000000000013", since="2026-11"))
    run_id = await payments.order([line], pay_month="2026-11")
    await payments.make(run_id)
    (hold,) = (await payments.get(CHEN_JIE, "/holds?pay_month=2026-11"))["items"]
    assert hold["reason"] == "account-unverified"
    assert (hold["account"]["last4"], hold["account"]["status"]) == ("0013", "unverified")
    await payments.verify(CHEN_JIE, hold["account"]["account_id"])
    assert (await payments.get(CHEN_JIE, "/holds?pay_month=2026-11"))["items"] == []
    made = await payments.make(run_id)
    assert [(each["kind"], each["count"]) for each in made["envelopes"]] == [("supplementary", 1)]


async def test_a_card_that_is_settled_lets_every_held_month_go_on_and_no_other_hold(
    payments: CountyPayments,
) -> None:
    october = a_line()
    home = UUID(october["household_id"])
    november = a_line(month="2026-11", household_id=home)
    large = a_line(month="2026-09", amount_fen=100_000_000, household_id=home)
    first = await payments.order([october])
    second = await payments.order([november, large], pay_month="2026-11")
    for run_id in (first, second):
        await payments.make(run_id)
    reasons = [row["reason"] for row in payments.rows("SELECT reason FROM hold ORDER BY id")]
    assert reasons == ["no-payee", "no-payee", "above-ceiling"]
    await payments.hand_on(an_account(october))
    (left,) = (await payments.get(CHEN_JIE, "/holds"))["items"]
    assert left["reason"] == "above-ceiling", "what the head has to look at is looked at"
    for run_id in (first, second):
        made = await payments.make(run_id)
        assert [envelope["count"] for envelope in made["envelopes"]] == [1]
    released = payments.rows(
        "SELECT DISTINCT released_by, release_reason FROM hold WHERE released_at IS NOT NULL"
    )
    assert [row["release_reason"] for row in released] == ["account-verified"]


async def test_what_may_be_overruled_is_overruled_by_the_head_and_not_by_the_maker(
    payments: CountyPayments,
) -> None:
    line, officers, strangers = a_line(amount_fen=2_000_001), a_line(), a_line()
    shared = [a_line(), a_line()]
    await payments.hand_on(
        an_account(line),
        an_account(officers, number="6222000000000004"),
        an_account(strangers, holder_kind="institution"),
        *(an_account(one, number="6222000000000005") for one in shared),
    )
    barred = {"numbers": ["6222000000000004"], "reason": "officer's card"}
    await payments.post(WANG_FANG, "/barred-accounts", barred)
    assert await held(payments, line, officers, strangers, *shared) == [
        "above-ceiling",
        "officer-card",
        "holder-not-payee",
        "card-shared",
        "card-shared",
    ]
    reason = {"reason": "looked at, and right"}
    for hold in (await payments.get(WANG_FANG, "/holds"))["items"]:
        path = f"/holds/{hold['hold_id']}/release"
        refused = await payments.post(WANG_FANG, path, reason, expect=403)
        assert refused["type"] == "/problems/head-overrules"
        await payments.post(CHEN_JIE, path, reason)


async def test_a_hold_of_another_town_does_not_exist(payments: CountyPayments) -> None:
    line = a_line()
    assert await held(payments, line) == ["no-payee"]
    hold_id = payments.one("SELECT id FROM hold")
    path, reason = f"/holds/{hold_id}/release", {"reason": "pay it all the same"}
    elsewhere = replace(CHEN_JIE, areas=("511425103",))
    await payments.post(elsewhere, path, reason, expect=404)
    await payments.post(replace(CHEN_JIE, areas=("511425102",)), path, reason)


async def test_what_is_missing_cannot_be_overruled(payments: CountyPayments) -> None:
    line = a_line()
    assert await held(payments, line) == ["no-payee"]
    hold_id = (await payments.get(CHEN_JIE, "/holds"))["items"][0]["hold_id"]
    words = {"reason": "pay it all the same"}
    released = await payments.post(CHEN_JIE, f"/holds/{hold_id}/release", words)
    await payments.make(released["run_id"])
    assert payments.status_of(line) == "held"
    await payments.hand_on(an_account(line))
    await payments.make(released["run_id"])
    assert payments.status_of(line) == "enveloped"


def test_every_reason_has_an_owner() -> None:
    assert set(OWNERS.values()) == {"town", "county:civil-affairs", "county:finance"}
