"""The county's door as a bank's courier sees it: a token by its own key, envelopes, and results."""

import base64
import hashlib
import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey

ASSERTION_SECONDS: Final = 120
_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_TAKEN: Final = "taken"
_REFUSED: Final = "refused"
# The door's word on the message itself; everything else is trouble on the way and is tried again.
_FINAL: Final = frozenset({400, 404, 409, 413, 415, 422})


class EnvelopeRefused(Exception):
    """What the door gave does not fit together; it is not brought to the bank."""


class Door:
    """One bank's way in."""

    def __init__(self, config: dict[str, Any], bank: dict[str, Any]) -> None:
        self._door = config["door"].rstrip("/")
        self._client_id = bank["client_id"]
        self._code = bank["code"]
        words = json.loads(Path(bank["key"]).read_text(encoding="utf-8"))
        self._key = (ECKey if words["kty"] == "EC" else OKPKey).import_key(words)
        self._algorithm = "ES256" if words["kty"] == "EC" else "EdDSA"
        self._county_keys = Path(config["county_keys"])
        self._county_key = config.get("county_key", "payments-files")
        self._http = httpx.Client(base_url=self._door, timeout=120, trust_env=False)
        self._token = ""
        self._token_ends = 0.0

    def envelopes(self) -> Iterator[dict[str, Any]]:
        """What lies ready for this bank, page by page."""
        after: str | None = None
        while True:
            page = self._get("/api/v1/bank/envelopes", {"after": after} if after else {}).json()
            yield from page["items"]
            after = page.get("next")
            if not after:
                return

    def fetch(self, envelope: dict[str, Any]) -> tuple[bytes, dict[str, Any]]:
        """File and manifest of an envelope, checked in this order: signature, hash, words.

        Raises:
            EnvelopeRefused: they do not fit together.
        """
        path = f"/api/v1/bank/envelopes/{envelope['id']}"
        signed = self._get(f"{path}/manifest").content
        self._check_signature(self._get(f"{path}/signature").content, signed)
        manifest: dict[str, Any] = json.loads(signed)
        content = self._get(f"{path}/file").content
        told = {
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "bank": self._code,
        }
        for name, value in told.items():
            if manifest[name] != value:
                raise EnvelopeRefused(f"the manifest states another {name}")
        for name in ("count", "total_fen", "attempt"):
            if name in envelope and envelope[name] != manifest[name]:
                raise EnvelopeRefused(f"list and manifest state another {name}")
        return content, manifest

    def post_result(self, name: str, content: bytes) -> tuple[str, str]:
        """Bring a message; "taken" or "refused" and the door's words.

        Raises:
            httpx.HTTPError: the door gave no final answer; bring it again later.
        """
        digest = hashlib.sha256(content)
        # Of the name too: the same bytes under a new name are another message to the bank.
        key = hashlib.sha256(name.encode() + b"\n" + digest.digest()).hexdigest()
        reply = self._send(
            "POST",
            "/api/v1/bank/results",
            params={"name": name},
            content=content,
            headers={
                "Idempotency-Key": key,
                "Content-Digest": f"sha-256=:{base64.b64encode(digest.digest()).decode()}:",
                "Content-Type": "application/octet-stream",
            },
        )
        if reply.is_success:
            return _TAKEN, reply.text[:2000]
        if reply.status_code in _FINAL:
            return _REFUSED, reply.text[:2000]
        raise httpx.HTTPStatusError(
            f"the door answered {reply.status_code}", request=reply.request, response=reply
        )

    def _get(self, path: str, params: dict[str, str] | None = None) -> httpx.Response:
        return self._send("GET", path, params=params).raise_for_status()

    def _send(self, method: str, path: str, **words: Any) -> httpx.Response:
        """One request with a token; with a new one if that is refused."""
        headers = words.pop("headers", {})
        for fresh in (False, True):
            headers["Authorization"] = f"Bearer {self._access_token(fresh)}"
            reply = self._http.request(method, path, headers=headers, **words)
            if reply.status_code != httpx.codes.UNAUTHORIZED:
                break
        return reply

    def _access_token(self, fresh: bool) -> str:
        if fresh or time.monotonic() > self._token_ends:
            reply = self._http.post(
                "/oauth/token",
                data={
                    "grant_type": "client_credentials",
                    "client_assertion_type": _ASSERTION_TYPE,
                    "client_assertion": self._assertion(),
                    "client_id": self._client_id,
                    "scope": "bank:fetch bank:answer",
                },
            ).raise_for_status()
            words = reply.json()
            self._token = words["access_token"]
            self._token_ends = time.monotonic() + int(words.get("expires_in", 60)) - 30
        return self._token

    def _assertion(self) -> str:
        """Who we are, signed with our own key (RFC 7523), good once and for two minutes."""
        now = int(time.time())
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": f"{self._door}/oauth/token",
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
            "jti": str(uuid.uuid4()),
        }
        header = {"alg": self._algorithm, "kid": self._key.kid}
        return jwt.encode(header, claims, self._key, algorithms=[self._algorithm])

    def _check_signature(self, signature: bytes, signed: bytes) -> None:
        """The county's Ed25519 signature over the manifest's bytes."""
        keys = json.loads(self._county_keys.read_text(encoding="utf-8"))
        public = keys[self._county_key]["x"]
        key = Ed25519PublicKey.from_public_bytes(
            base64.urlsafe_b64decode(public + "=" * (-len(public) % 4))
        )
        try:
            key.verify(signature, signed)
        except InvalidSignature as problem:
            raise EnvelopeRefused("the signature is not the county's") from problem
