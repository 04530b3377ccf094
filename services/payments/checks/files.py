"""Each published file is the list three persons approved: hashed anew, read line by line."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.payments.checks.findings import Finding, Rows, Tally

SIGNER: Final = "payments-files"
LEFT: Final = ("released", "published", "fetched", "answered")
WRITTEN: Final = ("published", "fetched", "answered")
ACTS: Final = {"made": "made_by", "checked": "checked_by", "released": "released_by"}

_PAYMENT = re.compile(rb"<CdtTrfTxInf>(.*?)</CdtTrfTxInf>", re.DOTALL)
_PARTS = (
    re.compile(rb"<EndToEndId>([^<]+)</EndToEndId>"),
    re.compile(rb"<InstdAmt[^>]*>(\d+\.\d\d)</InstdAmt>"),
    re.compile(rb"<CdtrAcct><Id><Othr><Id>([^<]+)</Id>"),
)

# Reference → fen and account, as a file says it.
Written = dict[str, tuple[int, str]]


def approved(payments: Rows, pay_month: str) -> Iterator[Finding]:
    """An envelope's list, hashed from its rows, is the one approved; each act is in the audit."""
    tally = Tally()
    for envelope in _envelopes(payments, pay_month):
        if _list_hash(payments, envelope["id"]) != envelope["list_sha256"]:
            tally.add("list-is-not-the-one-approved", envelope["id"], envelope["total_fen"])
        if envelope["status"] in LEFT:
            _check_acts(payments, envelope, tally)
    yield from tally.findings()


def manifests(payments: Rows, pay_month: str, keys: Mapping[str, Any] | None) -> Iterator[Finding]:
    """Each manifest says what its row says, names the file before it, and is signed by us."""
    tally = Tally()
    for envelope in _envelopes(payments, pay_month):
        if envelope["status"] not in WRITTEN:
            continue
        said = json.loads(envelope["manifest"])
        expected = {
            "sha256": envelope["file_sha256"],
            "bytes": envelope["file_bytes"],
            "count": envelope["count"],
            "total_fen": envelope["total_fen"],
            "sequence": envelope["file_number"],
            "bank": envelope["bank"],
            "project": envelope["project"],
            "fund": envelope["fund"],
            "attempt": envelope["attempt"],
        }
        if any(said.get(name) != value for name, value in expected.items()):
            tally.add("manifest-differs-from-envelope", envelope["id"], envelope["total_fen"])
        before = payments.execute(
            "SELECT file_sha256 FROM envelope WHERE county = %s AND bank = %s AND file_number = %s",
            (envelope["county"], envelope["bank"], envelope["file_number"] - 1),
        ).fetchone()
        if said.get("previous_sha256") != (before["file_sha256"] if before else None):
            tally.add("chain-of-files-broken", envelope["id"])
        if keys is not None and not _signed(envelope, keys[SIGNER]["x"]):
            tally.add("signature-does-not-hold", envelope["id"], envelope["total_fen"])
    yield from tally.findings()


def contents(payments: Rows, folder: Path, pay_month: str) -> tuple[list[Finding], Written]:
    """Every published file is there, its bytes are those published, its payments those approved."""
    tally, written = Tally(), Written()
    for envelope in _envelopes(payments, pay_month):
        if envelope["status"] not in WRITTEN:
            continue
        path = folder / envelope["bank"] / envelope["file_name"]
        if not path.is_file():
            tally.add("payout-file-missing", envelope["file_name"], envelope["total_fen"])
            continue
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != envelope["file_sha256"]:
            tally.add("payout-file-differs", envelope["file_name"], envelope["total_fen"])
            continue
        listed = {
            row["name"]: row["amount_fen"] for row in payments.execute(_LISTED, [envelope["id"]])
        }
        read: Written = {}
        for name, fen, account in _payments_in(content, json.loads(envelope["manifest"])):
            if name in read or name in written:
                tally.add("paid-twice-in-files", name, fen)
            read[name] = (fen, account)
        for name in sorted(listed.keys() | read.keys()):
            fen = read[name][0] if name in read else 0
            if listed.get(name) != fen:
                tally.add("file-is-not-the-list", name, fen - listed.get(name, 0))
        written |= read
    return list(tally.findings()), written


