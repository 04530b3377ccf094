"""What status reports, debit notices, statements and returns say of our payments.

pain.002 says accepted or refused; a camt debit says settled, a camt credit and a pacs.004 that it
came back. Every total a message states about itself must be right, else all of it is refused.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from services.payments.banks.facts import Outcome, ResultFile, ResultItem, ResultRefused, WholeFile
from services.payments.banks.identifiers import read_reference
from services.payments.banks.iso_messages import Message, Record
from services.payments.banks.profiles import Iso20022Profile
from services.payments.banks.reasons import reason_of
from shared.money import Fen

CURRENCY: Final = "CNY"

_STATUSES: Final[Mapping[str, Outcome]] = {
    "RCVD": Outcome.ACCEPTED,
    "PDNG": Outcome.ACCEPTED,
    "ACTC": Outcome.ACCEPTED,
    "ACCP": Outcome.ACCEPTED,
    "ACSP": Outcome.ACCEPTED,
    "ACWC": Outcome.ACCEPTED,
    "ACSC": Outcome.SETTLED,
    "ACCC": Outcome.SETTLED,
    "RJCT": Outcome.REFUSED,
}
_DECIMAL = re.compile(r"([0-9]{1,13})(?:\.([0-9]{1,5}))?")


def read(profile: Iso20022Profile, message: Message) -> ResultFile:
    """One message.

    Raises:
        ResultRefused: the bank does not answer with this kind, a mandatory element is missing, the
            currency is not ours, or a total is wrong.
    """
    if message.kind not in profile.answers:
        raise ResultRefused(f"{message.kind[:40]!r} is no message this bank answers with")
    return _READERS[message.kind](profile, message)


def _read_status_report(profile: Iso20022Profile, message: Message) -> ResultFile:
    head, top = message.root, "CstmrPmtStsRpt"
    batch = _needed(head, f"{top}/OrgnlGrpInfAndSts/OrgnlMsgId")
    items: list[ResultItem] = []
    stated_blocks: dict[str, Record] = {}
    for block in head.each("OrgnlPmtInfAndSts"):
        told = [_status(profile, record, batch) for record in block.each("TxInfAndSts")]
        stated = _count(block, "OrgnlNbOfTxs")
        if stated is not None and len(told) > stated:
            raise ResultRefused("more payments than the block states", row=block.row)
        _check_statuses(block)
        if block_status := block.text("PmtInfSts"):
            stated_blocks.setdefault(block_status, block)
        items += told
    group_status = head.text(f"{top}/OrgnlGrpInfAndSts/GrpSts")
    if group_status is None and not items and not stated_blocks:
        raise ResultRefused("the report states no status of anything")
    whole_file = None
    if not items and group_status is not None:
        code = _code(head, f"{top}/OrgnlGrpInfAndSts/StsRsnInf/Rsn")
        whole_file = _whole_file(profile, group_status, code)
    elif not items and len(stated_blocks) == 1:  # A file of ours is one block.
        [(block_status, block)] = stated_blocks.items()
        whole_file = _whole_file(profile, block_status, _code(block, "StsRsnInf/Rsn"))
    elif not items:
        whole_file = WholeFile(Outcome.UNKNOWN, None, None)
    return ResultFile(
        kind=message.kind,
        message_id=_needed(head, f"{top}/GrpHdr/MsgId"),
        batch=batch,
        payer_account=None,
        items=tuple(items),
        whole_file=whole_file,
        count=len(items),
        total_fen=None,
    )


def _status(profile: Iso20022Profile, record: Record, batch: str) -> ResultItem:
    status = _needed(record, "TxSts")
    outcome = _STATUSES.get(status, Outcome.UNKNOWN)
    code = _code(record, "StsRsnInf/Rsn")
    amount = None
    if record.text("OrgnlTxRef/Amt/InstdAmt") is not None:
        amount = _amount(record, "OrgnlTxRef/Amt/InstdAmt")
    return ResultItem(
        end_to_end_id=_needed(record, "OrgnlEndToEndId"),
        outcome=outcome,
        amount_fen=amount,
        reason=reason_of(code, profile.reasons) if outcome == Outcome.REFUSED else None,
        bank_code=code or status,
        batch=batch,
    )


def _check_statuses(block: Record) -> None:
    """Counts a bank may state for each status; a report may name only the refused ones."""
    told = [record.text("TxSts") for record in block.each("TxInfAndSts")]
    for stated in block.each("NbOfTxsPerSts"):
        status, count = stated.text("DtldSts"), _count(stated, "DtldNbOfTxs")
        if told and status in told and count is not None and told.count(status) != count:
            raise ResultRefused("a count of a status is not that of its payments", row=stated.row)


def _whole_file(profile: Iso20022Profile, status: str, code: str | None) -> WholeFile:
    outcome = _STATUSES.get(status, Outcome.UNKNOWN)
    reason = reason_of(code, profile.reasons) if outcome == Outcome.REFUSED else None
    if reason == "duplicate":
        # The bank has had this file before: that says nothing of the payments in it.
        return WholeFile(Outcome.UNKNOWN, reason, code)
    return WholeFile(outcome, reason, code or status)


def _read_notice(profile: Iso20022Profile, message: Message) -> ResultFile:
    return _read_account_report(profile, message, "BkToCstmrDbtCdtNtfctn", "Ntfctn")


def _read_statement(profile: Iso20022Profile, message: Message) -> ResultFile:
    return _read_account_report(profile, message, "BkToCstmrStmt", "Stmt")


def _read_account_report(
    profile: Iso20022Profile, message: Message, top: str, name: str
) -> ResultFile:
    reports = list(message.root.each(name))
    if len(reports) != 1:
        raise ResultRefused(f"{len(reports)} reports in one message; each must come alone")
    report = reports[0]
    items: list[ResultItem] = []
    foreign = debits = credits = 0
    for entry in report.each("Ntry"):
        amount = _amount(entry, "Amt")
        if _is_debit(entry):
            debits += amount
        else:
            credits += amount
        ours = list(_entry_items(profile, entry, amount))
        foreign += not ours
        items += ours
    _check_summary(report, debits, credits)
    _check_balances(report, credits - debits)
    return ResultFile(
        kind=message.kind,
        message_id=_needed(message.root, f"{top}/GrpHdr/MsgId"),
        batch=None,
        payer_account=report.text("Acct/Id/IBAN") or report.text("Acct/Id/Othr/Id"),
        items=tuple(items),
        whole_file=None,
        count=len(items),
        total_fen=Fen(sum(item.amount_fen or 0 for item in items)),
        foreign_entries=foreign,
    )


def _entry_items(profile: Iso20022Profile, entry: Record, amount: int) -> Iterator[ResultItem]:
    """The payments of ours in one booked entry; none where it is about something else."""
    booked = entry.text("Sts/Cd") or entry.text("Sts")
    debit = _is_debit(entry)
    day = _day(entry, "BookgDt/Dt") or _day(entry, "BookgDt/DtTm") or _day(entry, "ValDt/Dt")
    details = [record for group in entry.each("NtryDtls") for record in group.each("TxDtls")]
    total = 0
    for record in details:
        part = (
            amount if len(details) == 1 and record.text("Amt") is None else _amount(record, "Amt")
        )
        total += part
        reference = record.text("Refs/EndToEndId")
        code = _code(record, "RtrInf/Rsn")
        if reference in (None, "NOTPROVIDED") or booked != "BOOK":
            continue
        assert reference is not None
        if debit:
            outcome = Outcome.SETTLED
        elif code is not None or entry.text("RvslInd") == "true":
            outcome = Outcome.RETURNED
        elif read_reference(reference) is not None:
            outcome = Outcome.UNKNOWN  # Our payment's name on money that arrives: ask why.
        else:
            continue
        yield ResultItem(
            end_to_end_id=reference,
            outcome=outcome,
            amount_fen=Fen(part),
            reason=reason_of(code, profile.reasons) if outcome == Outcome.RETURNED else None,
            bank_code=code,
            settled_on=day,
            batch=record.text("Refs/MsgId"),
        )
    if details and total != amount:
        raise ResultRefused("an entry's details do not make its amount", row=entry.row)


def _check_summary(report: Record, debits: int, credits: int) -> None:
    """The totals a report states of its own entries."""
    sides = [_is_debit(entry) for entry in report.each("Ntry")]
    counts = {
        "TtlNtries": len(sides),
        "TtlDbtNtries": sum(sides),
        "TtlCdtNtries": len(sides) - sum(sides),
    }
    sums = {"TtlNtries": debits + credits, "TtlDbtNtries": debits, "TtlCdtNtries": credits}
    for name, count in counts.items():
        stated = _count(report, f"TxsSummry/{name}/NbOfNtries")
        if stated is not None and stated != count:
            raise ResultRefused(
                f"{name} states {stated} entries, {count} stand in it", row=report.row
            )
        text = report.text(f"TxsSummry/{name}/Sum")
        if text is not None and _fen(text, report) != sums[name]:
            raise ResultRefused(f"{name} states another sum than its entries make", row=report.row)


def _check_balances(report: Record, net: int) -> None:
    """A statement must explain its closing balance; one with a hole in it is not taken in."""
    balances: dict[str, int] = {}
    for balance in report.each("Bal"):
        sign = -1 if _is_debit(balance) else 1
        code = balance.text("Tp/CdOrPrtry/Cd") or ""
        balances.setdefault(code, sign * _amount(balance, "Amt"))
    opening = balances.get("OPBD", balances.get("PRCD"))
    closing = balances.get("CLBD")
    if opening is not None and closing is not None and opening + net != closing:
        raise ResultRefused(
            f"the entries leave {closing - opening - net} fen of the closing balance unexplained",
            row=report.row,
        )


def _read_return(profile: Iso20022Profile, message: Message) -> ResultFile:
    head, top = message.root, "PmtRtr"
    items: list[ResultItem] = []
    total = 0
    for record in head.each("TxInf"):
        amount = _amount(record, "RtrdIntrBkSttlmAmt")
        code = _code(record, "RtrRsnInf/Rsn")
        total += amount
        items.append(
            ResultItem(
                end_to_end_id=_needed(record, "OrgnlEndToEndId"),
                outcome=Outcome.RETURNED,
                amount_fen=amount,
                reason=reason_of(code, profile.reasons),
                bank_code=code,
                settled_on=_day(record, "IntrBkSttlmDt")
                or _day(head, f"{top}/GrpHdr/IntrBkSttlmDt"),
                batch=record.text("OrgnlGrpInf/OrgnlMsgId")
                or head.text(f"{top}/OrgnlGrpInf/OrgnlMsgId"),
            )
        )
    if _count(head, f"{top}/GrpHdr/NbOfTxs") != len(items) or not items:
        raise ResultRefused("NbOfTxs is not the number of returned payments")
    for path in ("CtrlSum", "TtlRtrdIntrBkSttlmAmt"):
        text = head.text(f"{top}/GrpHdr/{path}")
        if text is not None and _fen(text, head) != total:
            raise ResultRefused(f"{path} is not the sum of the returned payments")
    return ResultFile(
        kind=message.kind,
        message_id=_needed(head, f"{top}/GrpHdr/MsgId"),
        batch=head.text(f"{top}/OrgnlGrpInf/OrgnlMsgId"),
        payer_account=None,
        items=tuple(items),
        whole_file=None,
        count=len(items),
        total_fen=Fen(total),
    )


_READERS: Final[Mapping[str, Callable[[Iso20022Profile, Message], ResultFile]]] = {
    "pain.002.001.10": _read_status_report,
    "camt.054.001.08": _read_notice,
    "camt.053.001.08": _read_statement,
    "pacs.004.001.09": _read_return,
}


def _needed(record: Record, path: str) -> str:
    text = record.text(path)
    if text is None:
        raise ResultRefused(f"{record.name}/{path} is missing", row=record.row)
    return text


def _code(record: Record, path: str) -> str | None:
    """A bank's reason, in ISO's word for it or in the bank's own."""
    return record.text(f"{path}/Cd") or record.text(f"{path}/Prtry")


