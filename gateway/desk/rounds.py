"""Campaign rounds at the desk: begun, typed in, sampled and summed up."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from gateway.desk.desk import peer
from gateway.forms import FormOf, signed_in
from gateway.pages import pages_of, see
from gateway.routes import LEADERS, PAPER, VISITORS
from gateway.uploads import FormFile, pass_on, posted_file
from shared.callers import Caller, needs
from shared.clock import Clock

router = APIRouter(prefix="/staff/rounds", dependencies=[Depends(signed_in)])

Reader = Annotated[Caller, needs(*VISITORS, kinds=("staff",))]
Leader = Annotated[Caller, needs(*LEADERS, kinds=("staff",))]
FOUND = {
    "current": {"kept": "继续保障", "left": "应退出"},
    "refused": {"added": "应纳入", "not-added": "不纳入"},
    "left": {"added": "应纳入", "not-added": "不纳入"},
    "registered-poor": {"added": "应纳入", "not-added": "不纳入"},
}
BECAUSE = {
    "current": "在保",
    "refused": "未批准",
    "left": "已退出",
    "registered-poor": "建档立卡未保",
}
LINES_MAX = 200_000
UNKNOWN_MAX = 2_000
"""As much is told again of numbers that are no household's."""


@router.get("")
async def all_rounds(request: Request, caller: Reader) -> Response:
    """The rounds there are, and a form to begin one."""
    found = await peer(request, "identification").get("/rounds")
    clock: Clock = request.app.state.clock
    return pages_of(request).render(request, "desk/rounds.html", year=clock.today().year, **found)


@router.post("")
async def begin(request: Request, form: FormOf, caller: Leader) -> Response:
    """Begin a round: everybody it looks at is frozen."""
    said = {
        "campaign": form.word("campaign"),
        "year": form.number("year"),
        "area": form.word("area"),
        "look_back": form.word("look_back") == "yes",
        "registered_poor": form.word("registered_poor", most=LINES_MAX).split(),
    }
    opened = await peer(request, "identification").post("/rounds", said, key=form.key)
    told = {"poor_of": opened["poor_of"], "unknown": " ".join(opened["unknown"])[:UNKNOWN_MAX]}
    told = {name: word for name, word in told.items() if word}
    beside = f"?{urlencode(told)}" if said["look_back"] and told else ""
    return see(f"/staff/rounds/{opened['round_id']}{beside}")


@router.get("/{round_id}")
async def look(
    round_id: UUID,
    request: Request,
    caller: Reader,
    village: str | None = None,
    poor_of: str = "",
    unknown: str = "",
) -> Response:
    """A round with its sums, and a form for each household of a village.

    Who has just begun it is told whose registered poor it holds, and which numbers are nobody's.
    """
    service = peer(request, "identification")
    found = await service.get(f"/rounds/{round_id}", {"village": village})
    return pages_of(request).render(
        request,
        "desk/round.html",
        round=found,
        village=village,
        kinds=FOUND,
        because=BECAUSE,
        poor_of=poor_of[:7],
        unknown=unknown[:UNKNOWN_MAX],
    )


@router.post("/{round_id}/findings")
async def find(round_id: UUID, request: Request, form: FormOf, caller: Reader) -> Response:
    """What a visit found of one household."""
    said = {
        "serial": form.number("serial"),
        "was": form.word("was") or None,
        "finding": form.word("finding"),
        "visited_on": form.word("visited_on"),
        "note": form.word("note", most=2000),
    }
    await peer(request, "identification").post(f"/rounds/{round_id}/findings", said, key=form.key)
    return see(f"/staff/rounds/{round_id}?{urlencode({'village': form.word('village')})}")


@router.post("/{round_id}/findings/{serial}/signature")
async def sign(
    round_id: UUID, serial: int, request: Request, form: FormOf, caller: Reader
) -> Response:
    """Sign what another found, as it was read."""
    path = f"/rounds/{round_id}/findings/{serial}/signature"
    said = {"finding": form.word("finding")}
    await peer(request, "identification").post(path, said, key=form.key)
    return see(f"/staff/rounds/{round_id}?{urlencode({'village': form.word('village')})}")


@router.post("/{round_id}/findings/{serial}/check")
async def check(
    round_id: UUID, serial: int, request: Request, form: FormOf, caller: Reader
) -> Response:
    """What a second look found of whom chance picked."""
    said = {
        "was": form.word("was") or None,
        "finding": form.word("finding"),
        "visited_on": form.word("visited_on"),
        "note": form.word("note", most=2000),
    }
    path = f"/rounds/{round_id}/findings/{serial}/check"
    await peer(request, "identification").post(path, said, key=form.key)
    return see(f"/staff/rounds/{round_id}?{urlencode({'village': form.word('village')})}")


@router.post("/{round_id}/findings/{serial}/weighing")
async def weigh(
    round_id: UUID, serial: int, request: Request, form: FormOf, caller: Leader
) -> Response:
    """Which of two looks counts."""
    path = f"/rounds/{round_id}/findings/{serial}/weighing"
    said = {"counts": form.word("counts"), "reason": form.word("reason", most=2000)}
    await peer(request, "identification").post(path, said, key=form.key)
    return see(f"/staff/rounds/{round_id}?{urlencode({'village': form.word('village')})}")


@router.post("/{round_id}/paper-findings")
async def find_on_paper(
    round_id: UUID,
    request: Request,
    file: Annotated[FormFile, Depends(posted_file)],
    caller: Reader,
) -> Response:
    """What a form on paper found, with the form; it is signed by the accounts that are named."""
    words = file.words
    asked: dict[str, str | list[str]] = {
        name: words[name] for name in ("serial", "finding", "visited_on", "was") if words.get(name)
    }
    asked["account"] = [words.get("first", ""), words.get("second", "")]
    path = f"/rounds/{round_id}/paper-findings?{urlencode(asked, doseq=True)}"
    await pass_on(request, path, file, PAPER, named_for=VISITORS)
    return see(f"/staff/rounds/{round_id}?{urlencode({'village': words.get('village', '')})}")


@router.post("/{round_id}/sample")
async def draw(round_id: UUID, request: Request, form: FormOf, caller: Leader) -> Response:
    """Draw who is visited once more."""
    await peer(request, "identification").post(f"/rounds/{round_id}/sample", {}, key=form.key)
    return see(f"/staff/rounds/{round_id}")


@router.post("/{round_id}/closing")
async def close(round_id: UUID, request: Request, form: FormOf, caller: Leader) -> Response:
    """End a round in which everybody has a finding."""
    await peer(request, "identification").post(f"/rounds/{round_id}/closing", {}, key=form.key)
    return see(f"/staff/rounds/{round_id}")


@router.post("/{round_id}/calling-off")
async def call_off(round_id: UUID, request: Request, form: FormOf, caller: Leader) -> Response:
    """End a round that was begun by mistake."""
    said = {"reason": form.word("reason", most=400)}
    await peer(request, "identification").post(
        f"/rounds/{round_id}/calling-off", said, key=form.key
    )
    return see(f"/staff/rounds/{round_id}")
