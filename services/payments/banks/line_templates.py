"""The first and last lines of a bank's file: written from facts, and read back to them.

A template is text with placeholders in braces, such as `{batch}|{count:06}|{total_yuan}`. After a
colon stands the form: `06` is six digits with leading zeros, `12` is twelve columns (numbers to the
right, text to the left; `<12` and `>12` say which), and a date takes %Y, %m, %d and %y, by default
%Y%m%d. A literal brace is doubled.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from shared.money import yuan_text

Kind = Literal["text", "number", "fen", "yuan", "date"]
Value = str | int | date

# What the lines of a file we write may name.
SENT: Final[Mapping[str, Kind]] = {
    "batch": "text",
    "bank": "text",
    "fund": "text",
    "project": "text",
    "attempt": "number",
    "sequence": "number",
    "count": "number",
    "total_fen": "fen",
    "total_yuan": "yuan",
    "date": "date",
    "made_on": "date",
    "payer_account": "text",
    "payer_name": "text",
    "remark": "text",
}
# What the lines of a result may name; settled_ and failed_ divide the rows between them.
ANSWERED: Final[Mapping[str, Kind]] = {
    "batch": "text",
    "message": "text",
    "payer_account": "text",
    "date": "date",
    "made_on": "date",
    "any": "text",
    "count": "number",
    "total_fen": "fen",
    "total_yuan": "yuan",
    "settled_count": "number",
    "settled_fen": "fen",
    "settled_yuan": "yuan",
    "failed_count": "number",
    "failed_fen": "fen",
    "failed_yuan": "yuan",
}

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}:]*)(?::([^{}]*))?\}|[{}]")
_WIDTH = re.compile(r"([<>]?)(0?)([1-9][0-9]{0,2})")
_DATE_FORM = re.compile(r"(?:%[Ymdy]|[^%])+")
_DATE_PIECES: Final = {
    "%Y": r"(?P<Y>\d{4})",
    "%m": r"(?P<m>\d{2})",
    "%d": r"(?P<d>\d{2})",
    "%y": r"(?P<y>\d{2})",
}
_YUAN = re.compile(r"(\d{1,13})(?:\.(\d{1,2}))?")


class TemplateUnreadable(ValueError):
    """The template itself is wrong."""


class DoesNotFit(ValueError):
    """A line does not have the template's form; the text says where, never what stood there."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One place in a template."""

    name: str
    kind: Kind
    width: int = 0
    """0: as long as the value is."""
    zeros: bool = False
    to_right: bool = False
    date_form: str = "%Y%m%d"

    @property
    def span(self) -> int:
        """How many columns it always takes; 0 when that depends on the value."""
        if self.kind == "date":
            return len(write_date(date(2026, 10, 10), self.date_form))
        return self.width

    def write(self, value: Value, measure: Callable[[str], int] = len) -> str:
        """The value in this place's form.

        Raises:
            ValueError: it is wider than the place.
        """
        text = self._text(value)
        if not self.width:
            return text
        missing = self.width - measure(text)
        if missing < 0:
            raise ValueError(f"{self.name} is {-missing} wider than its {self.width} columns")
        if self.zeros:
            return "0" * missing + text
        return " " * missing + text if self.to_right else text + " " * missing

    def read(self, text: str) -> Value:
        """The value that stands in this place.

        Raises:
            DoesNotFit: nothing of its kind stands there.
        """
        if self.width and not self.zeros:
            text = text.strip(" ")
        if self.kind == "text":
            return text
        if self.kind == "date":
            return read_date(text, self.date_form)
        if self.kind == "yuan":
            return read_fen(text, in_yuan=True)
        if not re.fullmatch(r"[0-9]{1,18}", text):
            raise DoesNotFit(f"{self.name} is not a whole number")
        return int(text)

    def _text(self, value: Value) -> str:
        if isinstance(value, date):
            return write_date(value, self.date_form)
        if self.kind == "yuan":
            assert isinstance(value, int)
            return yuan_text(value)
        return str(value)


