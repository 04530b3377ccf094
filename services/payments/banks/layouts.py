"""How lines of text are laid out: columns in order, head and tail lines, separators and widths."""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from services.payments.banks import line_templates
from services.payments.banks.facts import Outcome
from services.payments.banks.line_templates import LineTemplate, TemplateUnreadable

LINE_ENDINGS: Final = {"crlf": "\r\n", "lf": "\n", "cr": "\r"}
BYTE_ORDER_MARK: Final = "\ufeff"

# Written in any case; what GB2312 and GBK cannot hold is a reason to hold a line, not to guess.
Encoding = Annotated[
    Literal["GB18030", "GBK", "GB2312", "UTF-8"],
    BeforeValidator(lambda name: name.upper() if isinstance(name, str) else name),
]
Holds = Literal[
    "serial",
    "id",
    "account",
    "holder",
    "amount",
    "remark",
    "text",
    "empty",
    "payer_account",
    "payer_name",
    "batch",
    "date",
    "code",
    "message",
    "any",
]
_SENT: Final = frozenset(
    {
        "serial",
        "id",
        "account",
        "holder",
        "amount",
        "remark",
        "text",
        "empty",
        "payer_account",
        "payer_name",
        "batch",
        "date",
    }
)
_ANSWERED: Final = frozenset(
    {
        "serial",
        "id",
        "account",
        "holder",
        "amount",
        "remark",
        "code",
        "message",
        "date",
        "batch",
        "any",
        "text",
        "empty",
    }
)
_NUMBERS: Final = frozenset({"serial", "amount"})