def _amount(record: Record, path: str) -> Fen:
    text, currency = _needed(record, path), record.text(f"{path}@Ccy")
    if currency != CURRENCY:
        raise ResultRefused(f"{record.name}/{path} is not in {CURRENCY}", row=record.row)
    return Fen(_fen(text, record))


def _fen(text: str, record: Record) -> int:
    match = _DECIMAL.fullmatch(text)
    decimals = (match[2] or "").rstrip("0") if match else ""
    if match is None or len(decimals) > 2:
        raise ResultRefused(f"an amount in {record.name} is not whole fen", row=record.row)
    return int(match[1]) * 100 + int(decimals.ljust(2, "0"))


def _count(record: Record, path: str) -> int | None:
    text = record.text(path)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise ResultRefused(f"{record.name}/{path} is not a number", row=record.row)
    return int(text)


def _day(record: Record, path: str) -> date | None:
    text = record.text(path)
    if text is None:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError as problem:
        raise ResultRefused(f"{record.name}/{path} is not a date", row=record.row) from problem


def _is_debit(record: Record) -> bool:
    side = _needed(record, "CdtDbtInd")
    if side not in ("CRDT", "DBIT"):
        raise ResultRefused(f"{record.name}/CdtDbtInd is neither side", row=record.row)
    return side == "DBIT"
