"""Who is calling, and what they may do: internal tokens of sixty seconds for one callee."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self

from fastapi import Depends, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.ids import new_id
from shared.problems import Forbidden, Unauthenticated
from shared.secrets import KeyRing
from shared.verdicts import Verdicts

TOKEN_SECONDS: Final = 60
GIVEN_SECONDS: Final = TOKEN_SECONDS // 2
SKEW_SECONDS: Final = 5
ALGORITHM: Final = "Ed25519"


class NoCaller(Unauthenticated):
    """This needs a token, and there was none that holds."""


class ScopeMissing(Forbidden):
    """The caller's scopes do not cover this."""


class Kind(StrEnum):
    """What sort of caller it is."""

    STAFF = "staff"
    CITIZEN = "citizen"
    PARTNER = "partner"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling.

    `subject` is the account, `person` the human behind it (two accounts of one person are one
    person when duties must be apart); `areas` are division codes, or "bank:<code>" for a bank.
    """

    subject: str
    kind: Kind
    county: str
    person: str = ""
    scopes: frozenset[str] = field(default_factory=frozenset)
    areas: tuple[str, ...] = ()

    def has(self, scope: str) -> bool:
        """Whether one of its scopes is this one."""
        return scope in self.scopes

    @property
    def divisions(self) -> tuple[str, ...]:
        """Its areas that are divisions."""
        return tuple(area for area in self.areas if area.isdigit())

    def is_same(self, subject: str, person: str | None) -> bool:
        """Whether who acted by an account is this caller, by this account or another of theirs."""
        return subject == self.subject or bool(person and person == self.person)

    def may_see(self, division: str) -> bool:
        """Whether a division (village, town or county code) lies in one of its areas."""
        return any(division.startswith(area) for area in self.areas)


class TokenSigner:
    """Signs a process's short tokens for the others."""

    def __init__(self, issuer: str, keys: KeyRing) -> None:
        self._issuer = issuer
        self._key = keys.token_key
        self._period = 0
        self._signed: dict[tuple[str, Caller], str] = {}

    def token(self, audience: str, caller: Caller) -> str:
        """A token by which `audience` knows the caller for at least half a minute more.

        Whoever asks again within the half minute is given the same one: signing costs.
        """
        now = int(time.time())
        if now // GIVEN_SECONDS != self._period:
            self._period, self._signed = now // GIVEN_SECONDS, {}
        token = self._signed.get((audience, caller))
        if token is None:
            token = self._signed[audience, caller] = self._sign(audience, caller, now)
        return token

    def _sign(self, audience: str, caller: Caller, now: int) -> str:
        claims = {
            "iss": self._issuer,
            "aud": audience,
            "sub": caller.subject,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "jti": str(new_id()),
            "kind": caller.kind.value,
            "person": caller.person,
            "county": caller.county,
            "scope": " ".join(sorted(caller.scopes)),
            "areas": list(caller.areas),
        }
        header = {"alg": ALGORITHM, "kid": self._issuer, "typ": "at+jwt"}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])


class TokenReader:
    """Checks the tokens brought to one process; it lists its callers and what each may ask for."""

    def __init__(
        self,
        audience: str,
        public_keys: Mapping[str, OKPKey],
        allowed: Mapping[str, frozenset[str]],
    ) -> None:
        self._audience = audience
        self._keys = {issuer: public_keys[issuer] for issuer in allowed if issuer in public_keys}
        self._allowed = dict(allowed)
        self._verdicts = Verdicts(self._read)

    @classmethod
    def open(cls, audience: str, keys_file: Path, allowed: Mapping[str, frozenset[str]]) -> Self:
        """Read the public keys that all processes share."""
        words: dict[str, Any] = json.loads(keys_file.read_text(encoding="utf-8"))
        return cls(audience, {name: OKPKey.import_key(jwk) for name, jwk in words.items()}, allowed)

    def read(self, token: str) -> Caller:
        """The caller a token names.

        Raises:
            NoCaller: it is not for us, not of a known issuer, over, or not signed by it.
        """
        return self._verdicts.of(token)

    def _read(self, token: str) -> tuple[float, Caller]:
        try:
            decoded = jwt.decode(token, self._key_of, algorithms=[ALGORITHM])
        except (JoseError, ValueError, KeyError) as problem:
            raise NoCaller("the token does not hold") from problem
        claims, issuer = decoded.claims, str(decoded.header["kid"])
        now = time.time()
        if (
            claims.get("iss") != issuer
            or claims.get("aud") != self._audience
            or not isinstance(claims.get("exp"), int)
            or not now - SKEW_SECONDS < claims["exp"] <= now + TOKEN_SECONDS + SKEW_SECONDS
        ):
            raise NoCaller("the token is over, or not for this process")
        scopes = frozenset(str(claims.get("scope", "")).split())
        limit = self._allowed[issuer]
        caller = Caller(
            subject=str(claims["sub"]),
            kind=Kind(claims["kind"]),
            county=str(claims["county"]),
            person=str(claims.get("person", "")),
            scopes=scopes if "*" in limit else scopes & limit,
            areas=tuple(str(area) for area in claims.get("areas", [])),
        )
        return claims["exp"] + SKEW_SECONDS, caller

    def _key_of(self, guest: Any) -> OKPKey:
        return self._keys[str(guest.headers()["kid"])]


def identify(request: Request) -> Caller:
    """The caller of a request, checked once.

    Raises:
        NoCaller: there is no bearer token, or it does not hold.
    """
    known: Caller | None = getattr(request.state, "caller", None)
    if known is None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NoCaller("a bearer token is needed")
        reader: TokenReader = request.app.state.tokens
        known = reader.read(token)
        request.state.caller = known
    return known


@dataclass(frozen=True)
class Needs:
    """What a route asks of its caller; the house rules read it off every route."""

    scopes: tuple[str, ...]
    kinds: frozenset[Kind]

    async def __call__(self, request: Request) -> Caller:
        """The caller, when one of the scopes and one of the kinds fit."""
        caller = identify(request)
        county = request.app.state.settings.county
        if caller.county != county or (self.kinds and caller.kind not in self.kinds):
            raise ScopeMissing("this is not open to such a caller")
        if self.scopes and not any(caller.has(scope) for scope in self.scopes):
            raise ScopeMissing("one of these scopes is needed", scopes=list(self.scopes))
        return caller


def needs(*scopes: str, kinds: tuple[Kind | str, ...] = ()) -> Any:
    """A dependency: the caller must have one of the scopes, and be of one of the kinds if named."""
    assert scopes or kinds, "a route names a scope or a kind"
    return Depends(Needs(scopes, frozenset(Kind(kind) for kind in kinds)))
