"""Runs at the desk: open or resume one, look at its sums, and sign what was looked at."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway import words
from gateway.desk.desk import month_of, peer
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs("runs:read", kinds=("staff",))]
Maker = Annotated[Caller, needs("runs:make", kinds=("staff",))]
Signer = Annotated[Caller, needs("runs:make", "runs:check", kinds=("staff",))]

HOLDS_SHOWN: Final = 200
WORKING: Final = frozenset({"opened", "snapshotting", "calculating"})


@router.get("/runs")
async def list_runs(request: Request, caller: Reader, pay_month: str | None = None) -> Response:
    """The runs of a month, and the form that opens one."""
    month = await month_of(request, pay_month)
    found = await peer(request, "benefits").get("/runs", {"pay_month": month})
    return pages_of(request).render(
        request,
        "desk/runs.html",
        month=month,
        runs=found["items"],
        families={each["code"]: each["zh"] for each in found["families"]},
        kinds=words.RUN_KINDS,
        states=words.RUN_STATES,
    )


@router.post("/runs")
async def open_run(request: Request, form: FormOf, caller: Maker) -> Response:
    """Open a run, or resume the one that is there."""
    wanted = {
        "family": form.word("family"),
        "pay_month": await month_of(request, form.word("pay_month")),
        "kind": form.word("kind"),
        "sequence": form.number("sequence"),
    }
    opened = await peer(request, "benefits").post("/runs", wanted, key=form.key)
    return see(f"/staff/runs/{opened['id']}")


@router.get("/runs/{run_id}")
async def check_page(run_id: UUID, request: Request, caller: Reader) -> Response:
    """Everything two people look at before they sign."""
    benefits = peer(request, "benefits")
    found = await benefits.get(f"/runs/{run_id}")
    holds: list[dict[str, Any]] = []
    if found["holds"]["count"]:
        holds = (await benefits.get(f"/runs/{run_id}/holds", {"limit": HOLDS_SHOWN}))["items"]
    signed = {each["role"] for each in found["signatures"]}
    return pages_of(request).render(
        request,
        "desk/run.html",
        run=found,
        working=found["status"] in WORKING,
        states=words.RUN_STATES,
        families=words.FAMILIES,
        kinds=words.RUN_KINDS,
        may_sign_maker=found["status"] == "calculated"
        and "maker" not in signed
        and caller.has("runs:make"),
        may_sign_head=found["status"] == "calculated"
        and "maker" in signed
        and caller.has("runs:check"),
        holds=holds,
        reasons={each["reason"]: each["words"]["zh"] for each in holds},
        changes=words.CHANGES,
        change_reasons=words.CHANGE_REASONS,
    )


@router.post("/runs/{run_id}/signatures")
async def sign(run_id: UUID, request: Request, form: FormOf, caller: Signer) -> Response:
    """Put one's name under the list whose hash the page showed."""
    said = {"role": form.word("role"), "list_sha256": form.word("list_sha256")}
    await peer(request, "benefits").post(f"/runs/{run_id}/signatures", said, key=form.key)
    return see(f"/staff/runs/{run_id}")


@router.post("/runs/{run_id}/recalculation")
async def recalculate(run_id: UUID, request: Request, form: FormOf, caller: Maker) -> Response:
    """Begin again with the facts known now; signatures given no longer hold."""
    await peer(request, "benefits").post(f"/runs/{run_id}/recalculation", {}, key=form.key)
    return see(f"/staff/runs/{run_id}")


@router.get("/runs/{run_id}/application")
async def application(run_id: UUID, request: Request, caller: Reader) -> Response:
    """The application for funds, to be printed and signed."""
    found = await peer(request, "benefits").get(f"/runs/{run_id}/application")
    return pages_of(request).render(
        request,
        "desk/application.html",
        application=found,
        families=words.FAMILIES,
        kinds=words.RUN_KINDS,
        funds=words.FUNDS,
    )
