"""Near relatives at the desk: one's own on record, and the cases the county is to visit."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import peer
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from gateway.routes import CASES, OVERSEERS
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/relatives", dependencies=[Depends(signed_in)])

Overseer = Annotated[Caller, needs(*OVERSEERS, kinds=("staff",))]
Checker = Annotated[Caller, needs("cases:check", kinds=("staff",))]
Reader = Annotated[Caller, needs(*CASES, kinds=("staff",))]


@router.get("")
async def own(request: Request, caller: Reader) -> Response:
    """What the reader has put on record; for those who oversee, every case the county is to visit,
    and for who checks, what others say holds no longer."""
    service = peer(request, "identification")
    filed = await service.get("/relatives")
    oversees = any(caller.has(scope) for scope in OVERSEERS)
    to_visit = (await service.get("/county-visits"))["items"] if oversees else None
    officials = (await service.get("/officials"))["items"] if oversees else None
    checks = caller.has("cases:check")
    return pages_of(request).render(
        request,
        "desk/relatives.html",
        endings=(await service.get("/relatives/endings"))["items"] if checks else None,
        filed=filed["items"],
        officials=officials,
        villages=pages_of(request).divisions.villages(),
        relations=filed["relations"],
        to_visit=to_visit,
    )


@router.post("")
async def file(request: Request, form: FormOf, caller: Reader) -> Response:
    """Put a relative on record."""
    said = {name: form.word(name) for name in ("relation", "name", "id_number")}
    await peer(request, "identification").post("/relatives", said, key=form.key)
    return see("/staff/relatives")


@router.post("/officials")
async def record(request: Request, form: FormOf, caller: Overseer) -> Response:
    """Put an official on record who has no account."""
    said = {name: form.word(name) for name in ("name", "post", "area", "id_number")}
    await peer(request, "identification").post("/officials", said, key=form.key)
    return see("/staff/relatives#officials")


@router.post("/officials/{official_id}")
async def file_of_official(
    official_id: UUID, request: Request, form: FormOf, caller: Overseer
) -> Response:
    """Put a relative of an official's on record."""
    said = {name: form.word(name) for name in ("relation", "name", "id_number")}
    path = f"/officials/{official_id}/relatives"
    await peer(request, "identification").post(path, said, key=form.key)
    return see("/staff/relatives#officials")


@router.post("/{filing_id}/ending")
async def end(filing_id: UUID, request: Request, form: FormOf, caller: Reader) -> Response:
    """Say that a filing of one's own holds no longer."""
    await peer(request, "identification").post(f"/relatives/{filing_id}/ending", {}, key=form.key)
    return see("/staff/relatives")


@router.post("/{filing_id}/ending/settlement")
async def settle(filing_id: UUID, request: Request, form: FormOf, caller: Checker) -> Response:
    """Agree that another's filing ends, or not."""
    said = {"agreed": form.word("agreed") == "yes"}
    path = f"/relatives/{filing_id}/ending/settlement"
    await peer(request, "identification").post(path, said, key=form.key)
    return see("/staff/relatives")
