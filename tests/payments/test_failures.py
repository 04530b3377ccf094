"""Whoever mends failed payments sees what failed, why, and where the next attempt would go."""

from uuid import uuid4

from tests.payments.county import WANG_FANG, ZHAO_MIN, CountyPayments
from tests.payments.makers import a_line


async def test_a_failed_line_is_listed_with_its_reason_and_the_account_it_has_now(
    payments: CountyPayments,
) -> None:
    failed, settled = a_line(), a_line()
    await payments.sent(failed, settled)
    with payments.as_owner() as owner:
        owner.execute(
            "UPDATE payment_order SET status = 'refused', reason = 'account-closed'"
            " WHERE line_id = %s",
            (failed["line_id"],),
        )
    (item,) = (await payments.get(WANG_FANG, "/failures?pay_month=2026-10"))["items"]
    assert (item["line_id"], item["outcome"], item["reason"]) == (
        failed["line_id"],
        "refused",
        "account-closed",
    )
    assert item["account"]["status"] == "verified"
    assert item["account"]["bank_name"]

    new = {
        "beneficiary_kind": "household",
        "relation": "household",
        "paper": "身份证",
        "since": "2026-10",
        "holder_id": str(uuid4()),
        "holder_name": "李伟",
        "bank": "qsrcc",
        "account_number": "6221880000000005341",
    }
    await payments.post(WANG_FANG, f"/payees/{failed['beneficiary_id']}/account", new)
    (item,) = (await payments.get(WANG_FANG, "/failures?pay_month=2026-10"))["items"]
    assert (item["account"]["last4"], item["account"]["status"]) == ("5341", "unverified")
    assert "6221880000000005341" not in str(item)


async def test_failures_are_seen_in_their_own_county_and_month_only(
    payments: CountyPayments,
) -> None:
    line = a_line()
    await payments.sent(line)
    with payments.as_owner() as owner:
        owner.execute("UPDATE payment_order SET status = 'refused', reason = 'account-closed'")
    assert (await payments.get(WANG_FANG, "/failures?pay_month=2026-11"))["items"] == []
    await payments.get(ZHAO_MIN, "/failures?pay_month=2026-10", expect=403)
