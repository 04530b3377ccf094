"""One household, one file: nine items in order, nothing lost, nothing closed half full."""

import asyncio
import io
from time import process_time
from typing import Any, Final

import psycopg
import pytest
from pypdf import PdfReader

from services.identification.casework.papers import archive, printing, small_pictures, whole_files
from tests.identification.caseworkers import (
    CHEN_HONG,
    HE_JUN,
    JPEG,
    WANG_FANG,
    ZHANG_LI,
    ZHAO_MIN,
    Walk,
    a_known_household,
    an_application,
)
from tests.identification.makers import id_number
from tests.identification.pictures import a_picture
from tests.identification.register import Register

REGISTER: Final = "household-register"
NEEDED: Final = [kind for kind in archive.ITEMS if kind not in {"illness", archive.OTHER}]
ODD: Final = '李#import "x" $x$ *a* _b_ <script> {{7*7}} 𠮷䶮\u202e\u200b😀'


@pytest.fixture
def walk(register: Register) -> Walk:
    return Walk(register)


async def _refused(walk: Walk, **said: Any) -> None:
    await walk.surveyed(**said)
    await walk.letter("brother")
    await walk.compare()
    words = {"income_fen_monthly": 90_000, "reasons": "收入高于标准"}
    await walk.do(ZHANG_LI, "propose", opinion="refuse", **words)
    await walk.do(HE_JUN, "refuse", decision_number="青民决〔2026〕805号", reasons="收入高于标准")


@pytest.mark.shows("S43")
@pytest.mark.breaks("The archive whole")
async def test_a_file_that_lacks_an_item_is_not_closed(walk: Walk) -> None:
    brother = {"key": "brother", "name": "李强", "relation": "其他", "id_number": id_number(3)}
    await _refused(walk, members=[*an_application()["members"], brother])
    whose = {archive.ID_CARD: "（李伟、李强）"}
    for done, kind in enumerate(NEEDED):
        case = (await walk.register.get(walk.path, WANG_FANG)).json()
        states = {each["kind"]: each["state"] for each in case["archive"]}
        assert list(states) == list(archive.ITEMS)
        assert states[kind] == "missing"
        answer = await walk.ask(WANG_FANG, "close-file")
        assert answer.json()["needs"] == ["file-complete"]
        lacks = [archive.ITEMS[each].zh + whose.get(each, "") for each in NEEDED[done:]]
        if done <= NEEDED.index(REGISTER):
            lacks = [each.replace("、李强", "、李娜、李强") for each in lacks]
        assert answer.json()["missing"][0]["zh"] == f"档案还缺：{'、'.join(lacks)}"
        await walk.paper(WANG_FANG, kind)
        if kind == archive.ID_CARD:
            (said,) = (await walk.ask(WANG_FANG, "close-file")).json()["missing"]
            assert said["zh"].startswith("档案还缺：身份证（李强）、"), (
                "the register names the child"
            )
            await walk.paper(WANG_FANG, kind, JPEG + b"the brother's", of_person="brother")
    closed = await walk.do(WANG_FANG, "close-file")
    assert closed["history"][-1]["act"] == "close-file"
    assert (await walk.ask(WANG_FANG, "close-file")).json()["needs"] == ["file-open"]


@pytest.mark.shows("S43")
@pytest.mark.breaks("The archive whole")
async def test_a_closed_file_takes_no_paper_until_somebody_opens_it_and_says_why(
    walk: Walk,
) -> None:
    await walk.open(category="review", household_id=await a_known_household(walk.register))
    await walk.visit(144000)
    photo = await walk.paper(WANG_FANG, "survey-photo")
    await walk.do(WANG_FANG, "find-unchanged", stability="stable")
    assert (await walk.ask(WANG_FANG, "close-file")).json()["needs"] == ["file-complete"]
    await walk.paper(WANG_FANG, "survey-form", JPEG + b"the form")
    await walk.do(WANG_FANG, "close-file")
    for kind, content in (("other", JPEG + b"late"), ("survey-photo", JPEG)):
        answer = await walk.register.client.post(
            f"{walk.path}/papers",
            params={"kind": kind},
            content=content,
            headers=walk.register.headers(ZHANG_LI),
        )
        assert answer.json()["type"] == "/problems/file-closed"
    assert (await walk.ask(WANG_FANG, "reopen-file", reason="补件")).status_code == 403
    await walk.do(ZHANG_LI, "reopen-file", reason="补入户照片")
    answer = await walk.ask(ZHANG_LI, "reopen-file", reason="再启封")
    assert answer.json()["needs"] == ["file-closed"]
    assert await walk.paper(ZHANG_LI, "survey-photo", JPEG + b"another") != photo
    await walk.do(WANG_FANG, "close-file")


