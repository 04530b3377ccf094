"""Money that did not arrive: why, for whom, the new account, its verification, the next attempt."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway import words
from gateway.desk.desk import month_of, names_of, peer, together
from gateway.forms import FORM_BYTES_MAX, FormOf, signed_in
from gateway.pages import pages_of, see
from shared.callers import Caller, needs
from shared.problems import Problem

router = APIRouter(prefix="/staff", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs("payouts:read", kinds=("staff",))]
Maker = Annotated[Caller, needs("payouts:make", kinds=("staff",))]
Bringer = Annotated[Caller, needs("accounts:write", kinds=("staff",))]
Verifier = Annotated[Caller, needs("accounts:write", "payouts:check", kinds=("staff",))]
Decider = Annotated[Caller, needs("payouts:make", "payouts:check", kinds=("staff",))]


@router.get("/returns")
async def list_returns(request: Request, caller: Reader, pay_month: str | None = None) -> Response:
    """What failed in a month and what is held, with what mends each."""
    month = await month_of(request, pay_month)
    payments = peer(request, "payments")
    failed, held = await together(
        payments.get("/failures", {"pay_month": month, "limit": 200}),
        payments.get("/holds", {"pay_month": month, "limit": 200}),
    )
    people = {each["beneficiary_id"] for each in [*failed["items"], *held["items"]]}
    return pages_of(request).render(
        request,
        "desk/returns.html",
        month=month,
        failed=failed["items"],
        held=held["items"],
        names=await _names(request, people),
        hold_reasons=words.HOLD_REASONS,
        account_states=words.ACCOUNT_STATES,
    )


@router.get("/returns/{beneficiary_id}/account")
async def ask_account(
    beneficiary_id: UUID, request: Request, caller: Bringer, pay_month: str | None = None
) -> Response:
    """The form for a new account, brought in person with its paper."""
    month = await month_of(request, pay_month)
    found = await peer(request, "payments").get(f"/beneficiaries/{beneficiary_id}/payments")
    return pages_of(request).render(
        request,
        "desk/account.html",
        month=month,
        beneficiary_id=str(beneficiary_id),
        kind=found["items"][0]["beneficiary_kind"] if found["items"] else "person",
        names=await _names(request, {str(beneficiary_id)}),
        relations=words.RELATIONS,
    )


@router.post("/returns/{beneficiary_id}/account")
async def bring_account(
    beneficiary_id: UUID, request: Request, form: FormOf, caller: Bringer
) -> Response:
    """Write the new account down; somebody else verifies it."""
    month = await month_of(request, form.word("pay_month"))
    said = {
        name: form.word(name)
        for name in ("beneficiary_kind", "relation", "paper", "holder_name", "bank", "account_kind")
    }
    said["account_number"] = form.word("account_number").replace(" ", "")
    said["holder_id"] = form.word("holder_id") or str(beneficiary_id)
    said["since"] = month
    await peer(request, "payments").post(f"/payees/{beneficiary_id}/account", said, key=form.key)
    return see(f"/staff/returns?pay_month={month}")


@router.get("/returns/accounts/{account_id}")
async def show_account(
    account_id: UUID, request: Request, caller: Verifier, pay_month: str | None = None
) -> Response:
    """An account, its holder, and everybody whose money is led to it: what is verified together."""
    month = await month_of(request, pay_month)
    account = await peer(request, "payments").get(f"/accounts/{account_id}")
    return pages_of(request).render(
        request,
        "desk/account_verification.html",
        month=month,
        account=account,
        names=await _names(request, {each["beneficiary_id"] for each in account["payees"]}),
        relations=words.RELATIONS,
        account_states=words.ACCOUNT_STATES,
    )


@router.post("/returns/accounts/{account_id}/verification")
async def verify(account_id: UUID, request: Request, form: FormOf, caller: Verifier) -> Response:
    """A second person says whether the account is the holder's, and of those they were shown."""
    month = await month_of(request, form.word("pay_month"))
    said: dict[str, Any] = {
        "verified": form.word("verified") == "yes",
        "relation_ids": form.word("relation_ids", most=FORM_BYTES_MAX).split(),
    }
    said |= {name: word for name in ("reason", "bank_spelling") if (word := form.word(name))}
    await peer(request, "payments").post(f"/accounts/{account_id}/verification", said, key=form.key)
    return see(f"/staff/returns?pay_month={month}")


@router.post("/returns/reissues")
async def reissue(request: Request, form: FormOf, caller: Maker) -> Response:
    """Make the next attempt for whatever failed and is in order again."""
    month = await month_of(request, form.word("pay_month"))
    await peer(request, "payments").post("/reissues", {"pay_month": month}, key=form.key)
    return see(f"/staff/envelopes?pay_month={month}")


@router.post("/returns/holds/{number}/release")
async def release_hold(number: int, request: Request, form: FormOf, caller: Decider) -> Response:
    """Let a held line be screened again, with the reason."""
    month = await month_of(request, form.word("pay_month"))
    reason = {"reason": form.word("reason", most=400)}
    await peer(request, "payments").post(f"/holds/{number}/release", reason, key=form.key)
    return see(f"/staff/returns?pay_month={month}")


async def _names(request: Request, ids: set[str]) -> dict[str, str]:
    """Whom these ids stand for; with identification away, the page does without."""
    try:
        return await names_of(request, ids)
    except Problem:
        return {}
