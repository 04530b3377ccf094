"""A package of visits as a device brings it: JSON alone, or a zip of it with its photos.

It is read whole before anything is done, and bounded, so that no package fills the memory.
"""

import hashlib
import io
import json
import lzma
import zipfile
import zlib
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from shared.kept import UnkeptSign, refuse_unkept
from shared.problems import Malformed, TooLarge

BYTES_MAX: Final = 50 * 1024 * 1024
UNPACKED_BYTES_MAX: Final = 100 * 1024 * 1024
HEAD_BYTES_MAX: Final = 4 * 1024 * 1024
"""Of what stands in words: two hundred visits with every line filled."""
SURVEYS_MAX: Final = 200
PHOTOS_MAX: Final = 400
HEAD: Final = "package.json"
PHOTOS: Final = "photos/"
_ZIP: Final = b"PK\x03\x04"
_LISTED: Final = b"PK\x01\x02"
"""What the line of each file begins with, in the list at the end of a zip."""
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, EOFError,
    OSError, ValueError,
)  # fmt: skip

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class PackageUnreadable(Malformed):
    """The package could not be read; nothing of it was taken in."""


class PackageTooLarge(TooLarge):
    """The package is larger than any that is taken in; bring fewer visits at once."""


class Signature(BaseModel):
    """An investigator's name under a visit: whose list it was, and the visit under its key."""

    model_config = ConfigDict(extra="forbid")

    issue_id: UUID
    mac: Hash


class Survey(BaseModel):
    """One visit, as the device knows it."""

    model_config = ConfigDict(extra="forbid")

    survey_id: UUID
    case_id: UUID
    seen_version: int = Field(ge=0)
    signed_at: str | None = Field(default=None, max_length=40)
    words: dict[str, Any] = Field(max_length=30)
    photos: list[Hash] = Field(default_factory=list, max_length=20)
    signatures: list[Signature] = Field(max_length=6)

    @field_validator("words")
    @classmethod
    def _the_id_stands_once(cls, said: dict[str, Any]) -> dict[str, Any]:
        if "survey_id" in said:
            raise ValueError("the visit's id stands beside its words")
        return said

    @field_validator("signed_at")
    @classmethod
    def _a_time_is_one(cls, said: str | None) -> str | None:
        if said is not None and datetime.fromisoformat(said).tzinfo is None:
            raise ValueError("a time says its zone")
        return said

    @property
    def signed_on(self) -> datetime | None:
        """When it says it was signed."""
        return datetime.fromisoformat(self.signed_at) if self.signed_at else None

    @property
    def signed(self) -> bytes:
        """What is signed: everything of the visit but the signatures, in one fixed writing."""
        said = {
            "survey_id": str(self.survey_id),
            "case_id": str(self.case_id),
            "seen_version": self.seen_version,
            "words": self.words,
            "photos": self.photos,
            **({"signed_at": self.signed_at} if self.signed_at else {}),
        }
        return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Package(BaseModel):
    """Visits that were made, in any order."""

    model_config = ConfigDict(extra="forbid")

    package_id: UUID
    device: str = Field(min_length=1, max_length=60)
    surveys: list[Survey] = Field(min_length=1, max_length=SURVEYS_MAX, fail_fast=True)


def read(content: bytes) -> tuple[Package, dict[str, bytes]]:
    """The visits of a package, and its photos by their hash.

    Raises:
        PackageUnreadable, PackageTooLarge: nothing of it is used.
    """
    if len(content) > BYTES_MAX:
        raise PackageTooLarge()
    head, photos = _unpacked(content) if content.startswith(_ZIP) else (content, {})
    if len(head) > HEAD_BYTES_MAX:
        raise PackageTooLarge()
    try:
        package = Package.model_validate_json(head)
        refuse_unkept(package.model_dump())
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise PackageUnreadable(f"{where}: {first['msg']}") from problem
    except UnkeptSign as problem:
        raise PackageUnreadable("a text holds a sign that cannot be kept") from problem
    wanted = {sha256 for each in package.surveys for sha256 in each.photos}
    if missing := wanted - photos.keys():
        raise PackageUnreadable(f"{len(missing)} photos are named and not there")
    return package, photos


def _unpacked(content: bytes) -> tuple[bytes, dict[str, bytes]]:
    """The head of a zip and its photos; what else lies in it is refused."""
    # Counted before the list is read: a million empty names fill the memory, and hold no byte.
    if content.count(_LISTED) > PHOTOS_MAX + 1:
        raise PackageTooLarge()
    photos: dict[str, bytes] = {}
    left, head = UNPACKED_BYTES_MAX, b""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            for entry in file.infolist():
                most = min(left, HEAD_BYTES_MAX) if entry.filename == HEAD else left
                with file.open(entry) as opened:
                    found = opened.read(most + 1)
                left -= len(found)
                if left < 0:
                    raise PackageTooLarge()
                if entry.filename == HEAD:
                    head = found
                elif entry.filename.startswith(PHOTOS):
                    photos[hashlib.sha256(found).hexdigest()] = found
                else:
                    raise PackageUnreadable(f"there is more in it than {HEAD} and {PHOTOS}")
    except _BROKEN as problem:
        raise PackageUnreadable("it is no zip") from problem
    return head, photos
