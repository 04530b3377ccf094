"""What stands beside a payout file: its count, total, hash and place in the row of files.

The caller writes `text_of(...)` beside the file and signs those bytes with the county's Ed25519 key
for files; the bank checks signature, then hash, then count and total. README.md shows how.
"""

import json
from dataclasses import dataclass
from typing import Any

from services.payments.banks.facts import EnvelopeFacts
from services.payments.banks.profiles import Profile
from services.payments.banks.writers import file_name, layout_words


@dataclass(frozen=True, slots=True)
class FileSeal:
    """What is known of the written bytes."""

    sha256: str
    """Of the file, in hex."""
    bytes_count: int
    previous_sha256: str | None
    """Of the file before it to this bank; None for the first."""


def words_of(
    profile: Profile, envelope: EnvelopeFacts, county: str, seal: FileSeal
) -> dict[str, Any]:
    """The manifest as words."""
    return {
        "manifest": 1,
        "county": county,
        "bank": profile.code,
        "batch": envelope.batch,
        "project": envelope.project,
        "fund": envelope.fund,
        "payer_account": profile.payer.accounts[envelope.fund],
        "attempt": envelope.attempt,
        "sequence": envelope.sequence,
        "count": envelope.count,
        "total_fen": envelope.total_fen,
        "currency": "CNY",
        "pay_on": envelope.pay_on.isoformat(),
        "made_at": envelope.made_at.isoformat(),
        "file": file_name(profile, envelope),
        "bytes": seal.bytes_count,
        "sha256": seal.sha256,
        "previous_sha256": seal.previous_sha256,
        "format": profile.format,
        "layout": layout_words(profile),
    }


def text_of(profile: Profile, envelope: EnvelopeFacts, county: str, seal: FileSeal) -> bytes:
    """The manifest's bytes: the same words give the same bytes; these are what is signed."""
    words = words_of(profile, envelope, county, seal)
    return (json.dumps(words, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
