"""The means of a case at the desk: shown beside their norms, written fact by fact."""

import json

from tests.gateway import told
from tests.gateway.told_of_cases import CASE, VILLAGE
from tests.gateway.visits import Door, hidden_fields


async def test_means_are_shown_beside_their_norm_and_written_fact_by_fact(door: Door) -> None:
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("village-worker",), areas=(VILLAGE,))
    page = await browser.get(f"/staff/cases/{CASE}/means")
    for shown in (
        "2.5",
        "<strong>3</strong>",
        "600.00元（2025-01 起",
        "「赡养费」还没问清",
        "高于 120.00元，低于 190.00元",
    ):
        assert shown in page.text, shown
    opinion = await browser.get(f"/staff/cases/{CASE}")
    assert 'value="200.00"' in opinion.text, "a twelfth of what was reckoned"
    said = {
        **hidden_fields(page),
        "version": "7",
        "household.paddy_hundredths": "2.75",
        "head.wage_basis": "2",
        "head.wage_fen": "3600.50",
    }
    answer = await browser.post(f"/staff/cases/{CASE}/means", data=said)
    assert answer.headers["location"] == f"/staff/cases/{CASE}/means"
    (came,) = [each for each in door.upstream.came() if each["path"].endswith("/acts/write")]
    application = json.loads(came["body"])["words"]["application"]
    assert application["means"] == {"paddy_hundredths": 275, "support_basis": 1}
    assert application["members"][0]["means"] == {"wage_basis": 2, "wage_fen": 360_050}
    wrong = await browser.post(f"/staff/cases/{CASE}/means", data={**said, "head.wage_fen": "三千"})
    assert wrong.status_code == 422
