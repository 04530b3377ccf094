"""The pages of a household: its file over all its cases."""

from tests.gateway import told
from tests.gateway.told_of_cases import CASE
from tests.gateway.told_of_households import OTHER
from tests.gateway.visits import Door


async def test_a_households_file_shows_every_version_and_opens_what_is_the_readers(
    door: Door,
) -> None:
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("township-officer",))
    page = (await browser.get(f"/staff/households/{CASE}/file")).text
    assert "第2版" in page
    assert "第1版" in page
    assert page.count(f"/api/v1/cases/{CASE}/papers/{CASE}") == 1, "the other is another town's"
    assert f'href="/api/v1/households/{CASE}/file?earlier=yes"' in page
    assert f'href="/api/v1/rounds/{CASE}/papers/{OTHER}"' in page, "the form of a round"
    assert f"/staff/cases/{CASE}" not in page
    assert "<script>alert" not in page


async def test_from_a_case_and_from_the_household_one_reaches_everything_of_them(
    door: Door,
) -> None:
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("township-officer",))
    for path in (f"/staff/households/{CASE}/file", f"/staff/cases/{CASE}"):
        page = (await browser.get(path)).text
        for link in ("cases", "entries", "alerts"):
            assert f'href="/staff/{link}/{OTHER}"' in page
        assert "收入高于标准" in page, "why they were refused before"
        assert "<script>alert" not in page
    assert f'href="/staff/households/{CASE}/file"' in page
