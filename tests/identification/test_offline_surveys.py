"""Visits without a network: each taken in once, whatever comes again, in parts or out of order."""

import hashlib
import io
import json
import struct
import time
import zipfile
from uuid import uuid4

import pytest

from services.identification.offline import packages
from tests.identification.caseworkers import (
    HE_JUN,
    JPEG,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    later,
)
from tests.identification.devices import SURVEYORS, Device, outcomes
from tests.identification.makers import id_number
from tests.identification.register import Register
from tests.identification.test_archive import NEEDED


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


@pytest.fixture
def device(register: Register) -> Device:
    return Device(register)


async def another(walk: Walk, order: int) -> Walk:
    """Another household that waits for its visit."""
    head = {"key": "head", "name": "王芳", "relation": "户主", "id_number": id_number(order)}
    return await Walk(walk.register).accepted(members=[head])


async def test_a_list_tells_whom_to_visit_and_no_id_number(walk: Walk, device: Device) -> None:
    await walk.accepted()
    taken = await device.takes_along()
    (case,) = taken["cases"]
    assert case["case_id"] == walk.case["case_id"]
    assert case["members"][0]["name"] == "李伟"
    assert id_number(1) not in json.dumps(taken)
    assert "findings" in case["asks"]
    (issue,) = walk.register.rows("SELECT * FROM survey_issue WHERE subject = 'staff:wang-fang'")
    assert taken["key"] not in str(issue), "a key lies there sealed"
    assert (await device.takes_along(ZHAO_MIN))["cases"] == [], "another area's are not there"


async def test_means_are_asked_on_the_device_as_anywhere_and_what_it_finds_counts(
    walk: Walk, device: Device
) -> None:
    await walk.accepted(means={"paddy_hundredths": 250})
    taken = await device.takes_along()
    (case,) = taken["cases"]
    assert case["declared"]["household"] == {"paddy_hundredths": 250}
    steps = taken["means"][case["registration"]]["steps"]
    assert "paddy_hundredths" in {ask["fact"] for step in steps for ask in step["asks"]}
    found = {
        "household": {"paddy_hundredths": 300},
        "members": {case["members"][0]["key"]: {"wage_basis": 1}},
    }
    brought = await device.brings(device.visit(walk.case, means=found))
    assert outcomes(brought) == ["taken-in"]
    means = (await walk.register.get(f"{walk.path}/means", WANG_FANG)).json()
    assert means["declared"]["household"] == {"paddy_hundredths": 250}
    assert means["found"] == found


@pytest.mark.parametrize(
    ("signed", "ended", "outcome"),
    [
        ("2026-09-26T02:00:00+00:00", "2026-09-27T00:00:00+00:00", "taken-in"),
        ("2026-09-26T02:00:00+00:00", "2026-09-26T01:00:00+00:00", "signed-after-the-end"),
        (None, "2026-09-27T00:00:00+00:00", "signed-after-the-end"),
        (None, "2026-09-01T00:00:00+00:00", "taken-in"),
        ("2026-10-09T02:00:00+00:00", "2026-09-27T00:00:00+00:00", "signed-at-no-time"),
        ("2026-09-01T02:00:00+00:00", "2026-09-27T00:00:00+00:00", "signed-at-no-time"),
    ],
)
async def test_whose_account_ended_signs_nothing_from_then_on(
    walk: Walk, device: Device, signed: str | None, ended: str, outcome: str
) -> None:
    await walk.accepted()
    await device.takes_along()
    later(walk.register, 3)  # It is the 28th, and the list holds.
    survey = device.visit(walk.case, visited_on="2026-09-26")
    if signed is not None:
        survey = device.signed({**survey, "signed_at": signed}, *SURVEYORS)
    ends = [("staff:liu-qiang", ended), ("staff:zhang-li", "2026-09-25T23:00:00+00:00")]
    assert outcomes(await device.brings(survey, ended=ends)) == [outcome]
    again = await device.brings(survey, ended=[("staff:liu-qiang", "2026-09-25T23:00:00+00:00")])
    known = {"taken-in": "known", "signed-at-no-time": outcome}
    assert outcomes(again) == [known.get(outcome, "signed-after-the-end")]


async def test_a_visit_is_signed_by_two_and_brings_its_photos(walk: Walk, device: Device) -> None:
    await walk.accepted()
    await device.takes_along()
    photo = JPEG + b"a house"
    survey = device.visit(walk.case, photos=[photo])
    brought = await device.brings(survey, photos=[photo])
    assert outcomes(brought) == ["taken-in"]
    case = await walk.look()
    assert [each["act"] for each in case["history"]][-2:] == ["survey", "sign-survey"]
    assert [each["by"] for each in case["history"]][-2:] == ["staff:wang-fang", "staff:liu-qiang"]
    assert [each["kind"] for each in case["papers"]] == ["survey-photo"]
    await walk.do(WANG_FANG, "finish-survey")
    (found,) = (await walk.register.get("/survey-packages", WANG_FANG)).json()["items"]
    assert found["results"] == brought["results"]