@dataclass(frozen=True, slots=True)
class LineTemplate:
    """One line of text and places."""

    source: str
    pieces: tuple[str | Placeholder, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The placeholders' names, in order."""
        return tuple(piece.name for piece in self.pieces if isinstance(piece, Placeholder))

    def write(self, facts: Mapping[str, Value], measure: Callable[[str], int] = len) -> str:
        """The line.

        Raises:
            ValueError: a value is wider than its place.
        """
        return "".join(
            piece if isinstance(piece, str) else piece.write(facts[piece.name], measure)
            for piece in self.pieces
        )

    def read(self, line: str, measure: Callable[[str], int] = len) -> dict[str, Value]:
        """What stands in its places.

        Raises:
            DoesNotFit: the line has another form.
        """
        found: dict[str, Value] = {}
        for place, text in self._cut(line, measure):
            value = place.read(text)
            if place.name != "any" and found.setdefault(place.name, value) != value:
                raise DoesNotFit(f"{place.name} stands twice with two values")
        return found

    def _cut(self, line: str, measure: Callable[[str], int]) -> list[tuple[Placeholder, str]]:
        """Each place with the text that stands in it: by widths when all have one, else by form."""
        places = [piece for piece in self.pieces if isinstance(piece, Placeholder)]
        if all(place.span for place in places):
            rest, cut = line, []
            for piece in self.pieces:
                span = measure(piece) if isinstance(piece, str) else piece.span
                text, rest = take(rest, span, measure)
                if isinstance(piece, Placeholder):
                    cut.append((piece, text))
                elif text != piece:
                    raise DoesNotFit("the line does not have its agreed form")
            if rest:
                raise DoesNotFit("the line is longer than agreed")
            return cut
        pattern = "".join(
            re.escape(piece) if isinstance(piece, str) else _pattern(piece) for piece in self.pieces
        )
        match = re.fullmatch(pattern, line, re.DOTALL)
        if match is None:
            raise DoesNotFit("the line does not have its agreed form")
        return list(zip(places, match.groups(), strict=True))


def take(line: str, span: int, measure: Callable[[str], int]) -> tuple[str, str]:
    """The first `span` columns of a line, and the rest.

    Raises:
        DoesNotFit: the line is shorter, or a wide character stands across the border.
    """
    if measure is len:
        if len(line) < span:
            raise DoesNotFit("the line is shorter than agreed")
        return line[:span], line[span:]
    width = 0
    for index, character in enumerate(line):
        if width == span:
            return line[:index], line[index:]
        width += measure(character)
    if width != span:
        raise DoesNotFit("the line is shorter than agreed, or a character crosses a border")
    return line, ""


def parse(source: str, known: Mapping[str, Kind]) -> LineTemplate:
    """The template a profile's text states.

    Raises:
        TemplateUnreadable: an unknown name, a form that does not exist, an odd brace, or two places
            that touch without widths, so that nobody could tell where one ends.
    """
    pieces: list[str | Placeholder] = []
    end = 0
    for found in _PIECE.finditer(source):
        _add_text(pieces, source[end : found.start()])
        end = found.end()
        if found[0] in ("{{", "}}"):
            _add_text(pieces, found[0][0])
        elif found[1] is None:
            raise TemplateUnreadable(f"a lone brace at column {found.start() + 1}: double it")
        else:
            place = _placeholder(found[1], found[2] or "", known)
            if (
                pieces
                and isinstance(pieces[-1], Placeholder)
                and not (pieces[-1].width or place.width)
            ):
                raise TemplateUnreadable(
                    f"{{{pieces[-1].name}}} and {{{place.name}}} touch: give one a width"
                )
            pieces.append(place)
    _add_text(pieces, source[end:])
    if any(
        ord(character) < 32 and character != "\t"
        for piece in pieces
        if isinstance(piece, str)
        for character in piece
    ):
        raise TemplateUnreadable("a line holds no control character but the tab")
    return LineTemplate(source, tuple(pieces))


def check_date_form(form: str) -> None:
    """Refuse a date form that cannot be written and read back.

    Raises:
        TemplateUnreadable: it is not made of one year, %m and %d.
    """
    used = sorted(re.findall(r"%(.)", form))
    if not _DATE_FORM.fullmatch(form) or used not in (["Y", "d", "m"], ["d", "m", "y"]):
        raise TemplateUnreadable(f"a date form holds %Y (or %y), %m and %d once each, not {form!r}")


def write_date(value: date, form: str) -> str:
    """A date in a bank's form."""
    return (
        value.strftime(form)
        if "%y" in form
        else form.replace("%Y", f"{value.year:04d}")
        .replace("%m", f"{value.month:02d}")
        .replace("%d", f"{value.day:02d}")
    )


def read_date(text: str, form: str) -> date:
    """A date from a bank's form.

    Raises:
        DoesNotFit: there is no such date.
    """
    pattern = "".join(
        _DATE_PIECES.get(piece, re.escape(piece)) for piece in re.findall(r"%[Ymdy]|[^%]", form)
    )
    match = re.fullmatch(pattern, text, re.ASCII)
    if match is None:
        raise DoesNotFit("a date is not in its agreed form")
    found = match.groupdict()
    year = int(found["Y"]) if "Y" in found else 2000 + int(found["y"])
    try:
        return date(year, int(found["m"]), int(found["d"]))
    except ValueError as problem:
        raise DoesNotFit("there is no such date") from problem


def read_fen(text: str, *, in_yuan: bool) -> int:
    """An amount above or equal to nothing, in plain digits.

    Raises:
        DoesNotFit: it is anything else: a sign, a comma, full-width digits, a third decimal.
    """
    if not in_yuan:
        if not re.fullmatch(r"[0-9]{1,15}", text):
            raise DoesNotFit("an amount is not a whole number of fen")
        return int(text)
    match = re.fullmatch(_YUAN.pattern, text, re.ASCII)
    if match is None:
        raise DoesNotFit("an amount is not yuan with at most two decimals")
    return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))


