"""Passwords as scrypt hashes; checking one costs the same whether the name exists."""

import asyncio
import hmac
import os
import secrets
from hashlib import scrypt
from typing import Final

_COST: Final = 2**15
_BLOCK: Final = 8
_LANES: Final = 1
_MEMORY_BYTES: Final = 64 * 2**20
PASSWORD_CHARACTERS_MIN: Final = 12
PASSWORD_BYTES_MAX: Final = 256

# Two at a time: each takes 32 MB and a core, and the rest of the gateway must go on answering.
_AT_ONCE: Final = asyncio.Semaphore(2)


class PasswordTooShort(ValueError):
    """A password has at least twelve characters."""


def hashed(password: str) -> str:
    """The form kept: scrypt, its costs, a salt of its own and the hash.

    Raises:
        PasswordTooShort: it has fewer than twelve characters.
    """
    if len(password) < PASSWORD_CHARACTERS_MIN:
        raise PasswordTooShort(f"a password has at least {PASSWORD_CHARACTERS_MIN} characters")
    salt = os.urandom(16)
    digest = _digest(password, salt, _COST, _BLOCK, _LANES)
    return f"scrypt${_COST}${_BLOCK}${_LANES}${salt.hex()}${digest.hex()}"


async def matches(password: str, kept: str | None) -> bool:
    """Whether a password is the one kept; with nothing kept it takes as long to say no."""
    async with _AT_ONCE:
        return await asyncio.to_thread(_matches, password, kept or NOBODYS)


def _matches(password: str, kept: str) -> bool:
    _, cost, block, lanes, salt, digest = kept.split("$")
    if len(password.encode()) > PASSWORD_BYTES_MAX:
        return False
    tried = _digest(password, bytes.fromhex(salt), int(cost), int(block), int(lanes))
    return hmac.compare_digest(tried, bytes.fromhex(digest))


def _digest(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    return scrypt(
        password.encode(), salt=salt, n=cost, r=block, p=lanes, maxmem=_MEMORY_BYTES, dklen=32
    )


NOBODYS: Final = hashed(secrets.token_urlsafe(16))