class Words(BaseModel):
    """Settings as somebody wrote them: nothing unknown, converted, or changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Column(Words):
    """One column, in its place."""

    holds: Holds
    text: str | None = None
    """For holds: text — what stands there; it may have the placeholders of a head line."""
    unit: Literal["yuan", "fen"] | None = None
    """For holds: amount."""
    form: str | None = None
    """For holds: date, such as %Y-%m-%d."""
    width: Annotated[int, Field(ge=1, le=999)] | None = None
    align: Literal["left", "right"] | None = None
    fill: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    characters_max: Annotated[int, Field(ge=1, le=999)] | None = None
    bytes_max: Annotated[int, Field(ge=1, le=999)] | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for key, holder in (("text", "text"), ("unit", "amount"), ("form", "date")):
            if getattr(self, key) is not None and self.holds != holder:
                raise ValueError(f"{key} belongs to a column that holds {holder}")
        if self.holds == "text" and self.text is None:
            raise ValueError("a column that holds text says which (text)")
        if self.holds == "amount" and self.unit is None:
            raise ValueError("a column that holds an amount says its unit: yuan or fen")
        if self.form is not None:
            line_templates.check_date_form(self.form)
        if self.width is None and (self.align or self.fill):
            raise ValueError("align and fill need a width")
        if self.fill not in (None, " ") and not (self.fill == "0" and self.holds in _NUMBERS):
            raise ValueError("only spaces fill a column; zeros fill a serial or an amount")
        if self.fill == "0" and self.align == "left":
            raise ValueError("zeros stand to the left of a number: align right")
        return self

    @property
    def filled_with(self) -> str:
        """What fills it up to its width."""
        return self.fill or " "

    @property
    def to_right(self) -> bool:
        """Whether the value stands at the right end of its width."""
        return self.align == "right" or (self.align is None and self.holds in _NUMBERS)

    @property
    def date_form(self) -> str:
        """The form of a date column."""
        return self.form or "%Y%m%d"


class Layout(Words):
    """A whole file of lines."""

    encoding: Encoding
    byte_order_mark: bool = False
    line_ending: Literal["crlf", "lf", "cr"]
    last_line_ended: bool = True
    separator: Annotated[str, Field(min_length=1, max_length=8)] | None = None
    """None for columns of fixed width."""
    closing_separator: bool = False
    """Whether a separator stands after the last column too."""
    quote: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    """Put around a value that holds the separator, doubled inside; else such a value is refused."""
    quote_always: bool = False
    splits: Literal["characters", "bytes"] = "characters"
    """bytes: the bank looks for the separator in raw bytes, so no character's code may hold it."""
    width_unit: Literal["characters", "bytes"] = "characters"
    head: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    columns: Annotated[tuple[Column, ...], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.byte_order_mark and self.encoding in ("GBK", "GB2312"):
            raise ValueError(f"byte_order_mark: {self.encoding} has none")
        if self.separator is None:
            if self.quote or self.quote_always or self.closing_separator:
                raise ValueError("quote and closing_separator need a separator")
            missing = [index for index, column in enumerate(self.columns) if not column.width]
            if missing:
                raise ValueError(
                    f"columns.{missing[0]}: without a separator every column has a width"
                )
        else:
            self._check_separator(self.separator)
        if self.quote_always and not self.quote:
            raise ValueError("quote_always needs a quote")
        for name in ("id", "account", "amount", "holder", "code"):
            if sum(column.holds == name for column in self.columns) > 1:
                raise ValueError(f"columns: {name} stands twice")
        return self

    def _check_separator(self, separator: str) -> None:
        if separator in ("-", ".") or not separator.strip(" "):
            raise ValueError("separator: points, dashes and spaces stand in amounts, ids and names")
        if any(character.isalnum() or character in "\r\n\0\ufeff" for character in separator):
            raise ValueError("separator: a separator holds no letter, digit or line ending")
        try:
            separator.encode(self.encoding)
        except UnicodeEncodeError as problem:
            raise ValueError(f"separator: {self.encoding} cannot hold it") from problem
        if self.quote and (
            self.quote.isalnum() or self.quote in separator or self.quote in ".- \t\r\n"
        ):
            raise ValueError("quote: a quote is a mark that is not in the separator")

    @property
    def ending(self) -> str:
        """The characters that end a line."""
        return LINE_ENDINGS[self.line_ending]

    @property
    def measure(self) -> Callable[[str], int]:
        """How wide a text is."""
        if self.width_unit == "characters":
            return len
        encoding = self.encoding
        return lambda text: len(text.encode(encoding))

    def place_of(self, holds: Holds) -> int | None:
        """Which column holds it, counted from 0."""
        for index, column in enumerate(self.columns):
            if column.holds == holds:
                return index
        return None

    def check_sent(self) -> None:
        """Refuse what cannot be a payment file.

        Raises:
            ValueError: says which key, and why.
        """
        self._check_columns(_SENT, ("id", "account", "amount"), "file")
        for part, templates in (("head", self.head), ("tail", self.tail)):
            _parse_all(templates, line_templates.SENT, f"file.{part}")
        for index, column in enumerate(self.columns):
            if column.text is not None:
                _parse_all((column.text,), line_templates.SENT, f"file.columns.{index}.text")

    def check_answered(self) -> None:
        """Refuse what could not be read safely.

        Raises:
            ValueError: says which key, and why.
        """
        self._check_columns(_ANSWERED, ("id", "code", "amount"), "")
        named: set[str] = set()
        for part, templates in (("head", self.head), ("tail", self.tail)):
            for template in _parse_all(templates, line_templates.ANSWERED, part):
                named.update(template.names)
        counts = "count" in named or {"settled_count", "failed_count"} <= named
        totals = named & {"total_fen", "total_yuan"} or (
            named & {"settled_fen", "settled_yuan"} and named & {"failed_fen", "failed_yuan"}
        )
        if not (counts and totals):
            raise ValueError(
                "head: head and tail together must name a count and a total of all rows,"
                " or a file cut short would pass for a whole one"
            )
        if not self.last_line_ended:
            tails = templates_of(self.tail, line_templates.ANSWERED)
            if not (tails and isinstance(tails[-1].pieces[-1], str)):
                raise ValueError(
                    "last_line_ended: a file whose last line is not ended must end in agreed words"
                    " (a tail line such as {count}|END), or one cut short would pass"
                )

    def _check_columns(self, known: frozenset[str], needed: tuple[str, ...], key: str) -> None:
        where = f"{key}.columns" if key else "columns"
        for index, column in enumerate(self.columns):
            if column.holds not in known:
                raise ValueError(f"{where}.{index}.holds: {column.holds} cannot stand here")
        held = {column.holds for column in self.columns}
        for name in needed:
            if name not in held:
                raise ValueError(f"{where}: no column holds {name}")


class OutcomeOf(Words):
    """What one result code means."""

    outcome: Literal["accepted", "settled", "refused", "returned", "unknown"]
    reason: str | None = None


class ResultLayout(Words):
    """One kind of file a bank answers with; what it does not say is as in the file sent."""

    kind: Literal["answer", "returns"]
    """answer: what became of a batch; returns: what came back after it had settled."""
    name_like: str | None = None
    """A pattern of file names such as TH*.txt, where the first line does not tell kinds apart."""
    encoding: Encoding | None = None
    byte_order_mark: bool | None = None
    line_ending: Literal["crlf", "lf", "cr"] | None = None
    last_line_ended: bool | None = None
    separator: Annotated[str, Field(min_length=1, max_length=8)] | None = None
    closing_separator: bool | None = None
    quote: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    quote_always: bool | None = None
    width_unit: Literal["characters", "bytes"] | None = None
    head: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    columns: Annotated[tuple[Column, ...], Field(min_length=1, max_length=100)]
    fixed_width: bool | None = None
    """Whether its columns go by width although those of the file sent do not."""
    outcomes: Annotated[
        dict[str, OutcomeOf | Literal["accepted", "settled", "refused", "returned", "unknown"]],
        Field(min_length=1),
    ]

    def layout(self, sent: Layout) -> Layout:
        """This result's layout.

        Raises:
            ValueError: the parts do not go together.
        """
        words = {
            name: getattr(self, name) if getattr(self, name) is not None else getattr(sent, name)
            for name in (
                "encoding",
                "byte_order_mark",
                "line_ending",
                "last_line_ended",
                "separator",
                "closing_separator",
                "quote",
                "quote_always",
                "width_unit",
            )
        }
        if self.fixed_width:
            words |= {"separator": None, "closing_separator": False, "quote": None}
            words |= {"quote_always": False}
        return Layout(**words, head=self.head, tail=self.tail, columns=self.columns)

    def outcome_of(self, code: str) -> OutcomeOf | None:
        """What a code means; None for one the profile does not know."""
        found = self.outcomes.get(code)
        return OutcomeOf(outcome=found) if isinstance(found, str) else found

    def fits_name(self, name: str) -> bool:
        """Whether a file of this name may be one of these."""
        return self.name_like is None or fnmatchcase(name, self.name_like)

    def check_answered(self, sent: Layout, reasons: set[str]) -> None:
        """Refuse what could not be read safely.

        Raises:
            ValueError: says which key, and why.
        """
        self.layout(sent).check_answered()
        for code in self.outcomes:
            meaning = self.outcome_of(code)
            assert meaning is not None
            failed = meaning.outcome in (Outcome.REFUSED, Outcome.RETURNED)
            if meaning.reason is not None and not failed:
                raise ValueError(f"outcomes.{code}: only a failure has a reason")
            if meaning.reason is not None and meaning.reason not in reasons:
                raise ValueError(
                    f"outcomes.{code}: {meaning.reason!r} is not in reasons.yaml:"
                    f" {', '.join(sorted(reasons))}"
                )


def templates_of(
    lines: tuple[str, ...], known: Mapping[str, line_templates.Kind]
) -> tuple[LineTemplate, ...]:
    """Head or tail lines, ready to write or read."""
    return tuple(line_templates.parse(line, known) for line in lines)


def _parse_all(
    lines: tuple[str, ...], known: Mapping[str, line_templates.Kind], key: str
) -> list[LineTemplate]:
    parsed = []
    for index, line in enumerate(lines):
        try:
            parsed.append(line_templates.parse(line, known))
        except TemplateUnreadable as problem:
            raise ValueError(f"{key}.{index}: {problem}") from problem
    return parsed
