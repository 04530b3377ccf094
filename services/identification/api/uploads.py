"""Files that are sent: sealed from their first byte, measured and hashed, kept only when whole."""

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256

from fastapi import Request

from services.identification.sealed_files import SealedWriter
from shared.problems import Problem


@dataclass(frozen=True)
class Upload:
    """What was sent: the hash of its bytes, and how many they are."""

    digest: bytes
    size: int

    @property
    def sha256(self) -> str:
        """The hash in hex."""
        return self.digest.hex()


async def pour(request: Request, file: SealedWriter, bytes_max: int, too_large: Problem) -> Upload:
    """Seal a request's body into a file as it comes.

    Raises:
        too_large: more comes than is accepted.
    """
    digest, size = sha256(), 0
    async for piece in request.stream():
        size += len(piece)
        if size > bytes_max:
            raise too_large
        digest.update(piece)
        file.write(piece)
    return Upload(digest.digest(), size)


def check_whole(request: Request, upload: Upload, unreadable: type[Problem]) -> None:
    """Refuse a file that lost something on its way, or everything.

    Raises:
        unreadable: it is not as its sender declared, or empty.
    """
    declared = request.headers.get("content-digest", "")
    if "sha-256=" in declared and b64encode(upload.digest).decode() not in declared:
        raise unreadable("收到的文件与发出的不一样，请重新上传")
    if not upload.size:
        raise unreadable("文件是空的")
