"""Tokens for machines: a client proves itself with its own key and gets ten minutes.

The authorization server is authlib's; here stand its adapter to our tables and our requests, and
the reader of the tokens it gave. A client's assertion (RFC 7523) must be signed ES256 or Ed25519 by
a registered key, be meant for us alone, live five minutes at most, and opens something once.
"""

import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Payload, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidScopeError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from gateway import clients
from gateway.models import Client, UsedAssertion
from gateway.settings import Settings
from shared.callers import ALGORITHM, Caller
from shared.database import Database
from shared.ids import new_id
from shared.problems import Unauthenticated
from shared.secrets import KeyRing
from shared.verdicts import Verdicts

ASSERTION_ALGORITHMS: Final = ("ES256", "EdDSA", "Ed25519")
SKEW_SECONDS: Final = 30
JTI_CHARACTERS_MAX: Final = 128
METHOD: Final = "private_key_jwt"


class TokenRefused(Unauthenticated):
    """The token does not hold, is over, or is not for this door."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the token endpoint says, and to which client it gave a token."""

    status: int
    body: dict[str, Any]
    client_id: str | None = None


def token_endpoint(settings: Settings) -> str:
    """Where clients ask for tokens."""
    return f"{settings.public_url}/oauth/token"


def metadata(settings: Settings) -> dict[str, Any]:
    """What this authorization server can do (RFC 8414)."""
    return {
        "issuer": settings.public_url,
        "token_endpoint": token_endpoint(settings),
        "jwks_uri": f"{settings.public_url}/.well-known/jwks.json",
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": sorted(clients.CLIENT_SCOPES),
        "token_endpoint_auth_methods_supported": [METHOD],
        "token_endpoint_auth_signing_alg_values_supported": list(ASSERTION_ALGORITHMS),
    }


def public_key_set(keys: KeyRing) -> dict[str, Any]:
    """The key by which our tokens are checked."""
    return {"keys": [keys.token_key.as_dict(private=False)]}


async def answer(
    session: AsyncSession,
    settings: Settings,
    keys: KeyRing,
    form: Mapping[str, list[str]],
    headers: Mapping[str, str],
) -> Answer:
    """Answer one request for a token; whatever it writes is committed before it is sent."""

    def ask(plain: Session) -> Answer:
        server = _Server(plain, settings, keys)
        said = server.create_token_response(_FormRequest(token_endpoint(settings), form, headers))
        assert isinstance(said, Answer)
        return said

    return await session.run_sync(ask)


async def forget_old(session: AsyncSession, now: datetime) -> None:
    """Take away used assertions that are over and would be refused for that alone."""
    await session.exec(delete(UsedAssertion).where(col(UsedAssertion.expires_at) < now))


class TokenBook:
    """Reads the tokens we gave: the signature once, the client's standing every few seconds."""

    def __init__(self, settings: Settings, keys: KeyRing, database: Database) -> None:
        self._settings = settings
        self._key = keys.token_key
        self._database = database
        self._verdicts = Verdicts(self._read)
        self._standings: dict[str, tuple[float, Client | None]] = {}

    async def caller(self, token: str) -> Caller:
        """The caller whom a token of ours names.

        Raises:
            TokenRefused: it does not hold, is over, is not for us, or its client was stopped.
        """
        client_id, scopes = self._verdicts.of(token)
        client = await self._standing(client_id)
        if client is None or client.stopped_at is not None:
            raise TokenRefused("the client is not registered here any more")
        return clients.caller_of(client, scopes)

    def _read(self, token: str) -> tuple[int, tuple[str, frozenset[str]]]:
        try:
            decoded = jwt.decode(token, self._key, algorithms=[ALGORITHM])
        except (JoseError, ValueError) as problem:
            raise TokenRefused() from problem
        claims, header = decoded.claims, decoded.header
        ends_at = claims.get("exp")
        if (
            header.get("typ") != "at+jwt"
            or claims.get("iss") != self._settings.public_url
            or claims.get("aud") != self._settings.public_url
            or not isinstance(ends_at, int)
            or not isinstance(claims.get("client_id"), str)
        ):
            raise TokenRefused()
        if time.time() >= ends_at:
            raise TokenRefused("ask for a new one")
        return ends_at, (claims["client_id"], frozenset(str(claims.get("scope", "")).split()))

    async def _standing(self, client_id: str) -> Client | None:
        known = self._standings.get(client_id)
        now = time.monotonic()
        if known is not None and now - known[0] < self._settings.standing_seconds:
            return known[1]
        async with self._database.transaction() as session:
            client = await session.get(Client, client_id)
        self._standings[client_id] = (now, client)
        return client


class _FormPayload(OAuth2Payload):  # type: ignore[misc] # Authlib ships no types.
    def __init__(self, form: Mapping[str, list[str]]) -> None:
        self._form = form

    @property
    def data(self) -> dict[str, str]:
        return {name: values[0] for name, values in self._form.items()}

    @property
    def datalist(self) -> Mapping[str, list[str]]:
        return self._form


class _FormRequest(OAuth2Request):  # type: ignore[misc] # Authlib ships no types.
    def __init__(self, uri: str, form: Mapping[str, list[str]], headers: Mapping[str, str]) -> None:
        super().__init__("POST", uri, headers=headers)
        self._form = form
        self.payload = _FormPayload(form)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in self._form.items()}


