"""A token is checked once and believed until it is over, never longer."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt

from shared import callers, secrets, verdicts
from shared.callers import Caller, Kind, NoCaller, TokenReader, TokenSigner
from shared.verdicts import Verdicts

CALLER = Caller("staff:1", Kind.STAFF, "511425", "p1", frozenset({"cases:read"}), ("511425001",))
EVERYTHING = {"gateway": frozenset({"*"})}


class Both:
    """The gateway, which signs, and a service, which reads."""

    def __init__(self, folder: Path) -> None:
        public = secrets.make_keys(folder / "gateway", "gateway")
        (folder / "public.json").write_text(json.dumps(public), encoding="utf-8")
        self.keys = secrets.KeyRing.open(folder / "gateway")
        self.signer = TokenSigner("gateway", self.keys)
        self.reader = TokenReader.open("payments", folder / "public.json", EVERYTHING)

    def ending(self, seconds: float) -> str:
        """A token that is over in so many seconds, the reader's tolerance included."""
        claims: dict[str, Any] = {
            "iss": "gateway",
            "aud": "payments",
            "sub": "staff:1",
            "exp": int(time.time() + seconds) - callers.SKEW_SECONDS,
            "kind": "staff",
            "county": "511425",
        }
        header = {"alg": callers.ALGORITHM, "kid": "gateway"}
        return jwt.encode(header, claims, self.keys.token_key, algorithms=[callers.ALGORITHM])


@pytest.fixture
def both(tmp_path: Path) -> Both:
    return Both(tmp_path)


def test_a_token_that_was_believed_is_refused_once_it_is_over(both: Both) -> None:
    token = both.ending(2.5)
    assert both.reader.read(token) == both.reader.read(token)
    time.sleep(2.6)
    for _ in range(2):
        with pytest.raises(NoCaller):
            both.reader.read(token)


def test_a_token_with_another_signature_is_not_the_one_that_was_believed(both: Both) -> None:
    token = both.signer.token("payments", CALLER)
    assert both.reader.read(token) == CALLER
    words, _, signature = token.rpartition(".")
    other = f"{words}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
    with pytest.raises(NoCaller):
        both.reader.read(other)


def test_who_asks_again_gets_the_same_token_and_who_may_less_another(both: Both) -> None:
    first = both.signer.token("payments", CALLER)
    if int(time.time()) % callers.GIVEN_SECONDS == callers.GIVEN_SECONDS - 1:
        time.sleep(1.1)  # The half minute would end between the two.
        first = both.signer.token("payments", CALLER)
    assert both.signer.token("payments", CALLER) == first
    less = Caller("staff:1", Kind.STAFF, "511425", "p1", frozenset(), ("511425001",))
    assert both.reader.read(both.signer.token("payments", less)) == less
    assert both.signer.token("benefits", CALLER) != first


def test_a_verdict_is_kept_until_it_ends_and_a_full_memory_begins_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verdicts, "KEPT_MAX", 3)
    read: list[str] = []

    def understood(token: str) -> tuple[float, str]:
        read.append(token)
        return time.time() + (60 if token != "short" else 0.05), token.upper()

    kept = Verdicts(understood)
    assert [kept.of("one"), kept.of("one"), kept.of("short")] == ["ONE", "ONE", "SHORT"]
    time.sleep(0.1)
    assert kept.of("short") == "SHORT"
    assert read == ["one", "short", "short"]
    for token in ("two", "three", "four", "one"):
        assert kept.of(token) == token.upper()
    assert read[-1] == "one"
