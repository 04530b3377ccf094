"""A seal, a filled field or a stamp hangs on a page of a PDF: the printed file shows it too."""

import io
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from services.identification.casework.papers import annotations, printing

SEEN, HIDDEN, ONLY_ON_SCREEN, ONLY_ON_PAPER = 132, 2, 0, 36
UNSEEN = "有一部分无法在这里显示"


class Paper:
    """A PDF of one page that says REPORT, on which a test hangs things."""

    def __init__(self) -> None:
        self.writer = PdfWriter()
        self.page = self.writer.add_blank_page(595, 842)
        font = named(Type="/Font", Subtype="/Type1", BaseFont="/Helvetica")
        fonts = DictionaryObject({NameObject("/F1"): self.writer._add_object(font)})
        self.resources = named()
        self.resources[NameObject("/Font")] = fonts
        self.page[NameObject("/Resources")] = self.writer._add_object(self.resources)
        # What the page leaves behind must not move what hangs on it.
        self.page[NameObject("/Contents")] = self.stream(
            "2 0 0 2 50 50 cm BT /F1 12 Tf 10 10 Td (REPORT) Tj ET"
        )

    def stream(self, said: str, **entries: Any) -> Any:
        stream = DecodedStreamObject()
        stream.set_data(said.encode())
        stream.update(named(**entries))
        return self.writer._add_object(stream)

    def look(self, word: str, **entries: Any) -> Any:
        return self.stream(
            f"BT /F1 12 Tf 5 5 Td ({word}) Tj ET",
            Type="/XObject",
            Subtype="/Form",
            BBox=numbers(0, 0, 200, 50),
            Resources=self.resources,
            **entries,
        )

    def hang(self, look: Any = None, flags: int = SEEN, **entries: Any) -> None:
        """Hang something on the page, between 300 and 500 across, 100 and 125 up."""
        whole = {"Subtype": "/Widget", "Rect": numbers(300, 100, 500, 125), **entries}
        one = named(**{"Type": "/Annot", "F": NumberObject(flags), **whole})
        if look is not None:
            one[NameObject("/AP")] = named(N=look)
        hung = self.page.get("/Annots", ArrayObject())
        hung.append(self.writer._add_object(one))
        self.page[NameObject("/Annots")] = hung

    def printed(self) -> bytes:
        out = io.BytesIO()
        self.writer.write(out)
        return printing.paper(out.getvalue(), "application/pdf", "鉴定报告")


def named(**entries: Any) -> DictionaryObject:
    return DictionaryObject(
        {
            NameObject(f"/{name}"): NameObject(each) if type(each) is str else each
            for name, each in entries.items()
        }
    )


def numbers(*said: float) -> ArrayObject:
    return ArrayObject(FloatObject(each) for each in said)


def words(pdf: bytes) -> str:
    """What stands on the last page, which is the paper's own."""
    return PdfReader(io.BytesIO(pdf)).pages[-1].extract_text()


def places(pdf: bytes) -> list[list[float]]:
    """How each form is stretched and where it lies on the last page."""
    found: list[list[float]] = []

    def see(operator: bytes, _args: Any, now: list[float], _text: Any) -> None:
        if operator == b"Do":
            found.append([round(each, 3) for each in now])

    PdfReader(io.BytesIO(pdf)).pages[-1].extract_text(visitor_operand_before=see)
    return found


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_a_seal_is_printed_where_it_was_set() -> None:
    paper = Paper()
    paper.hang(paper.look("SEAL"), FT="/Sig")
    kept = paper.printed()
    assert len(pages(kept)) == 1
    assert ("REPORT" in words(kept), "SEAL" in words(kept)) == (True, True)
    assert places(kept) == [[1, 0, 0, 0.5, 300, 100]]
    assert b"/Annots" not in kept


def test_a_seal_that_lies_on_its_side_fills_its_place() -> None:
    paper = Paper()
    paper.hang(paper.look("SEAL", Matrix=numbers(0, 1, -1, 0, 0, 0)), FT="/Sig")
    assert places(paper.printed())[0] == [4, 0, 0, 0.125, 500, 100]


