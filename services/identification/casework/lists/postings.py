"""The lists a case is on: which comes next, what shows that it was up, and how it comes down."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from services.identification import names
from services.identification.casework import classes
from services.identification.casework.decisions import grants
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.grammar import rows
from services.identification.grammar.acts import Words
from services.identification.grammar.history import Done
from services.identification.models import CaseDocument, CasePerson, Person, Posting
from services.identification.posting_lists import (
    BEFORE_COUNTY,
    BEFORE_DECISION,
    BEFORE_OPINION,
    PostingList,
)
from shared.database import new_id
from shared.months import civil_date
from shared.problems import Conflict

Need = Callable[[Standing], bool]

PUT_UP: Final = "post"
BOARDS: Final[Mapping[str, Words]] = {
    "village": Words("村（社区）公示", "the village's list"),
    "township": Words("乡镇（街道）公示", "the township's list"),
    "county": Words("县级公示", "the county's list"),
}
SENT_BACK: Final = "return-to-township"
_STANDS_AFTER: Final = {
    SENT_BACK: BEFORE_OPINION,
    "propose": BEFORE_COUNTY,
    "approve": BEFORE_DECISION,
}
"""What a case is posted before, once this was done."""
_FOUND: Final = {
    BEFORE_OPINION: "调查属实",
    BEFORE_COUNTY: "拟同意",
    BEFORE_DECISION: "拟确认",
}
"""What a list says was found so far, by what it stands before."""
TOWNSHIP_DIGITS: Final = 9


class PhotoOfAnother(Conflict):
    """This photo shows another list: each list is photographed on its own board, once it is up."""


def before(at: Standing) -> str:
    """What a case is posted before now: the township's opinion, the county, or its decision."""
    after = [_STANDS_AFTER[each.act] for each in at.this_round() if each.act in _STANDS_AFTER]
    return after[-1] if after else BEFORE_OPINION


def left(at: Standing, stands: str) -> list[PostingList]:
    """The lists up to where a case stands that were not shown to their end, in their order."""
    over = _shown(at)
    return [each for each in at.settings.lists if each.is_due(stands) and each.board not in over]


def next_list(at: Standing) -> PostingList | None:
    """The list a case is to be put up on now."""
    return next(iter(left(at, before(at))), None)


def days_shown(at: Standing, posted_on: PostingList) -> int:
    """For how many days: again after an objection, as the place says it of all of them."""
    again = bool(at.done("object"))
    return at.settings.number("posting_days_again") if again else posted_on.days


def comes_down_on(at: Standing) -> date:
    """The day on which the list that is put up now is taken down. On the public page it stands from
    today, and nobody could object before."""
    up = next_list(at)
    assert up is not None, "a case is posted only while a list is left"
    first_day = max(date.fromisoformat(str(at.words["first_day"])), at.today)
    return first_day + timedelta(days=days_shown(at, up))


def found_so_far(at: Standing, stands: str) -> str:
    """What a list says of a case, in words."""
    met = any(each.act == "appraise" for each in at.this_round())
    return "评议通过" if met and stands == BEFORE_OPINION else _FOUND[stands]


def way(at: Standing, name: str) -> str:
    """Where a case goes on to: to another list while one is left, else to what it stood before."""
    if name == "lists":
        stands, more = before(at), next_list(at) is not None and not at.withheld
        return "more" if more else stands
    stands = name.removeprefix("list-")
    if stands == BEFORE_OPINION and not appraised_in_favour(at):
        return "none"
    return "more" if left(at, stands) else "none"


def appraised_in_favour(at: Standing) -> bool:
    """Whether enough of those present were in favour at the last meeting, if one was."""
    met = [each.words for each in at.this_round() if each.act == "appraise"]
    met += [at.words] if "in_favour" in at.words else []
    if not met:
        return True
    in_favour, present = int(met[-1]["in_favour"]), int(met[-1]["present"])
    return at.settings.share("appraisal_majority").reached(in_favour, present)


