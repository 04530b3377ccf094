"""Files handed in at a page: passed on whole, with the form's word, and kept nowhere."""

import hashlib
from typing import Final

import httpx
import pytest

from tests.gateway import told
from tests.gateway.told_of_cases import CASE
from tests.gateway.visits import Door, hidden_fields

BRINGERS: Final = ("civil-affairs-maker", "township-officer")


async def _at_the_desk(door: Door) -> httpx.AsyncClient:
    door.upstream.answers(told.everything())
    return await door.staff(roles=BRINGERS)


async def test_a_roster_goes_through_whole_and_is_kept_nowhere(door: Door) -> None:
    browser = await _at_the_desk(door)
    form = hidden_fields(await browser.get("/staff/rosters"))
    content = bytes(range(256)) * 20_000 + b"\r\n--not-the-boundary--\r\n"
    answer = await browser.post(
        "/staff/rosters", data=form, files={"file": ("名册.xlsx", content, "application/x")}
    )
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/staff/rosters/{told.ROSTER}",
    )
    (seen,) = [
        seen
        for seen in door.upstream.came()
        if (seen["method"], seen["path"]) == ("POST", "/rosters")
    ]
    assert (seen["size"], seen["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert seen["headers"]["idempotency-key"] == form["key"]
    assert seen["subject"] == "staff:zhang.min"


@pytest.mark.parametrize(
    "broken",
    [
        {"csrf": "0" * 64},
        {"csrf": ""},
        {"key": ""},
    ],
    ids=str,
)
async def test_a_file_without_the_forms_word_is_not_passed_on(
    door: Door, broken: dict[str, str]
) -> None:
    browser = await _at_the_desk(door)
    form = hidden_fields(await browser.get("/staff/rosters")) | broken
    answer = await browser.post("/staff/rosters", data=form, files={"file": ("a", b"x" * 100)})
    assert answer.status_code in {403, 422}
    assert not [seen for seen in door.upstream.came() if seen["method"] == "POST"]


async def test_a_form_cut_off_in_the_file_is_not_taken_for_whole(door: Door) -> None:
    browser = await _at_the_desk(door)
    form = hidden_fields(await browser.get("/staff/rosters"))
    head = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{said}\r\n'
        for name, said in form.items()
    )
    head += '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf'
    answer = await browser.post(
        "/staff/rosters",
        content=head.encode(),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )
    assert answer.status_code == 422
    assert not [seen for seen in door.upstream.came() if seen["method"] == "POST"]


async def test_a_paper_goes_through_whole_with_its_kind(door: Door) -> None:
    browser = await _at_the_desk(door)
    form = hidden_fields(await browser.get(f"/staff/cases/{CASE}"))
    content = b"\xff\xd8\xff" + bytes(range(256)) * 100
    whose = {"kind": "id-card", "of_person": "head", "adds": "true"}
    answer = await browser.post(
        f"/staff/cases/{CASE}/papers",
        data=form | whose,
        files={"file": ("id.jpg", content)},
    )
    assert answer.status_code == 303, answer.text
    (came,) = [each for each in door.upstream.came() if each["path"].endswith("/papers")]
    assert (came["query"], came["size"]) == ("kind=id-card&of_person=head&adds=true", len(content))
    assert came["sha256"] == hashlib.sha256(content).hexdigest()
    odd = form | {"kind": "../id-card"}
    refused = await browser.post(
        f"/staff/cases/{CASE}/papers", data=odd, files={"file": ("id.jpg", content)}
    )
    assert refused.status_code == 422
