"""What lies outside our databases: the banks' own books, the oracle of who was credited."""

from collections.abc import Iterator
from typing import Any, Final

from services.payments.checks.files import Written
from services.payments.checks.findings import Finding, Rows, all_of

BOOKED: Final = {  # What a bank's books may say of a transfer that stands so with us.
    "in-flight": {"accepted"},
    "unconfirmed": {"accepted"},
    "settled": {"settled"},
    "returned": {"returned"},
    "refused": {"refused"},
}


def books(payments: Rows, books: list[Any], pay_month: str, written: Written) -> Iterator[Finding]:
    """The banks' own books know each transfer once, with its sum, and as we say it stands.

    `written`: what the payout files say, to compare the account that was credited.
    """
    ours = {
        (row["bank"], row["end_to_end_id"]): row
        for row in payments.execute(_AT_BANKS, {"pay_month": pay_month})
    }
    others = {row["end_to_end_id"] for row in payments.execute(_OTHER_MONTHS, [pay_month])}
    seen: dict[tuple[str, str], Any] = {}
    twice, strange, differ, elsewhere = [], [], [], []
    had: dict[str, int] = {}
    sums: dict[str, int] = {}
    for credit in books:
        name, key = credit["end_to_end_id"], (credit["bank"], credit["end_to_end_id"])
        sums[name] = credit["amount_fen"]
        if key in seen:
            twice.append(name)
        seen[key] = credit
        if credit["state"] == "settled":  # Whatever the attempt: one payment is credited once.
            payment = name.rpartition("-")[0]
            had[payment] = had.get(payment, 0) + 1
            if had[payment] == 2:
                twice.append(name)
        account = written.get(name, (0, ""))[1]
        if account and account != credit.get("account_number", account):
            elsewhere.append(name)
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
    yield from all_of("credited-to-another-account", elsewhere, sums)
    yield from all_of("credited-but-unknown-to-us", strange, sums)
    yield from all_of("bank-says-otherwise", differ, sums)
    yield from all_of("answered-but-not-in-books", unheard, dict.fromkeys(unheard, 0))


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