def line(at: Standing, dead: Collection[str]) -> dict[str, Any] | None:
    """Whom a list names, by the whole name, how many it says they are, and the sum that was set:
    everybody who counts, but not who died, by these keys; None where nobody of age is left to name
    it."""
    named = at.listed(dead)
    if named is None:
        return None
    members = [each for each in grants.counted(at) if each.key not in dead and not each.away]
    return {"name": named.name, "members": len(members), "sum": classes.told_of(at)}


async def dead_of(desk: Desk, case_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """By their keys, who of each of these cases has died, as the register knows."""
    statement = (
        select(col(CasePerson.case_id), col(CasePerson.person_key))
        .join(Person, col(Person.id_index) == col(CasePerson.id_index))
        .where(col(CasePerson.case_id).in_(case_ids), col(Person.died_on).is_not(None))
    )
    dead: dict[UUID, set[str]] = {}
    for case_id, key in (await desk.session.exec(statement)).all():
        dead.setdefault(case_id, set()).add(key)
    return dead


async def put_up_list(desk: Desk, at: Standing) -> None:
    """Show what may be shown: name, village, how many, what was found and set; nothing else. The
    name is kept as it hangs on the board, whole.

    Raises:
        PhotoOfAnother: the photo was used before, and not of the same list on the same day.
    """
    up, posting_id = next_list(at), new_id()
    assert up is not None, "a case is posted only while a list is left"
    dead = await dead_of(desk, [at.case.id])
    # Where nobody is left to name it, the paper that hangs was written while they lived.
    named = line(at, dead.get(at.case.id, ())) or line(at, ())
    assert named is not None, "a case that names nobody of age is withheld"
    first_day = date.fromisoformat(str(at.words["first_day"]))
    await _refuse_photo_of_another(desk, at, up.board, first_day)
    shown = {
        **named,
        "category": at.case.category,
        "found": found_so_far(at, up.stands),
    }
    posting = Posting(
        id=posting_id,
        county=at.case.county,
        case_id=at.case.id,
        stage=up.board,
        round=at.round,
        village=at.case.village,
        first_day=first_day,
        last_day=comes_down_on(at) - timedelta(days=1),
        shown_sealed=desk.keys.encrypt(
            json.dumps(shown, ensure_ascii=False),
            table="posting",
            column="shown_sealed",
            row=posting_id,
        ),
        photo_id=UUID(str(at.words["photo_id"])),
    )
    desk.session.add(posting)
    await desk.note(
        "case-list-shown",
        str(at.case.id),
        {"list": up.board, "row": rows.witness(posting, "taken_down_on")},
    )


def hangs_whole(desk: Desk, posting: Posting) -> bool:
    """Whether the paper that hangs has the whole name; an older one has it masked."""
    shown = json.loads(
        desk.keys.decrypt(
            posting.shown_sealed, table="posting", column="shown_sealed", row=posting.id
        )
    )
    return not names.is_called(str(shown["name"]))


async def take_down_list(desk: Desk, at: Standing) -> None:
    """Take down every list that is still up."""
    for posting in at.postings:
        if posting.taken_down_on is None:
            posting.taken_down_on = at.today
            desk.session.add(posting)
            await desk.note(
                "case-list-taken-down",
                str(at.case.id),
                {"posting": str(posting.id), "on": at.today.isoformat()},
            )


async def _refuse_photo_of_another(desk: Desk, at: Standing, board: str, first_day: date) -> None:
    """One photo shows one list with everybody on it: the same board, put up on the same day."""
    photo = at.document(str(at.words["photo_id"]))
    assert photo is not None, "a photo that is said is of this case"
    used = await desk.session.exec(
        select(Posting)
        .join(CaseDocument, col(CaseDocument.id) == col(Posting.photo_id))
        .where(col(CaseDocument.sha256) == photo.sha256)
    )
    here = (board, hangs_at(board, at.case.village), first_day)
    for each in used:
        of_another = each.case_id != at.case.id
        there = (each.stage, hangs_at(each.stage, each.village), each.first_day)
        if there != here or not of_another:
            raise PhotoOfAnother()


def hangs_at(board: str, village: str) -> str:
    """Whose board it hangs on: the township has one; the county's lists hang in the villages."""
    return village[:TOWNSHIP_DIGITS] if board == "township" else village


def _shown(at: Standing) -> set[str]:
    """The boards a case was shown on to the end, and that still count.

    A list it was kept off meanwhile did not show it to the end. After an objection none does, nor
    once the household is another by a death, or was visited again and compared anew: another is
    shown then. What the county sends back was visited and appraised
    as before, so the lists before the township's opinion stay.
    """
    stands = {each.board: each.stands for each in at.settings.lists}
    up = _put_up(at)
    return {
        each.stage
        for each in at.postings
        if each.taken_down_on is not None
        and each.taken_down_on > each.last_day
        and not _hidden(at, each)
        and not _undone(at.posted_anew(up.get(str(each.photo_id), 0)), stands.get(each.stage))
    }


def _hidden(at: Standing, posting: Posting) -> bool:
    """Whether its line was off a list that was up, for somebody of it was kept secret."""
    return any(
        each.since <= posting.last_day and (each.until is None or each.until > posting.first_day)
        for each in at.secrets()
    )


def _undone(since: Sequence[Done], stands: str | None) -> bool:
    stays = stands == BEFORE_OPINION and all(each.act == SENT_BACK for each in since)
    return bool(since) and not stays


def may_be_objected_to(at: Standing) -> list[Posting]:
    """The lists of the last showing: those that were put up since lists were last shown anew, but
    for what the county sent back."""
    up = _put_up(at)
    newest = max(up.values(), default=0)
    since = len(at.posted_anew(newest))
    found = []
    for each in at.postings:
        anew = at.posted_anew(up.get(str(each.photo_id), 0))
        if all(done.act == SENT_BACK for done in anew[: len(anew) - since]):
            found.append(each)
    return found


def _put_up(at: Standing) -> dict[str, int]:
    """At which place among the acts each list was put up, by its photo."""
    return {
        str(each.words["photo_id"]): place
        for place, each in enumerate(at.acts)
        if each.act == PUT_UP
    }


def _objected_in_time(at: Standing) -> bool:
    """Whether it came in while a list hung that no other has taken the place of: up to its last
    day, or as long as it is up; and at any time while the case waits for a visit after another."""
    received, open_still = str(at.words["received_on"]), at.case.state == "objected"
    return any(
        each.first_day.isoformat() <= received
        and (open_still or each.taken_down_on is None or received <= each.last_day.isoformat())
        for each in may_be_objected_to(at)
    )


def _in_its_turn(at: Standing) -> bool:
    """A list is not dated back to before the case was to be posted."""
    return str(at.words["first_day"]) >= at.case.state_since.isoformat()


def _photographed_when_up(at: Standing) -> bool:
    """The photo was filed when the list was up, and not before."""
    photo = at.document(str(at.words["photo_id"]))
    return (
        photo is not None and str(at.words["first_day"]) <= civil_date(photo.added_at).isoformat()
    )


def _long_enough(at: Standing) -> bool:
    up = [each for each in at.postings if each.taken_down_on is None]
    return bool(up) and all(each.last_day < at.today for each in up)


def _to_the_end(at: Standing) -> bool:
    """Every list was shown for its days and taken down; or none may show it, by the word of another
    than who asks."""
    return not left(at, BEFORE_DECISION) or (at.withheld and at.caller.person not in at.secret_by)


def _list_before_decision(at: Standing) -> bool:
    """The county's own list is left, and every list before it was shown to the end."""
    lists = left(at, BEFORE_DECISION)
    return bool(lists) and all(each.stands == BEFORE_DECISION for each in lists)


def _may_be_shown(at: Standing) -> bool:
    return not at.withheld and next_list(at) is not None


NEEDS: Final[Mapping[str, Need]] = {
    "posted-in-its-turn": _in_its_turn,
    "photographed-when-up": _photographed_when_up,
    "posted-long-enough": _long_enough,
    "posted-to-the-end": _to_the_end,
    "list-before-decision": _list_before_decision,
    "may-be-shown": _may_be_shown,
    "was-shown": lambda at: bool(may_be_objected_to(at)),
    "objected-in-time": _objected_in_time,
    "not-to-be-shown": lambda at: not _may_be_shown(at),
}
"""What must be there of the lists, by the words the tables use."""