async def test_a_package_sent_again_in_parts_or_out_of_order_changes_nothing(
    walk: Walk, device: Device
) -> None:
    await walk.accepted()
    other = await another(walk, 7)
    await device.takes_along()
    first, second = device.visit(walk.case), device.visit(other.case)
    package_id = str(uuid4())
    assert outcomes(await device.brings(second, package_id=package_id)) == ["taken-in"]
    brought = await device.brings(first, second, package_id=package_id)
    assert outcomes(brought) == ["taken-in", "known"]
    versions = [(await each.look())["version"] for each in (walk, other)]
    assert outcomes(await device.brings(second, first, first)) == ["known"] * 3
    assert [(await each.look())["version"] for each in (walk, other)] == versions


async def test_two_visits_of_one_household_are_both_kept_until_a_person_chooses(
    walk: Walk, device: Device
) -> None:
    await walk.accepted()
    await device.takes_along()
    first, second = device.visit(walk.case), device.visit(walk.case, findings="砖房三间")
    assert outcomes(await device.brings(first, second)) == ["taken-in", "taken-in"]
    await walk.look()
    assert (await walk.ask(WANG_FANG, "finish-survey")).json()["needs"] == ["one-survey-counts"]
    await walk.do(ZHANG_LI, "choose-survey", survey_id=second["survey_id"], reason="较近的一次")
    await walk.do(WANG_FANG, "finish-survey")


async def test_one_refused_visit_takes_nothing_from_the_others(walk: Walk, device: Device) -> None:
    await walk.accepted()
    other, moved = await another(walk, 7), await another(walk, 8)
    await device.takes_along()
    surveys = [
        device.visit(walk.case, visited_on="2027-01-01"),
        device.visit(walk.case, findings=None),
        device.visit({"case_id": str(uuid4()), "version": 1}),
        device.visit(moved.case),
        device.visit(other.case),
    ]
    await moved.visit()
    await moved.do(WANG_FANG, "finish-survey")
    brought = await device.brings(*surveys)
    expected = ["not-yet", "act-not-understood", "no-such-case", "came-late", "taken-in"]
    assert outcomes(brought) == expected
    assert brought["results"][0]["needs"] == ["date-not-to-come"]
    assert (brought["taken-in"], brought["came-late"], brought["refused"]) == (1, 1, 3)
    assert len(walk.register.rows("SELECT survey_id FROM offline_survey")) == 2


async def test_a_case_that_moved_meanwhile_still_takes_its_visit(
    walk: Walk, device: Device
) -> None:
    await walk.accepted()
    await device.takes_along()
    stale = dict(walk.case)
    await walk.do(WANG_FANG, "declare-relative", officer="he-jun", relation="叔侄")
    assert outcomes(await device.brings(device.visit(stale))) == ["taken-in"]


async def test_nobody_signs_for_another_or_changes_what_was_signed(
    walk: Walk, device: Device
) -> None:
    await walk.accepted()
    await device.takes_along()
    survey = device.visit(walk.case)
    altered = {**survey, "words": {**survey["words"], "findings": "楼房"}}
    alone = device.signed(survey, WANG_FANG, WANG_FANG)
    swapped = {**survey, "signatures": [dict(each) for each in survey["signatures"]]}
    swapped["signatures"][1]["issue_id"] = survey["signatures"][0]["issue_id"]
    for wrong in (altered, alone, swapped):
        assert outcomes(await device.brings(wrong)) == ["signatures-wanting"]
    assert outcomes(await device.brings(survey)) == ["taken-in"]
    differs = device.signed({**survey, "words": altered["words"]}, *SURVEYORS)
    assert outcomes(await device.brings(differs)) == ["survey-differs"]


async def test_a_list_from_elsewhere_or_long_ago_signs_nothing_here(
    walk: Walk, device: Device
) -> None:
    await walk.accepted()
    await device.takes_along(WANG_FANG, ZHAO_MIN)
    survey = device.visit(walk.case, ZHAO_MIN, WANG_FANG)
    assert outcomes(await device.brings(survey)) == ["no-such-case"]
    await device.takes_along()
    taken, survey = device.visit(walk.case), device.visit(walk.case)
    assert outcomes(await device.brings(taken)) == ["taken-in"]
    later(walk.register, 40)
    differs = device.signed({**taken, "words": survey["words"] | {"findings": "楼房"}}, *SURVEYORS)
    brought = outcomes(await device.brings(survey, taken, differs))
    assert brought == ["signatures-wanting", "known", "survey-differs"], "what is taken in stays so"


