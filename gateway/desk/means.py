"""The means of a case at the desk: asked, declared, found at a visit, and what they come to."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway import means
from gateway.desk.desk import peer, together
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from gateway.routes import CASES
from gateway.words import SUPPORT, UNABLE
from shared.callers import Caller, needs

router = APIRouter(prefix="/staff/cases/{case_id}/means", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs(*CASES, kinds=("staff",))]
Applier = Annotated[Caller, needs("cases:apply", kinds=("staff",))]


@router.get("")
async def look(case_id: UUID, request: Request, caller: Reader) -> Response:
    """Every question with what was declared, what was found and the norm; and the sums."""
    service = peer(request, "identification")
    case, living = await together(
        service.get(f"/cases/{case_id}"), service.get(f"/cases/{case_id}/means")
    )
    return pages_of(request).render(
        request,
        "desk/means.html",
        case=case,
        living=living,
        support=SUPPORT,
        unable=UNABLE,
        rows=_rows(living),
        sums=list(
            zip(
                living["reckoned"]["declared"]["sums"],
                living["reckoned"]["found"]["sums"],
                strict=True,
            )
        ),
        typed=means.typed_in(living),
        writable=any(act["act"] == "write" for act in case["acts"]),
    )


@router.post("")
async def write(case_id: UUID, request: Request, form: FormOf, caller: Applier) -> Response:
    """Write what the household says into its application."""
    service = peer(request, "identification")
    case, asked = await together(
        service.get(f"/cases/{case_id}"), service.get(f"/cases/{case_id}/means")
    )
    living = means.living_of(form, asked)
    application = {
        **case["application"],
        "means": living["household"],
        "members": [
            {**each, "means": living["members"].get(each["key"], each["means"])}
            for each in case["application"]["members"]
        ],
    }
    words = {"version": form.number("version"), "words": {"application": application}}
    await service.post(f"/cases/{case_id}/acts/write", words, key=form.key)
    return see(f"/staff/cases/{case_id}/means")


def _rows(living: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The steps, each with a line for whatever somebody said more than nothing to."""
    called = {each["key"]: each["name"] for each in living["members"]}
    return [
        {
            "step": step,
            "lines": [
                {
                    "who": called.get(whose, ""),
                    "question": each,
                    "declared": means.told(each, said.get(each["fact"])),
                    "found": means.told(each, found.get(each["fact"])),
                }
                for (whose, said), (_, found) in zip(
                    means.whom(step, living, living["declared"]),
                    means.whom(step, living, living["found"]),
                    strict=True,
                )
                for each in step["asks"]
                if any(
                    one.get(each["fact"], means.nothing(each)) != means.nothing(each)
                    for one in (said, found)
                )
            ],
            "asked": any(found for _, found in means.whom(step, living, living["found"])),
        }
        for step in living["steps"]
    ]