def _envelopes(payments: Rows, pay_month: str) -> list[dict[str, Any]]:
    return payments.execute(
        "SELECT * FROM envelope WHERE pay_month = %s AND status <> 'voided'"
        " ORDER BY bank, file_number NULLS LAST, id",
        (pay_month,),
    ).fetchall()


def _list_hash(payments: Rows, envelope_id: Any) -> str:
    digest = hashlib.sha256()
    for row in payments.execute(_APPROVED, (envelope_id,)):
        words = {
            "id": row["name"],
            "account": bytes(row["account_index"]).hex(),
            "amount_fen": row["amount_fen"],
            "lines": [str(line) for line in row["lines"]],
        }
        text = json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digest.update(text.encode() + b"\n")
    return digest.hexdigest()


def _check_acts(payments: Rows, envelope: dict[str, Any], tally: Tally) -> None:
    noted = {
        row["act"]: row
        for row in payments.execute(
            "SELECT act, count(*) AS times, min(actor) AS actor FROM audit"
            " WHERE subject = %s GROUP BY act",
            (str(envelope["id"]),),
        )
    }
    for act, column in ACTS.items():
        row = noted.get(f"envelope-{act}")
        if row is None or row["times"] != 1 or row["actor"] != envelope[column]:
            tally.add("act-not-in-the-audit", f"{envelope['id']} {act}", envelope["total_fen"])


def _signed(envelope: dict[str, Any], public: str) -> bool:
    key = Ed25519PublicKey.from_public_bytes(
        base64.urlsafe_b64decode(public + "=" * (-len(public) % 4))
    )
    try:
        key.verify(bytes(envelope["signature"]), envelope["manifest"].encode())
    except InvalidSignature:
        return False
    return True


def _payments_in(content: bytes, manifest: dict[str, Any]) -> Iterator[tuple[str, int, str]]:
    """Reference, fen and account of each payment, read as the manifest says."""
    layout = manifest["layout"]
    if layout is None:
        for payment in _PAYMENT.findall(content):
            name, amount, account = (_found(part, payment) for part in _PARTS)
            yield name, _fen(amount, "yuan"), account
        return
    ending = {"crlf": "\r\n", "lf": "\n", "cr": "\r"}[layout["line_ending"]]
    rows = content.decode(layout["encoding"]).removesuffix(ending).split(ending)
    for row in rows[layout["head_lines"] : len(rows) - layout["tail_lines"]]:
        cells = _cells(row, layout)
        amount = cells[layout["amount_column"]].strip()
        yield cells[layout["id_column"]].strip(), _fen(amount, layout["amount_unit"]), ""


def _found(part: "re.Pattern[bytes]", payment: bytes) -> str:
    match = part.search(payment)
    return match[1].decode() if match else ""


def _fen(amount: str, unit: str) -> int:
    if unit == "fen":
        return int(amount)
    yuan, _, rest = amount.partition(".")
    return int(yuan) * 100 + int(rest.ljust(2, "0"))


def _cells(row: str, layout: dict[str, Any]) -> list[str]:
    """A row's columns; a quoted one loses its quotes, a fixed one is cut by width."""
    if layout["separator"] is not None:
        quote = layout.get("quote") or ""
        return [cell.strip(quote or None) for cell in row.split(layout["separator"])]
    cells, rest = [], row
    for column in layout["columns"]:
        cell = ""
        while rest and _width(cell, layout) < column["width"]:
            cell, rest = cell + rest[0], rest[1:]
        cells.append(cell)
    return cells


def _width(text: str, layout: dict[str, Any]) -> int:
    if layout["width_unit"] == "characters":
        return len(text)
    return len(text.encode(layout["encoding"]))


_NAME: Final = "replace(reference::text, '-', '') || '-' || lpad(transfer.attempt::text, 2, '0')"
_APPROVED: Final = f"""
SELECT {_NAME} AS name, transfer.amount_fen, transfer.account_index,
    array_agg(line_id ORDER BY line_id) AS lines
FROM transfer JOIN transfer_order ON transfer_order.transfer_id = transfer.id
WHERE envelope_id = %s GROUP BY transfer.id ORDER BY position
"""  # noqa: S608 # Every part is text of this file.
_LISTED: Final = f"SELECT {_NAME} AS name, amount_fen FROM transfer WHERE envelope_id = %s"  # noqa: S608 # Every part is text of this file.