class _KnownClient(ClientMixin):  # type: ignore[misc] # Authlib ships no types.
    def __init__(self, row: Client) -> None:
        self.row = row

    def get_client_id(self) -> str:
        return self.row.client_id

    def get_allowed_scope(self, scope: str | None) -> str:
        asked = set((scope or " ".join(self.row.scopes)).split())
        return " ".join(sorted(asked & set(self.row.scopes)))

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == METHOD

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"


class _Grant(ClientCredentialsGrant):  # type: ignore[misc] # Authlib ships no types.
    TOKEN_ENDPOINT_AUTH_METHODS = (METHOD,)

    def validate_requested_scope(self) -> None:
        asked = set((self.request.payload.scope or "").split())
        if asked - set(self.request.client.row.scopes):
            raise InvalidScopeError()
        super().validate_requested_scope()


class _Assertion(JWTBearerClientAssertion):  # type: ignore[misc] # Authlib ships no types.
    CLIENT_AUTH_METHOD = METHOD

    def __init__(self, session: Session, settings: Settings) -> None:
        super().__init__(validate_jti=False, leeway=SKEW_SECONDS)
        self._session = session
        self._settings = settings

    def get_audiences(self) -> list[str]:
        return [token_endpoint(self._settings), self._settings.public_url]

    def extract_assertion(self, assertion: str) -> tuple[dict[str, Any], dict[str, Any]]:
        header, claims = super().extract_assertion(assertion)
        # A key, or where to fetch one, is never taken from the one who wants to come in.
        if {"jku", "jwk", "x5u", "x5c", "crit"} & set(header):
            raise InvalidClientError()
        return header, claims

    def resolve_client_public_key(self, client: _KnownClient) -> KeySet:
        return clients.key_set(client.row)

    def process_assertion_claims(self, assertion: str, key: KeySet) -> dict[str, Any]:
        try:
            with warnings.catch_warnings():
                # RFC 9864 renames EdDSA to Ed25519; banks still send the old name.
                warnings.simplefilter("ignore", SecurityWarning)
                decoded = jwt.decode(assertion, key, algorithms=ASSERTION_ALGORITHMS)
        except (JoseError, ValueError) as problem:
            raise InvalidClientError() from problem
        self.verify_claims(decoded.claims)
        return dict(decoded.claims)

    def verify_claims(self, claims: dict[str, Any]) -> None:
        """Authlib's checks, then ours: one audience, five minutes, used once."""
        super().verify_claims(claims)
        now = time.time()
        made, ends, jti = claims.get("iat"), claims["exp"], claims.get("jti")
        most = self._settings.assertion_seconds_max
        if (
            not isinstance(claims["aud"], str)
            or not isinstance(made, int)
            or not isinstance(ends, int)
            or ends - made > most
            or ends > now + most + SKEW_SECONDS
            or not isinstance(jti, str)
            or not 0 < len(jti) <= JTI_CHARACTERS_MAX
        ):
            raise InvalidClientError()
        used = insert(UsedAssertion).values(
            county=self._settings.county,
            client_id=claims["sub"],
            jti=jti,
            expires_at=datetime.fromtimestamp(ends, UTC) + timedelta(seconds=2 * SKEW_SECONDS),
        )
        claimed = used.on_conflict_do_nothing().returning(col(UsedAssertion.jti))
        if self._session.execute(claimed).scalar_one_or_none() is None:
            raise InvalidClientError()


class _Server(AuthorizationServer):  # type: ignore[misc] # Authlib ships no types.
    """Authlib's authorization server over one transaction of ours."""

    def __init__(self, session: Session, settings: Settings, keys: KeyRing) -> None:
        super().__init__(scopes_supported=sorted(clients.CLIENT_SCOPES))
        self._session = session
        self._settings = settings
        self._keys = keys
        self._given_to: str | None = None
        self.register_client_auth_method(METHOD, _Assertion(session, settings))
        self.register_grant(_Grant)
        self.register_token_generator("default", self._new_token)

    def query_client(self, client_id: str) -> _KnownClient | None:
        row = self._session.get(Client, client_id)
        return _KnownClient(row) if row is not None and row.stopped_at is None else None

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        """A token proves itself until it ends; only whom it was given to is kept."""
        self._given_to = request.client.get_client_id()

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: _FormRequest) -> _FormRequest:
        return request

    def handle_response(
        self, status: int, body: dict[str, Any], headers: list[tuple[str, str]]
    ) -> Answer:
        if body.get("error") == "invalid_client":
            # One text for every reason: which clients exist is nobody's business.
            status, body = 401, {"error": "invalid_client"}
        return Answer(status, body, self._given_to if status == 200 else None)

    def _new_token(self, *, client: _KnownClient, scope: str | None, **_: Any) -> dict[str, Any]:
        now = int(time.time())
        granted = client.get_allowed_scope(scope)
        claims = {
            "iss": self._settings.public_url,
            "aud": self._settings.public_url,
            "sub": client.get_client_id(),
            "client_id": client.get_client_id(),
            "iat": now,
            "exp": now + self._settings.token_seconds,
            "jti": str(new_id()),
            "scope": granted,
        }
        header = {"alg": ALGORITHM, "kid": self._keys.token_key.kid, "typ": "at+jwt"}
        return {
            "token_type": "Bearer",
            "access_token": jwt.encode(
                header, claims, self._keys.token_key, algorithms=[ALGORITHM]
            ),
            "expires_in": self._settings.token_seconds,
            "scope": granted,
        }