def a_zip(method: int = zipfile.ZIP_STORED, *names: str) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as file:
        file.writestr("package.json", json.dumps({"device": "tablet-7"}) * 20)
        for name in names:
            file.writestr(name, b"")
    return sink.getvalue()


def broken(method: int) -> bytes:
    """A zip whose first file does not unpack."""
    content = bytearray(a_zip(method))
    at = content.index(b"package.json") + len("package.json")
    content[at + 4 : at + 20] = b"\xff" * 16
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        *(broken(method) for method in (8, 12, 14)),
        a_zip(8, "photos/照片.jpg").replace("照".encode(), b"\xff\xff\xff"),
    ],
)
async def test_a_zip_that_is_broken_inside_is_refused_in_words(
    register: Register, content: bytes
) -> None:
    answer = await register.client.post(
        "/survey-packages", content=content, headers=register.headers(WANG_FANG)
    )
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/package-unreadable")


def test_a_list_of_a_million_names_is_refused_before_it_is_read() -> None:
    content = a_zip(zipfile.ZIP_STORED)
    first, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    many = content[first:end] * 800_000
    tail = bytearray(content[end:])
    struct.pack_into("<L", tail, 12, len(many))
    began = time.perf_counter()
    with pytest.raises(packages.PackageTooLarge):
        packages.read(content[:first] + many + bytes(tail))
    assert time.perf_counter() - began < 2


async def test_more_words_than_visits_have_are_refused_zipped_or_not(register: Register) -> None:
    words = b'{"surveys": [' + b"[]," * (packages.HEAD_BYTES_MAX // 3) + b"[]]}"
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(packages.HEAD, words)
    for content in (words, zipped.getvalue()):
        answer = await register.client.post(
            "/survey-packages", content=content, headers=register.headers(WANG_FANG)
        )
        assert (answer.status_code, answer.json()["type"]) == (413, "/problems/package-too-large")


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"PK\x03\x04 no zip", b"[1]", b"\xff\xfe", b'{"package_id": 7}'],
)
async def test_what_is_no_package_is_refused_whole(register: Register, content: bytes) -> None:
    answer = await register.client.post(
        "/survey-packages", content=content, headers=register.headers(WANG_FANG)
    )
    assert answer.status_code == 422, answer.text
    assert register.rows("SELECT id FROM survey_upload") == []
    answer = await register.client.post(
        "/survey-packages", content=content, headers=register.headers(ZHANG_LI)
    )
    assert answer.status_code == 403


async def test_a_photo_that_is_named_and_not_there_refuses_the_package(
    walk: Walk, device: Device
) -> None:
    await walk.accepted()
    await device.takes_along()
    brought = await device.brings(device.visit(walk.case, photos=[JPEG]), photos=[JPEG + b"2"])
    assert brought["status"] == 422


async def test_a_visit_is_kept_without_a_photo_that_is_no_picture(
    walk: Walk, device: Device
) -> None:
    await walk.accepted()
    await device.takes_along()
    photos = [b"no picture", JPEG + b"a house"]
    brought = await device.brings(device.visit(walk.case, photos=photos), photos=photos)
    (result,) = brought["results"]
    assert result["outcome"] == "taken-in"
    (not_kept,) = result["photos_not_kept"]
    assert not_kept["sha256"] == hashlib.sha256(photos[0]).hexdigest()
    assert not_kept["reason"] == "no-paper"
    case = await walk.look()
    assert [each["kind"] for each in case["papers"]] == ["survey-photo"]
    assert [each["act"] for each in case["history"]][-2:] == ["survey", "sign-survey"]


async def test_a_visit_that_comes_when_the_file_is_closed_brings_its_photos_too(
    walk: Walk, device: Device
) -> None:
    await walk.accepted()
    await device.takes_along()
    photo = JPEG + b"a house"
    survey = device.visit(walk.case, photos=[photo])
    await walk.authorise()
    await walk.visit()
    await walk.do(WANG_FANG, "finish-survey")
    await walk.compare()
    words = {"income_fen_monthly": 90_000, "reasons": "收入高于标准"}
    await walk.do(ZHANG_LI, "propose", opinion="refuse", **words)
    await walk.do(HE_JUN, "refuse", decision_number="青民决〔2026〕805号", reasons="收入高于标准")
    for kind in NEEDED:
        await walk.paper(WANG_FANG, kind)
    await walk.paper(WANG_FANG, "id-card", JPEG + b"the child's", of_person="child")
    await walk.do(WANG_FANG, "close-file")
    assert outcomes(await device.brings(survey, photos=[photo])) == ["came-late"]
    case = await walk.look()
    assert [each["kind"] for each in case["papers"]][-1] == "survey-photo"
    assert (await walk.ask(WANG_FANG, "close-file")).json()["needs"] == ["file-open"]