async def test_who_says_illness_brings_proof_of_it(walk: Walk) -> None:
    await walk.open()
    illness = {"disability_spending_fen_yearly": 300_000}
    for said, state in (({}, "not-needed"), (illness, "missing")):
        case = await walk.do(CHEN_HONG, "write", application=an_application(means=said))
        assert {e["kind"]: e["state"] for e in case["archive"]}["illness"] == state


async def test_a_paper_of_an_out_patient_is_kept_and_proves_nothing(walk: Walk) -> None:
    await walk.open()
    said = an_application(means={"disability_spending_fen_yearly": 300_000})
    await walk.do(CHEN_HONG, "write", application=said)
    await walk.paper(CHEN_HONG, "outpatient")
    states = {e["kind"]: e["state"] for e in (await walk.look())["archive"]}
    assert (states["illness"], states["other"]) == ("missing", "there")
    await walk.paper(CHEN_HONG, "illness", JPEG + b"a discharge summary")
    assert {e["kind"]: e["state"] for e in (await walk.look())["archive"]}["illness"] == "there"


@pytest.mark.shows("S43")
async def test_a_later_paper_takes_the_earlier_ones_place_and_both_are_kept(walk: Walk) -> None:
    await walk.accepted()
    first = await walk.paper(CHEN_HONG, "application", a_picture(1, 8, 8))
    second = await walk.paper(CHEN_HONG, "application", a_picture(2, 8, 8))
    assert await _counting(walk, "application") == ([second], [first])
    for paper in (first, second):
        answer = await walk.register.get(f"{walk.path}/papers/{paper}", WANG_FANG)
        assert answer.status_code == 200
    # The first brought again counts again, and is still the same paper.
    assert await walk.paper(CHEN_HONG, "application", a_picture(1, 8, 8)) == first
    assert await _counting(walk, "application") == ([first], [second])
    (said,) = walk.register.audited("case-paper-brought-again")
    words = {"document_id": first, "replaces": [second]}
    assert (said["actor"], said["details"]) == (CHEN_HONG.subject, words)
    for seed in (3, 4):
        await walk.paper(CHEN_HONG, "other", a_picture(seed, 8, 8))
    assert len((await _counting(walk, "other"))[0]) == 2


@pytest.mark.breaks("The archive whole")
async def test_a_paper_waits_for_whoever_is_just_writing_to_the_case(walk: Walk) -> None:
    await walk.accepted()
    with psycopg.connect(walk.register.database.owner_url) as other:
        other.execute("SELECT FROM case_file FOR UPDATE")
        paper = asyncio.create_task(walk.paper(CHEN_HONG, "other"))
        done, _ = await asyncio.wait([paper], timeout=0.5)
        assert not done, "it would be put on a file that is closed meanwhile"
    assert await paper


@pytest.mark.shows("S43")
async def test_everybodys_card_and_every_page_lies_beside_the_others(walk: Walk) -> None:
    await walk.accepted()
    head = await walk.paper(CHEN_HONG, "id-card", a_picture(1, 8, 8))
    child = await walk.paper(CHEN_HONG, "id-card", a_picture(2, 8, 8), of_person="child")
    back = await walk.paper(
        CHEN_HONG, "id-card", a_picture(3, 8, 8), of_person="child", adds="true"
    )
    assert await _counting(walk, "id-card") == ([head, child, back], [])
    for of_person, content, status in (
        ("nobody", a_picture(4, 8, 8), 422),
        ("head", a_picture(2, 8, 8), 409),
    ):
        answer = await walk.register.client.post(
            f"{walk.path}/papers",
            params={"kind": "id-card", "of_person": of_person},
            content=content,
            headers=walk.register.headers(CHEN_HONG),
        )
        assert answer.status_code == status, "of nobody here, or another's"


