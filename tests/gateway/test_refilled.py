"""A form that was refused comes back as it was filled in, and says what to mend."""

from typing import Any

import httpx
from lxml import html

from tests.gateway import told
from tests.gateway.told_of_cases import CASE
from tests.gateway.visits import Door, hidden_fields

PAGE = f"/staff/cases/{CASE}"
PROPOSE = f"{PAGE}/acts/propose"


def refusing(status: int, slug: str, act: str = "propose", **members: Any) -> dict[str, Any]:
    """Casework refuses an act."""
    words = {"type": f"/problems/{slug}", "title": slug, "status": status, **members}
    said = {"status": status, "type": "application/problem+json", "words": words}
    return {**told.everything(), f"identification POST /cases/{CASE}/acts/{act}": said}


def read(page: httpx.Response) -> Any:
    """A page as a tree."""
    return html.document_fromstring(page.text)


def form_at(page: httpx.Response, path: str) -> Any:
    """The form of a page that is sent to a path."""
    (form,) = [each for each in read(page).forms if each.action == path]
    return form


async def opinion(browser: httpx.AsyncClient, **typed: str) -> httpx.Response:
    """Send the township's opinion from the page of the case."""
    said = {**hidden_fields(await browser.get(PAGE)), "version": "7", "opinion": "grant", **typed}
    return await browser.post(PROPOSE, data=said)


async def test_a_whole_application_is_not_lost_for_one_wrong_sum(door: Door) -> None:
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("window-clerk",))
    typed = {
        "registration": "rural",
        "address": "柳溪村3组 <b>",
        "reason": "第一行\n第二行",
        "member-7-name": "李小七",
        "supporter-0-name": "李大",
        "supporter-0-support": "reckoned",
        "supporter-0-household_members": "3",
        "supporter-0-income": "四万",
    }
    said = {**hidden_fields(await browser.get(PAGE)), "version": "7", **typed}
    answer = await browser.post(f"{PAGE}/application", data=said)
    assert answer.status_code == 422
    form = form_at(answer, f"{PAGE}/application")
    assert {name: form.fields[name] for name in typed} == typed
    wrong = form.xpath(".//*[@aria-invalid]")
    assert [each.get("name") for each in wrong] == ["supporter-0-income"]
    assert "金额只写数字" in read(answer).xpath("string(//main/div[1])")
    assert form.fields["key"] != said["key"], "mended, it is another deed"
    door.upstream.forget()
    door.upstream.answers(told.everything())
    mended = {name: said for name, said in form.form_values() if name != "supporter-0-income"}
    answer = await browser.post(form.action, data={**mended, "supporter-0-income": "43680"})
    assert answer.status_code == 303
    assert len([e for e in door.upstream.came() if e["path"].endswith("/acts/write")]) == 1


async def test_what_casework_refuses_comes_back_with_the_field_it_names(door: Door) -> None:
    door.upstream.answers(refusing(422, "act-not-understood", detail="income", field="notes"))
    browser = await door.staff(roles=("township-head",))
    answer = await opinion(browser, income_fen_monthly="200.50", notes="甲\n乙")
    assert answer.status_code == 422
    form = form_at(answer, PROPOSE)
    assert (form.fields["income_fen_monthly"], form.fields["notes"]) == ("200.50", "甲\n乙")
    assert [each.get("name") for each in form.xpath(".//*[@aria-invalid]")] == ["notes"]
    assert "回到上一页" not in answer.text, "the form is here"


async def test_the_row_that_casework_names_is_marked_and_told_in_chinese(door: Door) -> None:
    zh = "没有身份证号的，写明为什么没有"
    browser = await door.staff(roles=("window-clerk",))
    for named, marked in (
        ("application.members.1", "member-1-name"),
        ("application.members.1.born_on", "member-1-born_on"),
        ("application.supporters.0.support", "supporter-0-support"),
    ):
        refused = refusing(422, "act-not-understood", act="write", field=named, zh=zh)
        door.upstream.answers({**told.everything(), **refused})
        said = {**hidden_fields(await browser.get(PAGE)), "version": "7", "member-1-name": "李娜"}
        answer = await browser.post(f"{PAGE}/application", data=said)
        form = form_at(answer, f"{PAGE}/application")
        assert [each.get("name") for each in form.xpath(".//*[@aria-invalid]")] == [marked]
        assert zh in read(answer).xpath("string(//main/div[1])")


async def test_what_cannot_be_done_yet_says_so_above_the_form(door: Door) -> None:
    missing = [{"need": "signed", "zh": "至少两名调查人签字", "en": "two sign", "first": []}]
    door.upstream.answers(refusing(409, "not-yet", missing=missing))
    browser = await door.staff(roles=("township-head",))
    answer = await opinion(browser, income_fen_monthly="200.50")
    assert (answer.status_code, form_at(answer, PROPOSE).fields["income_fen_monthly"]) == (
        409,
        "200.50",
    )
    above = read(answer).xpath("string(//main/div[1])")
    assert "至少两名调查人签字" in above


async def test_a_form_that_is_there_no_more_leads_to_the_page_it_stood_on(door: Door) -> None:
    door.upstream.answers(refusing(409, "case-moved", act="finish-survey"))
    browser = await door.staff(roles=("township-head",))
    said = {**hidden_fields(await browser.get(PAGE)), "version": "7"}
    answer = await browser.post(f"{PAGE}/acts/finish-survey", data=said)
    assert f'<a class="button" href="{PAGE}">' in answer.text


async def test_what_is_typed_runs_nothing_and_no_password_comes_back(door: Door) -> None:
    door.upstream.answers(refusing(409, "not-yet", missing=[]))
    browser = await door.staff(roles=("township-head",))
    nasty = '"><script>alert(1)</script>\x01'
    answer = await opinion(browser, income_fen_monthly="1", notes=f"</textarea>{nasty}")
    assert "<script>" not in answer.text
    assert form_at(answer, PROPOSE).fields["notes"] == '</textarea>"><script>alert(1)</script>'
    visitor = door.browser()
    words = hidden_fields(await visitor.get("/staff/sign-in"))
    refused = await visitor.post(
        "/staff/sign-in", data={**words, "name": "x", "password": "secret1"}
    )
    assert "secret1" not in refused.text


async def test_a_form_from_elsewhere_is_not_filled_in(door: Door) -> None:
    door.upstream.answers(told.everything())
    browser = await door.staff(roles=("window-clerk",))
    said = {"csrf": "0" * 64, "key": "k" * 12, "address": "another's words"}
    answer = await browser.post(f"{PAGE}/application", data=said)
    assert (answer.status_code, "another's words" in answer.text) == (403, False)


async def test_what_nobody_answered_is_sent_again_as_the_same_deed(door: Door) -> None:
    door.upstream.answers(refusing(503, "answer-lost"))
    browser = await door.staff(roles=("township-head",))
    answer = await opinion(browser, income_fen_monthly="200.50")
    assert answer.status_code == 503
    form = form_at(answer, PROPOSE)
    door.upstream.answers(told.everything())
    again = await browser.post(PROPOSE, data=dict(form.form_values()))
    assert again.status_code == 303
    keys = [
        each["headers"]["idempotency-key"]
        for each in door.upstream.came()
        if each["path"].endswith("/acts/propose")
    ]
    assert (len(keys) > 1, len(set(keys))) == (True, 1)