def _add_text(pieces: list[str | Placeholder], text: str) -> None:
    if text and pieces and isinstance(pieces[-1], str):
        pieces[-1] += text
    elif text:
        pieces.append(text)


def _placeholder(name: str, form: str, known: Mapping[str, Kind]) -> Placeholder:
    kind = known.get(name)
    if kind is None:
        raise TemplateUnreadable(
            f"{{{name}}} is not known here; known are {', '.join(sorted(known))}"
        )
    if kind == "date":
        check_date_form(form or "%Y%m%d")
        return Placeholder(name, kind, date_form=form or "%Y%m%d")
    if not form:
        return Placeholder(name, kind)
    match = _WIDTH.fullmatch(form)
    if match is None or (match[2] and kind == "text"):
        raise TemplateUnreadable(f"{{{name}:{form}}}: the form is a width such as 8, 08, <8 or >8")
    return Placeholder(
        name,
        kind,
        width=int(match[3]),
        zeros=bool(match[2]),
        to_right=match[1] == ">" or (not match[1] and kind != "text"),
    )


def _pattern(place: Placeholder) -> str:
    if place.kind == "date":
        plain = re.sub(r"%Y", r"\\d{4}", re.sub(r"%[mdy]", r"\\d{2}", re.escape(place.date_form)))
        return f"({plain})"
    if place.width:
        # A width counted in bytes is a range of characters; what stands around it settles the end.
        return f"(.{{1,{place.width}}})" if place.kind == "text" else f"([ 0-9.]{{{place.width}}})"
    return "(.*?)" if place.kind == "text" else r"([0-9]+(?:\.[0-9]+)?)"
