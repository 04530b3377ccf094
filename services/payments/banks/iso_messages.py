"""An ISO 20022 message as a light tree, read without trusting it: no DTD, no entities, bounded.

Expat reads it in pieces. Elements that repeat (entries, transactions) become records; all else
inside a record is kept by its path, such as "Refs/EndToEndId", an amount's currency as "Amt@Ccy".
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

from services.payments.banks.facts import ResultRefused

NAMESPACE_PREFIX: Final = "urn:iso:std:iso:20022:tech:xsd:"
DEPTH_MAX: Final = 32
TEXT_CHARACTERS_MAX: Final = 2000
ELEMENTS_MAX: Final = 5_000_000

_RECORDS: Final = frozenset(
    {
        "OrgnlPmtInfAndSts",
        "TxInfAndSts",
        "NbOfTxsPerSts",
        "Ntfctn",
        "Stmt",
        "Bal",
        "Ntry",
        "NtryDtls",
        "TxDtls",
        "TxInf",
    }
)
_PIECE_BYTES: Final = 1 << 16


@dataclass(slots=True)
class Record:
    """One repeated element: its values by path, its own records in order."""

    name: str
    row: int
    """The line it begins on."""
    values: dict[str, str] = field(default_factory=dict)
    records: list["Record"] = field(default_factory=list)

    def text(self, path: str) -> str | None:
        """What stands at a path; the first where it repeats."""
        return self.values.get(path)

    def each(self, name: str) -> Iterator["Record"]:
        """The records of a name directly inside."""
        return (record for record in self.records if record.name == name)


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message."""

    kind: str
    """From its namespace, such as camt.054.001.08."""
    root: Record


def parse(content: bytes) -> Message:
    """The message.

    Raises:
        ResultRefused: not well formed (so also when cut short), not UTF-8, with a DTD, too deep,
            too large, or in no ISO 20022 namespace.
    """
    tree = _Tree()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.XmlDeclHandler = tree.declaration
    parser.StartDoctypeDeclHandler = tree.doctype
    parser.EntityDeclHandler = tree.doctype
    parser.ProcessingInstructionHandler = tree.instruction
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.characters
    tree.parser = parser
    try:
        for start in range(0, len(content), _PIECE_BYTES):
            parser.Parse(content[start : start + _PIECE_BYTES], False)
        parser.Parse(b"", True)
    except expat.ExpatError as problem:
        words = expat.errors.messages.get(problem.code, "broken")
        raise ResultRefused(
            f"not well-formed XML, or cut short: {words}",
            row=problem.lineno,
            column=problem.offset + 1,
        ) from problem
    return Message(tree.kind, tree.root)


class _Tree:
    """What has been read so far."""

    def __init__(self) -> None:
        self.kind = ""
        self.root = Record("Document", 1)
        self.parser: Any = None
        self._namespace = ""
        self._names: list[str] = []
        self._open: list[tuple[Record, int]] = [(self.root, 1)]
        self._text: list[str] = []
        self._length = 0
        self._elements = 0

    def declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.upper() not in ("UTF-8", "UTF8", "US-ASCII"):
            raise self._refused("the message is not in UTF-8")

    def doctype(self, *_: object) -> None:
        raise self._refused("a DTD or an entity, which no bank's message has")

    def instruction(self, *_: object) -> None:
        raise self._refused("a processing instruction, which no bank's message has")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        self._elements += 1
        if len(self._names) >= DEPTH_MAX or self._elements > ELEMENTS_MAX:
            raise self._refused("the message is deeper or larger than any bank's")
        if not self._names:
            if local != "Document" or not namespace.startswith(NAMESPACE_PREFIX):
                raise self._refused("this is no ISO 20022 document")
            self._namespace = namespace
            self.kind = namespace.removeprefix(NAMESPACE_PREFIX)
        elif namespace != self._namespace:
            raise self._refused("an element of another namespace")
        self._names.append(local)
        self._text.clear()
        self._length = 0
        if local in _RECORDS:
            record = Record(local, self.parser.CurrentLineNumber)
            self._open[-1][0].records.append(record)
            self._open.append((record, len(self._names)))
        elif "Ccy" in attributes:
            record, depth = self._open[-1]
            record.values.setdefault("/".join(self._names[depth:]) + "@Ccy", attributes["Ccy"])

    def characters(self, text: str) -> None:
        self._length += len(text)
        if self._length > TEXT_CHARACTERS_MAX:
            raise self._refused("a text longer than any of a bank's")
        self._text.append(text)

    def end(self, name: str) -> None:
        record, depth = self._open[-1]
        if len(self._names) == depth and len(self._open) > 1:
            self._open.pop()
        elif self._text:
            text = "".join(self._text).strip()
            if text:
                record.values.setdefault("/".join(self._names[depth:]), text)
        self._text.clear()
        self._names.pop()

    def _refused(self, reason: str) -> ResultRefused:
        return ResultRefused(
            reason,
            row=self.parser.CurrentLineNumber,
            column=self.parser.CurrentColumnNumber + 1,
        )
