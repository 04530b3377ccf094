"""Applicants are told of each thing that happened, once, by telephone and in the inbox."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from services.notifications.texts import CaseSaid, Texts
from shared.bus import Bus
from shared.contracts.event import Event
from shared.contracts.identification import (
    AnswerWanted,
    ApplicantsForgotten,
    CaseMoved,
    GroupChanged,
    Happened,
)
from shared.ids import new_id
from shared.months import Month
from tests.notifications.smsc_at import until
from tests.notifications.standing import COUNTY, Standing, a_contact


def moved(person_id: UUID, **changed: Any) -> CaseMoved:
    words = {
        "case_id": new_id(),
        "handed_on": True,
        "category": "disability",
        "receipt": "DABCD-2345",
        "happened": Happened.RECEIVED,
        "by_day": date(2026, 11, 26),
    }
    now = datetime.now(UTC)
    return CaseMoved(county=COUNTY, occurred_at=now, person_id=person_id, **{**words, **changed})


async def say(process: Standing, event: Event) -> None:
    bus = Bus(process.nats.url("identification"), "identification")
    await bus.ensure_stream("identification")
    await bus.publish(event.subject(), new_id(), event.model_dump(mode="json"))
    await bus.close()


@pytest.mark.shows("S14")
async def test_an_applicant_is_told_once_even_if_the_contact_comes_after_the_event(
    process: Standing,
) -> None:
    contact = a_contact("13900007001")
    person_id = UUID(str(contact["person_id"]))
    event = moved(person_id)
    await say(process, event)
    await process.hand_on([contact])
    await say(process, event)
    await until(lambda: process.smsc.texts("8613900007001"))
    await say(process, event)
    (entry,) = await process.inbox(person_id)
    assert (entry["template"], entry["outcome"]) == ("case", "received")
    assert (
        entry["text"]
        == "张*明：您的补贴申请收到了，编号DABCD-2345。最晚11月26日受理，或者一次说清还缺什么。"
    )
    (text,) = process.smsc.texts("8613900007001")
    assert text.words == (
        "【青神民政】张*明：您的补贴申请收到了，编号DABCD-2345，最晚11月26日答复。"
        "凭编号可到村里查。问询12345。"
    )


@pytest.mark.shows("S04")
async def test_whoever_may_answer_first_is_told_until_when_and_not_what_was_found(
    process: Standing,
) -> None:
    household, contact = new_id(), a_contact("13900007005")
    beneficiaries = [*contact["beneficiary_ids"], str(household)]
    await process.hand_on([{**contact, "beneficiary_ids": beneficiaries}])
    event = AnswerWanted(
        county=COUNTY,
        occurred_at=datetime.now(UTC),
        alert_id=new_id(),
        told_id=household,
        by_day=date(2026, 11, 26),
    )
    await say(process, event)
    await until(lambda: process.smsc.texts("8613900007005"))
    (text,) = process.smsc.texts("8613900007005")
    assert text.words == (
        "【青神民政】张*明：有一项情况要请您说明，最晚11月26日。请登录手机看，或到村委会问。问询12345。"
    )
    (entry,) = await process.inbox(UUID(str(contact["person_id"])))
    assert (entry["alert_id"], entry["programme"]) == (str(event.alert_id), None)
    assert "说明之前不会对您作不利的处理" in entry["text"]


async def test_whoever_has_no_telephone_finds_it_in_the_inbox(process: Standing) -> None:
    person_id = new_id()
    await say(process, moved(person_id, handed_on=False, happened=Happened.APPLIED_FOR))

    async def told() -> bool:
        return bool(await process.inbox(person_id))

    await until(told)
    (entry,) = await process.inbox(person_id)
    assert (entry["sms"], entry["text"][:2]) == ("no-phone", "您：")


async def test_a_telephone_is_proven_by_a_code_and_kept_nowhere(process: Standing) -> None:
    words = {"phone": "139 0000 7002", "code": "482913", "minutes": 5}
    answer = await process.post("gateway", "codes:send", "/codes", words)
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    await until(lambda: process.smsc.texts("8613900007002"))
    (text,) = process.smsc.texts("8613900007002")
    assert "482913" in text.words

    def forgotten() -> bool:
        return not process.rows("SELECT 1 FROM delivery WHERE sealed IS NOT NULL")

    await until(forgotten)
    assert not process.rows("SELECT 1 FROM contact WHERE called LIKE '%7002%'")
    both = {**words, "person_id": str(new_id())}
    assert (await process.post("gateway", "codes:send", "/codes", both)).status_code == 422


@pytest.mark.parametrize("happened", Happened)
def test_no_text_about_a_case_names_a_disability_or_a_link(happened: Happened) -> None:
    texts = Texts(sign="青神民政", telephone="12345")
    for day, month in ((date(2026, 12, 31), Month(2026, 12)), (None, None)):
        said = CaseSaid(1, "张*明", "disability", "DABCD-2345", happened, day, month)
        for text in (texts.sms(said), texts.in_app(said)):
            assert "残疾" not in text
            assert "http" not in text
            assert "{" not in text


async def test_whoever_comes_into_a_group_is_told_by_a_telephone_of_their_home_and_of_no_group(
    process: Standing,
) -> None:
    household, person_id = new_id(), new_id()
    head, silent = a_contact("13900007031"), a_contact(None)
    head["beneficiary_ids"] = [str(household)]
    await process.hand_on([head, {**silent, "person_id": str(person_id), "beneficiary_ids": []}])
    event = GroupChanged(
        county=COUNTY,
        occurred_at=datetime.now(UTC),
        request_id=new_id(),
        told_ids=[person_id, household],
        happened=Happened.WATCHED,
    )
    await say(process, event)
    await until(lambda: process.smsc.texts("8613900007031"))
    await say(process, event)
    (text,) = process.smsc.texts("8613900007031")
    assert text.words == (
        "【青神民政】张*明：您家有一份民政告知书，请登录看，或到村里、镇里取。"
        "不收钱、不要密码。问询12345。"
    )
    (entry,) = await process.inbox(UUID(str(head["person_id"])))
    assert "登记为民政部门主动关心的对象" in entry["text"]
    assert (entry["case_id"], entry["alert_id"]) == (None, None)


async def test_who_is_forgotten_is_not_reached_any_more_and_keeps_what_they_were_told(
    process: Standing,
) -> None:
    contact, other = a_contact("13900007021"), a_contact("13900007022")
    person_id = UUID(str(contact["person_id"]))
    await process.hand_on([contact, other])
    await say(process, moved(person_id))
    await until(lambda: process.smsc.texts("8613900007021"))
    gone = ApplicantsForgotten(
        county=COUNTY, occurred_at=datetime.now(UTC), applicant_ids=[person_id]
    )
    await say(process, gone)
    await until(lambda: not _contacts(process, person_id))
    assert _contacts(process, UUID(str(other["person_id"])))
    assert len(await process.inbox(person_id)) == 1


def _contacts(process: Standing, person_id: UUID) -> list[Any]:
    return process.rows(f"SELECT 1 FROM contact WHERE person_id = '{person_id}'")  # noqa: S608 # An id.
