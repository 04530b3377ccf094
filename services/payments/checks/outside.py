"""What lies outside our databases: the banks' own books, and the payout files."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from services.payments.checks.findings import Finding, Rows, all_of

BOOKED: Final = {  # What a bank's books may say of a transfer that stands so with us.
    "in-flight": {"accepted"},
    "unconfirmed": {"accepted"},
    "settled": {"settled"},
    "returned": {"returned"},
    "refused": {"refused"},
}


def books(payments: Rows, books: list[Any], pay_month: str) -> Iterator[Finding]:
    """The banks' own books know each transfer once, with its sum, and as we say it stands."""
    ours = {
        (row["bank"], row["end_to_end_id"]): row
        for row in payments.execute(_AT_BANKS, {"pay_month": pay_month})
    }
    others = {row["end_to_end_id"] for row in payments.execute(_OTHER_MONTHS, [pay_month])}
    seen: dict[tuple[str, str], Any] = {}
    twice, strange, differ = [], [], []
    sums: dict[str, int] = {}
    for credit in books:
        name, key = credit["end_to_end_id"], (credit["bank"], credit["end_to_end_id"])
        sums[name] = credit["amount_fen"]
        if key in seen:
            twice.append(name)
        seen[key] = credit
        transfer = ours.get(key)
        if transfer is None:
            if name not in others:
                strange.append(name)
        elif (
            transfer["amount_fen"] != credit["amount_fen"]
            or credit["state"] not in BOOKED[transfer["status"]]
        ):
            differ.append(name)
    unheard = [
        row["end_to_end_id"]
        for key, row in ours.items()
        if key not in seen and row["status"] in ("settled", "returned", "refused")
    ]
    yield from all_of("credited-twice-by-bank", twice, sums)
    yield from all_of("credited-but-unknown-to-us", strange, sums)
    yield from all_of("bank-says-otherwise", differ, sums)
    yield from all_of("answered-but-not-in-books", unheard, dict.fromkeys(unheard, 0))


def files(payments: Rows, folder: Path, pay_month: str) -> Iterator[Finding]:
    """Every published file is there, with the bytes that its row and its manifest name."""
    for row in payments.execute(_PUBLISHED, {"pay_month": pay_month}):
        path = folder / row["bank"] / row["file_name"]
        if not path.is_file():
            yield Finding("payout-file-missing", row["file_name"], 1, row["total_fen"])
        elif sha256(path.read_bytes()).hexdigest() != row["file_sha256"]:
            yield Finding("payout-file-differs", row["file_name"], 1, row["total_fen"])


_END_TO_END_ID: Final = """
replace(reference::text, '-', '') || '-' || lpad(transfer.attempt::text, 2, '0') AS end_to_end_id
"""
_AT_BANKS: Final = f"""
SELECT envelope.bank, transfer.amount_fen, transfer.status, {_END_TO_END_ID} FROM transfer
JOIN envelope ON envelope.id = transfer.envelope_id
WHERE envelope.pay_month = %(pay_month)s AND transfer.status NOT IN ('made', 'voided')
"""  # noqa: S608 # Every part is text of this file.
_OTHER_MONTHS: Final = f"""
SELECT {_END_TO_END_ID} FROM transfer JOIN envelope ON envelope.id = transfer.envelope_id
WHERE envelope.pay_month <> %s AND transfer.status NOT IN ('made', 'voided')
"""  # noqa: S608 # Every part is text of this file.
_PUBLISHED: Final = """
SELECT bank, file_name, file_sha256, total_fen FROM envelope
WHERE pay_month = %(pay_month)s AND status IN ('published', 'fetched', 'answered')
"""
