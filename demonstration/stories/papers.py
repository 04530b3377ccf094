"""Papers as the stories file them: a page that says what it stands for, and that it is made up."""

from typing import Final

_TITLES: Final = {
    "application-form": "申请审批表", "application": "申请书", "household-register": "户口簿",
    "id-card": "居民身份证", "income-proof": "收入证明", "commitment": "诚信承诺书",
    "survey-form": "入户调查表", "survey-photo": "入户照片", "authorisation": "核对授权书",
    "posting-photo": "公示照片", "illness": "疾病诊断证明", "exit-letter": "退出申请",
    "finding-notice": "告知书", "minutes": "评议记录", "appeal": "申诉书", "consent": "委托同意书",
}  # fmt: skip


def a_page(kind: str, *lines: str) -> bytes:
    """A page as PDF, in a font every reader has; no two are alike where the lines differ."""
    said = [_TITLES.get(kind, kind), *lines, "演示材料，人名和号码均为虚构"]
    drawn = b"".join(
        b"BT /F 20 Tf 72 %d Td <%s> Tj ET\n" % (720 - 48 * number, _hex(line))
        for number, line in enumerate(said)
    )
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%sendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H"
        b" /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo"
        b" << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 7 0 R >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -200 1000 900]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >>",
    )
    return _written(objects)


def _written(objects: tuple[bytes, ...]) -> bytes:
    """Objects with the table of where each begins."""
    file, starts = b"%PDF-1.4\n", list[int]()
    for number, each in enumerate(objects, start=1):
        starts.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    return (
        file
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
        + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, len(file))
    )


def _hex(line: str) -> bytes:
    return line.encode("utf-16-be").hex().encode()
