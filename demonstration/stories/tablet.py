"""A visit made without a network: signed on a tablet by two who took their lists along."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5


def package(
    survey_id: str,
    case: Mapping[str, Any],
    words: Mapping[str, Any],
    lists: Iterable[Mapping[str, Any]],
) -> dict[str, Any]:
    """The package a tablet brings, with one visit that each owner of a list signed."""
    visit = {
        "survey_id": survey_id,
        "case_id": case["case_id"],
        "seen_version": case["version"],
        "words": dict(words),
        "photos": [],
    }
    said = json.dumps(visit, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    signatures = [
        {
            "issue_id": each["issue_id"],
            "mac": hmac.new(bytes.fromhex(each["key"]), said, hashlib.sha256).hexdigest(),
        }
        for each in lists
    ]
    return {
        "package_id": str(uuid5(NAMESPACE_URL, f"package:{survey_id}")),
        "device": "平板1号",
        "surveys": [{**visit, "signatures": signatures}],
    }
