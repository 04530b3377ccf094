"""What an act does beside moving its case: each effect by the name the tables use."""

from collections.abc import Mapping
from typing import Any, Final

from services.identification.casework import (
    applicants,
    asked_once,
    classes,
    guardians,
    handing_in,
    hits,
)
from services.identification.casework.applications import Application
from services.identification.casework.decisions import (
    aid,
    appeals,
    caring,
    certificates,
    changes,
    deaths,
    endings,
    fading,
    moving_home,
    payees,
)
from services.identification.casework.decisions.granting import GRANTING
from services.identification.casework.lists import postings
from services.identification.casework.looking_again import findings, on_paper
from services.identification.casework.opening import put_application
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Effect, Tools
from services.identification.desk import Desk


async def write_application(tools: Tools, at: Standing) -> Mapping[str, Any]:
    """Put the application in the place of what was there, and its people where they are found."""
    application = Application.model_validate(at.words["application"]).coded(at.application)
    await put_application(tools, at.case, application)
    return {"application": application.model_dump(mode="json")}


async def see_identity(desk: Desk, at: Standing) -> None:
    """The applicant's telephone is that of whoever was seen with the ID card."""
    assert at.case.applicant_id is not None, "only who applied by a telephone is seen with it"
    ending = str(at.words["phone_ending"])
    await applicants.see(desk, at.case.applicant_id, ending)


async def unsee_identity(tools: Tools, at: Standing) -> None:
    """Whoever was seen is not who applied: the telephone is as shut as before, in every case."""
    assert at.case.applicant_id is not None, "only who applied by a telephone was seen with it"
    await applicants.unsee(tools.session, at.case.applicant_id)


EFFECTS: Final[dict[str, Effect]] = {
    "refuse_second": asked_once.refuse_second,
    "write_application": write_application,
    "see_identity": see_identity,
    "unsee_identity": unsee_identity,
    "put_up_list": postings.put_up_list,
    "take_down_list": postings.take_down_list,
    **GRANTING,
    "weigh_aid": aid.weigh_aid,
    "help_from_reserve": aid.help_from_reserve,
    "release_stage": aid.release_stage,
    "close_review": findings.close_review,
    "name_visitors": on_paper.name_visitors,
    "name_proxy": changes.name_proxy,
    "name_guardian": guardians.name_guardian,
    "name_who_comes": changes.name_who_comes,
    "change_household": changes.change_household,
    "find_recorded_dead": deaths.find_recorded_dead,
    "find_on_tekun": caring.find_granted("on_tekun"),
    "find_child_kept": caring.find_granted("on_children_living"),
    "find_village": moving_home.find_village,
    "find_certificate": caring.find_certificate,
    "offer_account": payees.offer_account,
    "look_up_grant": endings.look_up_grant,
    "begin_fade_out": fading.begin_fade_out,
    "end_fade_out": fading.end_fade_out,
    "take_back": fading.take_back,
    "put_back": endings.undo,
    "hand_in_change": handing_in.hand_in,
    "describe_anew": handing_in.describe_anew,
    "await_answer": hits.await_answer,
    "answer_hits": hits.answer_hits,
    "ask_again": hits.ask_again,
    "issue_certificate": certificates.issue_certificate,
    "withdraw_certificate": certificates.withdraw_certificate,
    "reopen_case": appeals.reopen_case,
    "win_appeal": appeals.win_appeal,
    "weigh_class_sum": classes.weigh_class_sum,
}