def test_a_ticked_box_is_printed_as_it_stands() -> None:
    paper = Paper()
    looks = named(Yes=paper.look("TICKED"), Off=paper.look("EMPTY"))
    paper.hang(looks, FT="/Btn", V="/Yes", AS="/Yes")
    paper.hang(looks, FT="/Btn", AS="/Elsewhere")
    kept = paper.printed()
    assert len(pages(kept)) == 1
    assert ("TICKED" in words(kept), "EMPTY" in words(kept)) == (True, False)


@pytest.mark.parametrize(
    ("flags", "seen"),
    [(SEEN, True), (HIDDEN, False), (ONLY_ON_SCREEN, True), (ONLY_ON_PAPER, True)],
)
def test_what_nobody_sees_is_not_printed(flags: int, *, seen: bool) -> None:
    paper = Paper()
    paper.hang(paper.look("STAMP"), flags, Subtype="/Stamp")
    kept = paper.printed()
    assert ("STAMP" in words(kept), len(pages(kept))) == (seen, 1)


def test_what_says_not_how_it_looks_is_said_before_the_paper() -> None:
    paper = Paper()
    paper.hang(FT="/Tx", V=TextStringObject("伍佰元"))
    paper.hang(paper.look("SEAL"), FT="/Sig")
    before, page = pages(paper.printed())
    assert UNSEEN in before
    assert "鉴定报告" in before
    assert "SEAL" in page


@pytest.mark.parametrize(
    "entries",
    [
        {"Subtype": "/Link"},
        {"Subtype": "/Popup"},
        {"FT": "/Tx"},
        {"FT": "/Tx", "V": TextStringObject("")},
        {"FT": "/Btn", "V": "/Off"},
        {"FT": "/Sig", "V": named(Type="/Sig"), "Rect": numbers(0, 0, 0, 0)},
    ],
)
def test_of_what_shows_nothing_nothing_is_said(entries: dict[str, Any]) -> None:
    paper = Paper()
    paper.hang(**entries)
    assert len(pages(paper.printed())) == 1


def test_a_field_to_be_drawn_anew_from_what_was_typed_is_said() -> None:
    paper = Paper()
    form = named(NeedAppearances=BooleanObject(True))
    paper.writer.root_object[NameObject("/AcroForm")] = form
    paper.hang(paper.look("OLD"), FT="/Tx", V=TextStringObject("伍佰元"))
    assert UNSEEN in pages(paper.printed())[0]


def test_more_than_can_be_laid_in_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotations, "ANNOTATIONS_MAX", 3)
    paper, stamp = Paper(), None
    stamp = paper.look("STAMP")
    for _ in range(4):
        paper.hang(stamp, Subtype="/Stamp")
    kept = paper.printed()
    assert UNSEEN in pages(kept)[0]
    assert words(kept).count("STAMP") == 3
    assert kept.count(b"(STAMP)") == 1, "the look itself is there once"


@pytest.mark.parametrize(
    "broken",
    [
        {"Rect": numbers(1, 2)},
        {"Rect": ArrayObject([TextStringObject("x")] * 4)},
        {"F": TextStringObject("x"), "Subtype": "/Stamp"},
    ],
)
def test_what_is_broken_is_said_and_the_paper_is_printed(broken: dict[str, Any]) -> None:
    paper = Paper()
    paper.hang(paper.look("SEAL"), **broken)
    before, page = pages(paper.printed())
    assert UNSEEN in before
    assert "REPORT" in page


def test_a_look_brings_no_file_and_no_script() -> None:
    paper = Paper()
    evil = named(S="/JavaScript", JS=TextStringObject("EVIL"))
    evil[NameObject("/EF")] = paper.stream("EVIL-EMBEDDED-FILE")
    hung = dict.fromkeys(("AF", "PieceInfo", "Ref", "OPI", "Metadata", "OC"), evil)
    paper.hang(paper.look("SEAL", **hung), FT="/Sig", A=evil, AA=evil)
    kept = paper.printed()
    assert "SEAL" in words(kept)
    for gone in (b"EVIL", b"JavaScript", b"/AF", b"/Ref ", b"/OPI", b"/OC"):
        assert gone not in kept
