"""Reads the roster sheet alone from CSV, in UTF-8 (with or without a mark) or GB18030."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, Final

from services.identification.roster.faults import RosterUnreadable
from services.identification.roster.xlsx import Row

_READ_BYTES: Final = 1 << 20
_COLUMNS_MAX: Final = 256
_ENCODINGS: Final = ("utf-8-sig", "gb18030")


def rows(file: BinaryIO) -> Iterator[Row]:
    """The rows with the numbers of the lines they end on in the file as a sheet would show it.

    Raises:
        RosterUnreadable: the text is in no encoding we know, or is not CSV.
    """
    text = io.TextIOWrapper(file, encoding=encoding_of(file), errors="strict", newline="")
    try:
        for number, cells in enumerate(csv.reader(text, strict=True), start=1):
            if len(cells) > _COLUMNS_MAX:
                raise RosterUnreadable(f"第{number}行的列太多", row=number)
            yield number, [cell or None for cell in cells]
    except (csv.Error, UnicodeError) as problem:
        raise RosterUnreadable("这不是能读到底的 CSV") from problem
    finally:
        text.detach()


def encoding_of(file: BinaryIO) -> str:
    """The first encoding in which the whole file makes sense."""
    for encoding in _ENCODINGS:
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while piece := file.read(_READ_BYTES):
                if b"\0" in piece:
                    raise RosterUnreadable("这既不是工作簿，也不是文本")
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        file.seek(0)
        return encoding
    raise RosterUnreadable("文本既不是 UTF-8，也不是 GB18030 编码")
