"""Personal fields at rest: sealed for one place in one table, and found again by a keyed index.

Keys lie in a process's own folder (mode 0700, files 0600), outside the database's folder and
outside its backups. Losing them loses the fields: see docs/runbooks/lost-keys.md.
"""

import base64
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc.jwk import OKPKey

FIELD_KEYS: Final = "field_keys.json"
INDEX_KEY: Final = "index_key.json"
TOKEN_KEY: Final = "token_key.json"  # noqa: S105 # The name of a file, not a secret.
FILES_KEY: Final = "files_key.json"
_NONCE_BYTES: Final = 12


class KeysUnsafe(Exception):
    """The key folder is missing, incomplete, or open to others."""


class Tampered(Exception):
    """A ciphertext was changed, or moved to another place than it was sealed for."""


@dataclass(frozen=True)
class KeyRing:
    """One process's keys."""

    current: str
    field_keys: dict[str, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)
    token_key: OKPKey = field(repr=False)
    files_key: OKPKey = field(repr=False)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Read the keys of one process.

        Raises:
            KeysUnsafe: a file is missing, or others may read it.
        """
        files = (FIELD_KEYS, INDEX_KEY, TOKEN_KEY, FILES_KEY)
        words = {name: _read(folder / name) for name in files}
        return cls(
            current=words[FIELD_KEYS]["current"],
            field_keys={kid: _unb64(key) for kid, key in words[FIELD_KEYS]["keys"].items()},
            index_key=_unb64(words[INDEX_KEY]["key"]),
            token_key=OKPKey.import_key(words[TOKEN_KEY]),
            files_key=OKPKey.import_key(words[FILES_KEY]),
        )

    def encrypt(self, text: str, *, table: str, column: str, row: object) -> str:
        """Seal a field for its place; the form is v1:aes-256-gcm:<key id>:<nonce and text>."""
        sealed = self._seal(text.encode(), _place(table, column, row, self.current))
        return f"v1:aes-256-gcm:{self.current}:{_b64(sealed)}"

    def decrypt(self, sealed: str, *, table: str, column: str, row: object) -> str:
        """Open a field sealed for this place.

        Raises:
            Tampered: it was changed, moved, or sealed with a key this ring does not hold.
        """
        parts = sealed.split(":")
        if len(parts) != 4 or parts[:2] != ["v1", "aes-256-gcm"]:
            raise Tampered(f"{table}.{column}: not a sealed field")
        kid = parts[2]
        return self._unseal(kid, _unb64(parts[3]), _place(table, column, row, kid)).decode()

    def encrypt_bytes(self, content: bytes, *, purpose: str) -> bytes:
        """Seal a whole file or document for one purpose."""
        place = f"file|{purpose}|{self.current}".encode()
        return b"DOUDI1 " + self.current.encode() + b"\n" + self._seal(content, place)

    def decrypt_bytes(self, sealed: bytes, *, purpose: str) -> bytes:
        """Open a file sealed for this purpose.

        Raises:
            Tampered: it was changed, or sealed for another purpose.
        """
        head, _, body = sealed.partition(b"\n")
        if not head.startswith(b"DOUDI1 "):
            raise Tampered(f"{purpose}: not a sealed file")
        kid = head.removeprefix(b"DOUDI1 ").decode("ascii", "replace")
        return self._unseal(kid, body, f"file|{purpose}|{kid}".encode())

    def blind_index(self, text: str, *, column: str) -> bytes:
        """32 bytes by which an equal value is found without being read; another key a column."""
        return hmac.digest(self.index_key_of(column), text.encode(), "sha256")

    def index_key_of(self, column: str) -> bytes:
        """The key of one column's index, for bulk work."""
        return hmac.digest(self.index_key, f"index|{column}".encode(), "sha256")

    def sign(self, content: bytes) -> bytes:
        """A detached Ed25519 signature (64 bytes) by this process's key for files."""
        return bytes(self.files_key.private_key.sign(content))  # type: ignore[union-attr] # OKP is Ed25519 here.

    def _seal(self, content: bytes, place: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self.field_keys[self.current]).encrypt(nonce, content, place)

    def _unseal(self, kid: str, sealed: bytes, place: bytes) -> bytes:
        key = self.field_keys.get(kid)
        if key is None:
            raise Tampered(f"sealed with the unknown key {kid[:16]}")
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place)
        except (InvalidTag, ValueError) as problem:
            raise Tampered("the seal is broken, or this is not its place") from problem


def make_keys(folder: Path, issuer: str) -> dict[str, dict[str, Any]]:
    """Make what is missing of a process's keys; its public ones, by the name others know them by.

    Returns:
        {issuer: public JWK for its tokens, "<issuer>-files": public JWK for its files}.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_once(
        folder / FIELD_KEYS,
        lambda: {"current": "k1", "keys": {"k1": _b64(secrets.token_bytes(32))}},
    )
    _write_once(folder / INDEX_KEY, lambda: {"key": _b64(secrets.token_bytes(32))})
    public = {}
    for name, kid in ((TOKEN_KEY, issuer), (FILES_KEY, f"{issuer}-files")):
        _write_once(folder / name, lambda kid=kid: _new_signing_key(kid))
        public[kid] = OKPKey.import_key(_read(folder / name)).as_dict(private=False)
    return public


def write_private(path: Path, text: str) -> None:
    """Write a file only its owner can read, whole or not at all."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def fingerprint(content: bytes) -> str:
    """SHA-256 in hex, the name by which files and lists are compared."""
    return sha256(content).hexdigest()


def _new_signing_key(kid: str) -> dict[str, Any]:
    key = OKPKey.generate_key("Ed25519", {"kid": kid, "use": "sig", "alg": "Ed25519"})
    return dict(key.as_dict(private=True))


def _write_once(path: Path, make: Any) -> None:
    if not path.exists():
        write_private(path, json.dumps(make()))


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_mode & 0o077:
            raise KeysUnsafe(f"{path} can be read by others: chmod 600 it")
        words = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise KeysUnsafe(f"{path}: {problem}") from problem
    assert isinstance(words, dict)
    return words


def _place(table: str, column: str, row: object, kid: str) -> bytes:
    return f"{table}|{column}|{row}|{kid}".encode()


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)
