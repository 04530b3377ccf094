"""What an act does beside moving its case: each effect by the name the tables use."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from services.identification import names
from services.identification.casework import (
    aid,
    appeals,
    applicants,
    asked_once,
    certificates,
    changes,
    classes,
    endings,
    findings,
    form_numbers,
    grants,
    hits,
    payees,
)
from services.identification.casework.applications import Application
from services.identification.casework.granting import GRANTING
from services.identification.casework.opening import put_application
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Effect, Tools
from services.identification.models import Posting
from shared.database import new_id


async def write_application(tools: Tools, at: Standing) -> Mapping[str, Any]:
    """Put the application in the place of what was there, and its people where they are found."""
    application = Application.model_validate(at.words["application"]).coded(at.application)
    await put_application(tools, at.case, application)
    return {"application": application.model_dump(mode="json")}


async def put_up_list(tools: Tools, at: Standing) -> None:
    """Show what may be shown: name, village, how many, what is proposed; nothing else."""
    stage = at.next_stage
    assert stage is not None, "a case is posted only while a list is left"
    first_day = date.fromisoformat(str(at.words["first_day"]))
    days = at.settings.posting_days(stage, at.round)
    proposal = at.the_last("propose")
    posting_id = new_id()
    assert at.subject is not None, "a case about nobody is not posted"
    shown = {
        "name": names.called(at.subject.name),
        "members": len(grants.counted(at)),
        "category": at.case.category,
        "opinion": proposal.words["opinion"],
    }
    tools.session.add(
        Posting(
            id=posting_id,
            county=at.case.county,
            case_id=at.case.id,
            stage=stage,
            round=at.round,
            village=at.case.village,
            first_day=first_day,
            last_day=first_day + timedelta(days=days - 1),
            shown_sealed=tools.keys.encrypt(
                json.dumps(shown), table="posting", column="shown_sealed", row=posting_id
            ),
            photo_id=UUID(str(at.words["photo_id"])),
        )
    )


async def take_down_list(tools: Tools, at: Standing) -> None:
    """Take down every list that is still up."""
    for posting in at.postings:
        if posting.taken_down_on is None:
            posting.taken_down_on = at.today
            tools.session.add(posting)


async def see_identity(tools: Tools, at: Standing) -> None:
    """The applicant's telephone is that of whoever was seen with the ID card."""
    assert at.case.applicant_id is not None, "only who applied by a telephone is seen with it"
    ending = str(at.words["phone_ending"])
    await applicants.see(tools.session, tools.keys, at.case.applicant_id, ending, tools.now)


async def unsee_identity(tools: Tools, at: Standing) -> None:
    """Whoever was seen is not who applied: the telephone is as shut as before, in every case."""
    assert at.case.applicant_id is not None, "only who applied by a telephone was seen with it"
    await applicants.unsee(tools.session, at.case.applicant_id)


EFFECTS: Final[dict[str, Effect]] = {
    "refuse_second": asked_once.refuse_second,
    "write_application": write_application,
    "see_identity": see_identity,
    "unsee_identity": unsee_identity,
    "put_up_list": put_up_list,
    "take_down_list": take_down_list,
    **GRANTING,
    "weigh_aid": aid.weigh_aid,
    "refuse_second_advance": aid.refuse_second_advance,
    "release_stage": aid.release_stage,
    "close_review": findings.close_review,
    "name_who_comes": changes.name_who_comes,
    "change_household": changes.change_household,
    "offer_account": payees.offer_account,
    "look_up_grant": endings.look_up_grant,
    "begin_fade_out": endings.begin_fade_out,
    "end_fade_out": endings.end_fade_out,
    "take_back": endings.undo,
    "await_answer": hits.await_answer,
    "answer_hits": hits.answer_hits,
    "ask_again": hits.ask_again,
    "number_form": form_numbers.number_form,
    "issue_certificate": certificates.issue_certificate,
    "reopen_case": appeals.reopen_case,
    "win_appeal": appeals.win_appeal,
    "weigh_class_sum": classes.weigh_class_sum,
}
