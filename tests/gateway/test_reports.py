"""Reports at the desk: each number leads to its records, and only a head freezes."""

from tests.gateway import told
from tests.gateway.told_of_reports import PATH
from tests.gateway.visits import Door, hidden_fields


async def test_each_number_leads_to_its_records_and_a_page_to_the_next(door: Door) -> None:
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("township-head",))
    page = await browser.get(f"/staff{PATH}")
    assert f'href="/staff{PATH}/lines/dibao-people"' in page.text
    assert f'href="/staff{PATH}/lines/dibao-people?by=town&amp;value=511425001"' in page.text
    assert "暂定" in page.text
    records = await browser.get(f"/staff{PATH}/lines/dibao-people?by=town&value=511425001")
    assert 'href="?by=town&amp;value=511425001&amp;after=200"' in records.text
    asked = door.upstream.came()[-1]
    assert (asked["path"], asked["query"]) == (
        f"{PATH}/lines/dibao-people", "by=town&value=511425001&after=0",
    )  # fmt: skip


async def test_a_head_freezes_and_nobody_else(door: Door) -> None:
    door.upstream.answers(told.everything() | {"benefits GET /runs": {"words": told.page()}})
    head = await door.staff(roles=("civil-affairs-head",))
    form = hidden_fields(await head.get(f"/staff{PATH}"))
    assert (await head.post(f"/staff{PATH}/freezing", data=form)).status_code == 303
    assert door.upstream.came()[-1]["path"] == f"{PATH}/freezing"
    auditor = await door.staff(roles=("auditor",))
    page = await auditor.get(f"/staff{PATH}")
    assert page.status_code == 200
    assert "freezing" not in page.text
    refused = await auditor.post(f"/staff{PATH}/freezing", data=hidden_fields(page))
    assert refused.status_code == 403


async def test_who_may_read_no_report_and_a_way_out_of_the_path_are_refused(door: Door) -> None:
    door.upstream.answers(told.everything())
    worker = await door.staff(roles=("village-worker",))
    assert (await worker.get(f"/staff{PATH}")).status_code == 403
    head = await door.staff(roles=("township-head",))
    for path in (
        "/staff/reports/people/2026-10",
        f"/staff{PATH}/lines/A..",
    ):
        assert (await head.get(path)).status_code in {404, 422}
