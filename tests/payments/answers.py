"""What the co-operative and the commercial bank would answer, written by hand, line by line."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

SETTLED, CLOSED, WRONG_NAME, UNKNOWN_CODE = "0000", "1001", "1002", "9000"


def rows_of(file: bytes) -> list[list[str]]:
    """The payment rows of a file sent to the co-operative: serial, id, account, holder, amount."""
    lines = file.decode("gb18030").split("\r\n")[1:-2]
    return [line.split("|") for line in lines]


def _fen(yuan: str) -> int:
    return int(yuan.replace(".", ""))


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def answer_to(
    envelope: dict[str, Any],
    file: bytes,
    codes: Mapping[str, str] | None = None,
    *,
    message: str = "M1",
    only: int | None = None,
    amounts: Mapping[str, str] | None = None,
    extra: Sequence[tuple[str, str, str]] = (),
) -> bytes:
    """The co-operative's answer: settled, but for the ids that have another code.

    Args:
        only: how many rows it answers at all.
        amounts: another amount for an id.
        extra: further rows (id, amount, code) that are in no file of ours.
    """
    rows = [
        (row[1], row[2], (amounts or {}).get(row[1], row[4]), (codes or {}).get(row[1], SETTLED))
        for row in rows_of(file)[:only]
    ]
    rows += [(name, "6200000000000000", amount, code) for name, amount, code in extra]
    batch = f"{UUID(envelope['id']).hex}-{envelope['attempt']:02d}"
    settled = [_fen(row[2]) for row in rows if row[3] == SETTLED]
    failed = [_fen(row[2]) for row in rows if row[3] != SETTLED]
    lines = [f"HD|{batch}|20261009|{message}|{len(rows)}|{_yuan(sum(settled) + sum(failed))}"]
    lines += [
        f"{serial:06d}|{name}|{account}|{amount}|{code}||20261009"
        for serial, (name, account, amount, code) in enumerate(rows, 1)
    ]
    lines.append(f"END|{len(settled)}|{_yuan(sum(settled))}|{len(failed)}|{_yuan(sum(failed))}")
    return "".join(f"{line}\r\n" for line in lines).encode("gb18030")


def came_back(
    envelope: dict[str, Any], file: bytes, names: Sequence[str], *, message: str = "T1"
) -> bytes:
    """The co-operative's list of returns, days later."""
    batch = f"{UUID(envelope['id']).hex}-{envelope['attempt']:02d}"
    rows = [row for row in rows_of(file) if row[1] in names]
    total = sum(_fen(row[4]) for row in rows)
    lines = [f"TH|20261013|{message}|{len(rows)}|{_yuan(total)}"]
    lines += [
        f"{serial:06d}|{batch}|{row[1]}|{row[2]}|{row[4]}|2001|20261013"
        for serial, row in enumerate(rows, 1)
    ]
    lines.append(f"END|{len(rows)}|{total}")
    return "".join(f"{line}\r\n" for line in lines).encode("gb18030")


def status_report(
    envelope: dict[str, Any],
    status: str,
    reason: str = "",
    *,
    kind: str = "Cd",
    block: bool = False,
) -> bytes:
    """A pain.002 about a whole file, naming no payment.

    Args:
        kind: whether the reason is ISO's (Cd) or the bank's own (Prtry).
        block: it is said of the file's one block of payments, not of the group.
    """
    batch = f"{UUID(envelope['id']).hex}-{envelope['attempt']:02d}"
    why = f"<StsRsnInf><Rsn><{kind}>{reason}</{kind}></Rsn></StsRsnInf>" if reason else ""
    group, payments = f"<GrpSts>{status}</GrpSts>{why}", ""
    if block:
        group, payments = (
            "",
            (
                f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{batch}</OrgnlPmtInfId>"
                f"<PmtInfSts>{status}</PmtInfSts>{why}</OrgnlPmtInfAndSts>"
            ),
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>P002-{status}-{reason}</MsgId>"
        "<CreDtTm>2026-10-09T10:00:00+08:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{batch}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{group}"
        f"</OrgnlGrpInfAndSts>{payments}</CstmrPmtStsRpt></Document>"
    ).encode()
