"""Readable makers: a test names what matters to it, the rest is plausible."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from shared.contracts.benefits import RunClosed, RunKind
from shared.contracts.digest import ListDigest
from shared.ids import new_id
from shared.months import Month

COUNTY = "511425"
VILLAGE = "511425102201"
OCTOBER = "2026-10"


def a_line(
    *,
    beneficiary_id: UUID | None = None,
    household_id: UUID | None = None,
    beneficiary_kind: str = "household",
    programme: str = "dibao",
    budget_item: str = "2081902",
    amount_fen: int = 58600,
    month: str = OCTOBER,
    kind: str = "regular",
    village: str = VILLAGE,
) -> dict[str, Any]:
    """One line of a closed run, without the run it belongs to."""
    beneficiary = beneficiary_id or household_id or uuid4()
    return {
        "line_id": str(new_id()),
        "beneficiary_kind": beneficiary_kind,
        "beneficiary_id": str(beneficiary),
        "household_id": str(household_id or beneficiary),
        "village": village,
        "programme": programme,
        "budget_item": budget_item,
        "month": month,
        "difference": 1,
        "kind": kind,
        "cause": kind,
        "amount_fen": amount_fen,
    }


def a_run(
    lines: Sequence[dict[str, Any]],
    *,
    run_id: UUID | None = None,
    pay_month: str = OCTOBER,
    kind: RunKind = RunKind.REGULAR,
    sequence: int = 1,
    **words: Any,
) -> tuple[RunClosed, list[dict[str, Any]]]:
    """A closed run and its lines as benefits would page them."""
    run_id = run_id or new_id()
    items = sorted(({**line, "run_id": str(run_id)} for line in lines), key=lambda x: x["line_id"])
    digest = ListDigest()
    for item in items:
        digest.add(item)
    told = {
        "county": COUNTY,
        "occurred_at": datetime(2026, 10, 8, tzinfo=UTC),
        "run_id": run_id,
        "family": "livelihood",
        "pay_month": Month.parse(pay_month),
        "kind": kind,
        "sequence": sequence,
        "lines_count": len(items),
        "total_fen": sum(item["amount_fen"] for item in items),
        "list_sha256": digest.hexdigest(),
    }
    return RunClosed.model_validate({**told, **words}), items


def an_account(
    line: dict[str, Any],
    *,
    number: str | None = None,
    bank: str = "qsrcc",
    holder_name: str = "李卫国",
    relation: str | None = None,
    holder_id: UUID | str | None = None,
    holder_kind: str = "person",
    paper: str | None = None,
    since: str = "2026-01",
) -> dict[str, Any]:
    """The account to which a line's money goes, as identification hands it on."""
    natural = "household" if line["beneficiary_kind"] == "household" else "self"
    return {
        "beneficiary_kind": line["beneficiary_kind"],
        "beneficiary_id": line["beneficiary_id"],
        "relation": relation or natural,
        "paper": paper,
        "since": since,
        "holder_kind": holder_kind,
        "holder_id": str(holder_id or line["beneficiary_id"]),
        "holder_name": holder_name,
        "bank": bank,
        "account_number": number or f"62{UUID(line['beneficiary_id']).int % 10**16:016d}",
        "account_kind": "card",
    }
