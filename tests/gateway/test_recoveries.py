"""The head decides what is to be paid back, finance writes down what comes; nobody does both."""

import json
from typing import Any

from tests.gateway import told, told_of_sums
from tests.gateway.visits import Door, hidden_fields

LIST = f"/staff/recoveries?pay_month={told.MONTH}"
ONE = f"/staff/recoveries/{told_of_sums.RECOVERY}"
DECISION = {"amount": "190", "paper": "青民追〔2026〕1号", "told_on": "2026-10-09", "reason": ""}
RECEIPT = {"amount": "100.00", "voucher": "缴002", "received_on": "2026-10-10"}


async def test_the_head_decides_and_finance_writes_receipts_down(door: Door) -> None:
    posted: dict[str, Any] = {"words": {}}
    door.upstream.answers(
        told.everything()
        | {
            f"benefits POST /recoveries/{told_of_sums.RECOVERY}/decisions": posted,
            f"payments POST /owed-back/{told_of_sums.RECOVERY}/receipts": posted,
        }
    )
    head = await door.staff(roles=("civil-affairs-head",))
    page = await head.get(LIST)
    assert page.status_code == 200, page.text
    for said in ("去世报得晚", "追回 190.00元", "100.00元", f'href="{ONE}"'):
        assert said in page.text, said
    form = hidden_fields(await head.get(ONE))
    assert (await head.post(f"{ONE}/decisions", data={**form, **DECISION})).status_code == 303
    finance = await door.staff(roles=("finance-releaser",))
    form = hidden_fields(await finance.get(ONE))
    assert (await finance.post(f"{ONE}/receipts", data={**form, **RECEIPT})).status_code == 303
    assert (await finance.post(f"{ONE}/decisions", data={**form, **DECISION})).status_code == 403
    sent = {
        seen["path"]: json.loads(seen["body"])
        for seen in door.upstream.came()
        if seen["method"] == "POST"
    }
    assert sent[f"/recoveries/{told_of_sums.RECOVERY}/decisions"]["amount_fen"] == 19000
    assert sent[f"/owed-back/{told_of_sums.RECOVERY}/receipts"]["amount_fen"] == 10000