async def _counting(walk: Walk, kind: str) -> tuple[list[str], list[str]]:
    papers = (await walk.register.get(walk.path, WANG_FANG)).json()["papers"]
    of_kind = [each for each in papers if each["kind"] == kind]
    return (
        [each["document_id"] for each in of_kind if not each["replaced"]],
        [each["document_id"] for each in of_kind if each["replaced"]],
    )


@pytest.mark.shows("S43")
@pytest.mark.breaks("The archive in its order")
async def test_the_whole_file_is_one_pdf_in_three_seconds(walk: Walk) -> None:
    await walk.open()
    people = an_application()["members"]
    people[0]["name"] = ODD
    await walk.do(CHEN_HONG, "write", application=an_application(members=people))
    for place, kind in enumerate(archive.ITEMS):
        content = a_picture(place)
        assert len(content) > 190_000
        await walk.paper(WANG_FANG, kind, content)
    before = process_time()  # Of this process, so that a busy machine does not fail it.
    answer = await walk.register.get(f"{walk.path}/file", WANG_FANG)
    assert process_time() - before <= 3
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    pdf = PdfReader(io.BytesIO(answer.content))
    names = [each.zh for each in archive.ITEMS.values()]
    wanted = ["目录", *(f"{place} {name}" for place, name in enumerate(names, 1))]
    assert [str(each["/Title"]) for each in pdf.outline if not isinstance(each, list)] == wanted
    assert len(pdf.pages) == 10
    cover = pdf.pages[0].extract_text()
    literal = (
        '李#import "x" $x$ *a* _b_ <script> {{7*7}} 〔U+20BB7〕䶮〔U+202E〕〔U+200B〕〔U+1F600〕'
    )
    assert literal.replace(" ", "") in cover.replace(" ", "").replace("\n", "")
    assert walk.case["receipt"] in cover
    assert (await walk.register.get(f"{walk.path}/file", ZHAO_MIN)).status_code == 404
    read = walk.register.audited("case-file-read")
    assert [row["actor"] for row in read] == ["staff:wang-fang"]


async def test_a_file_of_very_many_pictures_is_printed_with_what_a_page_shows_of_each(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await walk.open()
    for place in range(9):
        await walk.paper(WANG_FANG, "other", a_picture(place))
    monkeypatch.setattr(whole_files, "BYTES_MAX", 1_500_000)
    answer = await walk.register.get(f"{walk.path}/file", WANG_FANG)
    assert answer.status_code == 200, answer.text
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 10
    assert len(answer.content) < 1_500_000 < 9 * 190_000
    monkeypatch.setattr(small_pictures, "BYTES", 0)  # Less than they turn out to be.
    monkeypatch.setattr(whole_files, "BYTES_MAX", 800_000)
    answer = await walk.register.get(f"{walk.path}/file", WANG_FANG)
    assert answer.status_code == 200, answer.text
    assert len(answer.content) < 800_000
    monkeypatch.setattr(whole_files, "BYTES_MAX", 10_000)
    answer = await walk.register.get(f"{walk.path}/file", WANG_FANG)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/file-too-large")


async def test_a_paper_that_cannot_be_drawn_has_a_page_that_says_so(walk: Walk) -> None:
    await walk.accepted()
    plain = printing.sheet("unshown", {"caption": "原来的一页"})
    for kind, content in (
        ("application", plain),
        ("id-card", b"%PDF-1.7 broken off"),
        ("commitment", b"\xff\xd8\xff\xe0 no picture"),
        ("other", b"\x89PNG\r\n\x1a\n"),
    ):
        await walk.paper(ZHANG_LI, kind, content)
    answer = await walk.register.get(f"{walk.path}/file", ZHANG_LI)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
    assert len(pages) == 5
    assert "原来的一页" in pages[1]
    assert all("无法在这里显示" in page for page in pages[2:])
