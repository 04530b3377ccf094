"""A file sent by a form, read as it comes: the small fields first, then the file as a stream."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from yarl import URL

from gateway import endings, named, sessions
from gateway.admission import FormForged, refuse_other_sites
from gateway.forms import FormUnreadable, cookie_names
from gateway.proxy import BodyTooLarge, UploadSilent, Upstream
from gateway.settings import Settings
from shared.callers import TokenSigner

FIELD_BYTES_MAX: Final = 1024
FIELDS_MAX: Final = 10


@dataclass
class FormFile:
    """The file of a form whose other fields have been read and hold."""

    key: str
    words: dict[str, str]
    reader: "FormReader"

    async def chunks(self, bytes_max: int) -> AsyncIterator[bytes]:
        """The file, piece by piece.

        Raises:
            BodyTooLarge: it is larger than that.
            FormUnreadable: the form ends before the file does.
        """
        count = 0
        async for chunk in self.reader.file():
            count += len(chunk)
            if count > bytes_max:
                raise BodyTooLarge(bytes_max=bytes_max)
            yield chunk


async def posted_file(request: Request) -> FormFile:
    """The file of a form of somebody signed in; the form's word comes before the file.

    Raises:
        FormForged: the form was not sent from a page of ours.
        FormUnreadable: it is no such form.
    """
    refuse_other_sites(request.headers)
    reader = FormReader(request)
    words = await reader.fields()
    secret = request.cookies.get(cookie_names(request).session, "")
    if not secret or not sessions.csrf_holds(secret, words.get("csrf", "")):
        raise FormForged()
    key = words.get("key", "")
    if not 8 <= len(key) <= 128 or not key.isprintable():
        raise FormUnreadable()
    return FormFile(key, words, reader)


async def pass_on(
    request: Request,
    path: str,
    file: FormFile,
    bytes_max: int,
    *,
    signed_by: str | None = None,
    named_for: Sequence[str] = (),
) -> Any:
    """Send a file on to identification as it comes, for whoever is signed in; what that answers.

    Nothing of it is kept at the door. What was signed elsewhere by a scope goes with who lost it;
    accounts that the path names go with whose they are, where they hold a scope of `named_for`.

    Raises:
        BodyTooLarge, FormUnreadable: as `chunks` says.
        SpokenByPeer, ServiceAway, AnswerLost: as `Upstream.pass_file_on` says.
    """
    upstream: Upstream = request.app.state.upstream
    told: dict[str, str] = {}
    if signed_by is not None:
        async with request.app.state.database.transaction() as session:
            said = await endings.told(session, signed_by, datetime.now(UTC))
        told[endings.HEADER] = said
    if named_for:
        names = URL(path).query.getall("account", [])
        async with request.app.state.database.transaction() as session:
            told[named.HEADER] = await named.told(session, named_for, names)
    signer: TokenSigner = request.app.state.signer
    return await upstream.pass_file_on(
        "identification",
        path,
        file.chunks(bytes_max),
        token=signer.token("identification", request.state.caller),
        key=file.key,
        told=told,
    )


@dataclass
class _Part:
    header: bytes = b""
    headers: dict[str, bytes] = field(default_factory=dict)
    name: str = ""
    is_file: bool = False
    content: bytes = b""


class FormReader:
    """Reads multipart/form-data in one pass, holding no more than one piece of the file."""

    def __init__(self, request: Request) -> None:
        media_type, options = parse_options_header(request.headers.get("content-type", ""))
        if media_type != b"multipart/form-data" or not options.get(b"boundary"):
            raise FormUnreadable()
        settings: Settings = request.app.state.settings
        self._silence_seconds = settings.upload_silence_seconds
        self._stream = request.stream()
        self._fields: dict[str, str] = {}
        self._part = _Part()
        self._pieces: list[bytes] = []
        self._in_file = self._file_seen = self._ended = False
        self._parser = MultipartParser(options[b"boundary"], self._callbacks())

    async def fields(self) -> dict[str, str]:
        """The fields that come before the file."""
        while not self._file_seen:
            if not await self._read():
                raise FormUnreadable()
        return self._fields

    async def file(self) -> AsyncIterator[bytes]:
        """The file's content."""
        while True:
            pieces, self._pieces = self._pieces, []
            for piece in pieces:
                yield piece
            if not self._in_file:
                break
            if not await self._read():
                raise FormUnreadable()
        while not self._ended and await self._read():
            pass
        if not self._ended:
            raise FormUnreadable()

    async def _read(self) -> bool:
        """Feed the parser one more piece of the body; False when there is none."""
        try:
            chunk = await asyncio.wait_for(anext(self._stream), self._silence_seconds)
        except StopAsyncIteration:
            return False
        except TimeoutError as problem:
            raise UploadSilent() from problem
        try:
            self._parser.write(chunk)
        except FormParserError as problem:
            raise FormUnreadable() from problem
        return True

    def _callbacks(self) -> Any:
        return {
            "on_part_begin": self._part_begins,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_headers_finished": self._headers_done,
            "on_part_data": self._content,
            "on_part_end": self._part_ends,
            "on_end": self._form_ends,
        }

    def _part_begins(self) -> None:
        if self._file_seen or len(self._fields) >= FIELDS_MAX:
            raise FormUnreadable("the file comes last")
        self._part = _Part()

    def _header_name(self, content: bytes, start: int, end: int) -> None:
        self._part.header = content[start:end].lower()

    def _header_value(self, content: bytes, start: int, end: int) -> None:
        name = self._part.header.decode("latin-1")
        self._part.headers[name] = self._part.headers.get(name, b"") + content[start:end]

    def _headers_done(self) -> None:
        said = self._part.headers.get("content-disposition", b"")
        _, options = parse_options_header(said)
        self._part.name = options.get(b"name", b"").decode("utf-8", "replace")
        self._part.is_file = b"filename" in options
        if self._part.is_file:
            self._in_file = self._file_seen = True

    def _content(self, content: bytes, start: int, end: int) -> None:
        if self._part.is_file:
            self._pieces.append(content[start:end])
            return
        self._part.content += content[start:end]
        if len(self._part.content) > FIELD_BYTES_MAX:
            raise FormUnreadable()

    def _part_ends(self) -> None:
        if self._part.is_file:
            self._in_file = False
        else:
            self._fields[self._part.name] = self._part.content.decode("utf-8", "replace")

    def _form_ends(self) -> None:
        self._ended = True
