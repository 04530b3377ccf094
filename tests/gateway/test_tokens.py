"""A client gets a token for its own key's word, once, and only for what it may do."""

import base64
import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from authlib.oauth2 import rfc8414
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey

from gateway import clients
from shared import kit_tables
from shared.callers import Caller, Kind
from shared.database import run
from tests.gateway.visits import COUNTY, Door, assertion, token_request

BANK_LIST = "/api/v1/bank/envelopes"
FROM_NOW = {"in a day": 86_400, "in a minute": 60, "ten minutes ago": -600, "before that": -700}


async def _token(door: Door, key: ECKey, **more: str) -> str:
    answer = await door.browser().post(
        "/oauth/token", data=token_request(assertion(key, door), **more)
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


async def test_a_bank_asks_with_its_key_and_reaches_its_own_door(door: Door) -> None:
    key = await door.client()
    token = await _token(door, key)
    answer = await door.browser().get(BANK_LIST, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    seen = answer.json()
    assert (seen["audience"], seen["path"]) == ("payments", "/bank/envelopes")
    assert (seen["subject"], seen["kind"]) == ("client:qscb-courier", "partner")
    assert seen["areas"] == ["bank:qscb"]
    assert token not in seen["headers"]["authorization"]
    async with door.app.state.database.transaction() as session:
        rows = await run(session, kit_tables.audit.select().order_by(kit_tables.audit.c.number))
        assert [row.act for row in rows] == ["client-registered", "token-given"]


async def test_an_ed25519_key_serves_as_well_under_either_name(door: Door) -> None:
    key = OKPKey.generate_key("Ed25519", {"kid": "two"})
    async with door.app.state.database.transaction() as session:
        await clients.register(
            session,
            COUNTY,
            client_id="qscb-courier",
            bank="qscb",
            jwks=dict(key.as_dict(private=False)),
            scopes=["bank:fetch"],
            now=datetime.now(UTC),
        )
    now = int(time.time())
    for name in ("EdDSA", "Ed25519"):
        claims = {
            "iss": "qscb-courier",
            "sub": "qscb-courier",
            "aud": door.url,
            "iat": now,
            "exp": now + 60,
            "jti": f"{name}-jti",
        }
        head = _b64({"alg": name, "kid": "two"}) + "." + _b64(claims)
        assert isinstance(key.private_key, Ed25519PrivateKey)
        signature = key.private_key.sign(head.encode())
        signed = f"{head}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"
        answer = await door.browser().post("/oauth/token", data=token_request(signed))
        assert answer.status_code == 200, (name, answer.text)
        assert answer.json()["expires_in"] <= 600


async def test_an_assertion_opens_once(door: Door) -> None:
    key = await door.client()
    signed = assertion(key, door)
    browser = door.browser()
    assert (await browser.post("/oauth/token", data=token_request(signed))).status_code == 200
    again = await browser.post("/oauth/token", data=token_request(signed))
    assert (again.status_code, again.json()) == (401, {"error": "invalid_client"})


def _b64(words: object) -> str:
    text = json.dumps(words, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://another.example/oauth/token"},
        {"aud": None},
        {"exp": "in a day"},
        {"iat": "ten minutes ago", "exp": "in a minute"},
        {"iat": None},
        {"exp": "ten minutes ago", "iat": "before that"},
        {"exp": None},
        {"jti": None},
        {"jti": "x" * 500},
        {"sub": "qsrcc-courier"},
        {"iss": "somebody-else"},
        {"sub": 7},
        {"header": {"jku": "https://evil.example/keys"}},
        {"header": {"kid": "../../etc/passwd"}},
    ],
    ids=str,
)
async def test_an_assertion_that_is_not_quite_right_opens_nothing(
    door: Door, changes: dict[str, object]
) -> None:
    key, now = await door.client(), int(time.time())
    said = {
        name: now + FROM_NOW[word] if isinstance(word, str) and word in FROM_NOW else word
        for name, word in changes.items()
    }
    signed = assertion(key, door, **said)
    answer = await door.browser().post("/oauth/token", data=token_request(signed))
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


async def test_an_audience_among_others_is_not_ours_alone(door: Door) -> None:
    key = await door.client()
    signed = assertion(key, door, aud=[door.url, "https://another.example"])
    answer = await door.browser().post("/oauth/token", data=token_request(signed))
    assert answer.status_code == 401


async def test_no_signature_or_a_shared_secret_opens_nothing(door: Door) -> None:
    key = await door.client()
    now = int(time.time())
    claims = {
        "iss": "qscb-courier",
        "sub": "qscb-courier",
        "aud": door.url,
        "iat": now,
        "exp": now + 60,
        "jti": "a-jti-of-mine",
    }
    public = json.dumps(key.as_dict(private=False)).encode()
    forged = [
        f"{_b64({'alg': 'none'})}.{_b64(claims)}.",
        jwt.encode({"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(public)),
        "not.a.token",
        "",
    ]
    for signed in forged:
        answer = await door.browser().post("/oauth/token", data=token_request(signed))
        assert answer.status_code in {400, 401}, signed
        assert "access_token" not in answer.text


async def test_another_banks_key_opens_nothing(door: Door) -> None:
    await door.client()
    stranger = ECKey.generate_key("P-256", {"kid": "one"})
    answer = await door.browser().post(
        "/oauth/token", data=token_request(assertion(stranger, door))
    )
    assert answer.status_code == 401


async def test_a_client_cannot_ask_beyond_its_scopes(door: Door) -> None:
    key = await door.client()
    answer = await door.browser().post(
        "/oauth/token", data=token_request(assertion(key, door), scope="payouts:release")
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    narrow = await _token(door, key, scope="bank:answer")
    refused = await door.browser().get(BANK_LIST, headers={"Authorization": f"Bearer {narrow}"})
    assert refused.status_code == 403


async def test_a_field_sent_twice_and_other_grants_are_refused(door: Door) -> None:
    key = await door.client()
    words = token_request(assertion(key, door))
    twice = (
        "&".join(f"{name}={said}" for name, said in [*words.items(), ("scope", "a")]) + "&scope=b"
    )
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = await door.browser().post("/oauth/token", content=twice, headers=form)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    other = await door.browser().post("/oauth/token", data={**words, "grant_type": "password"})
    assert (other.status_code, other.json()["error"]) == (400, "unsupported_grant_type")


async def test_a_stopped_client_is_out_though_its_token_lives(door: Door) -> None:
    key = await door.client()
    token = await _token(door, key)
    async with door.app.state.database.transaction() as session:
        await clients.stop(session, COUNTY, client_id="qscb-courier", now=datetime.now(UTC))
    answer = await door.browser().get(BANK_LIST, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    again = await door.browser().post("/oauth/token", data=token_request(assertion(key, door)))
    assert again.status_code == 401


async def test_only_our_own_access_tokens_are_tokens_here(door: Door) -> None:
    key = await door.client()
    own = door.app.state.keys.token_key
    now = int(time.time())
    right = {
        "iss": door.url,
        "aud": door.url,
        "sub": "qscb-courier",
        "client_id": "qscb-courier",
        "scope": "bank:fetch",
        "exp": now + 60,
    }

    def signed(typ: str = "at+jwt", **changes: object) -> str:
        header = {"alg": "Ed25519", "typ": typ}
        return jwt.encode(header, {**right, **changes}, own, algorithms=["Ed25519"])

    internal = door.app.state.signer.token("payments", Caller("x", Kind.STAFF, COUNTY))
    wrong = [
        internal,
        signed(typ="JWT"),
        signed(aud="payments"),
        signed(iss="https://another.example"),
        signed(exp=now - 1),
        signed(client_id="nobody"),
        assertion(key, door),
        f"{_b64({'alg': 'none', 'typ': 'at+jwt'})}.{_b64(right)}.",
    ]
    browser = door.browser()
    for token in wrong:
        answer = await browser.get(BANK_LIST, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, token
    answer = await browser.get(BANK_LIST, headers={"Authorization": f"Bearer {signed()}"})
    assert answer.status_code == 200


async def test_what_we_say_of_ourselves_is_as_the_standard_has_it(door: Door) -> None:
    browser = door.browser()
    said = (await browser.get("/.well-known/oauth-authorization-server")).json()
    # Authlib takes an empty list for a missing one; without an authorization endpoint it is empty.
    rfc8414.AuthorizationServerMetadata({**said, "response_types_supported": ["none"]}).validate()
    assert said["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    keys = (await browser.get("/.well-known/jwks.json")).json()["keys"]
    assert keys
    assert not any("d" in key for key in keys)


async def test_a_private_or_symmetric_key_is_not_registered(door: Door) -> None:
    key = ECKey.generate_key("P-256")
    refused: list[dict[str, Any]] = [
        dict(key.as_dict(private=True)),
        {"kty": "oct", "k": "c2VjcmV0"},
        {"keys": []},
    ]
    for words in refused:
        with pytest.raises(clients.ClientRefused):
            clients.public_keys(words)
