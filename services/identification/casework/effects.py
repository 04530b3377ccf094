"""What an act does beside moving its case: each effect by the name the tables use."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from services.identification.casework import (
    applicants,
    asked_once,
    classes,
    guardians,
    handing_in,
    hits,
    lapsing,
    objections,
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
    grants,
    moving_home,
    payees,
)
from services.identification.casework.decisions.granting import GRANTING
from services.identification.casework.lists import postings
from services.identification.casework.looking_again import findings, no_longer_due, on_paper
from services.identification.casework.opening import put_application
from services.identification.casework.own import seeing
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Effect, Tools
from services.identification.desk import Desk
from shared.problems import Conflict


class AnotherAltogether(Conflict):
    """Who applies, and for whom, stays: of somebody else it is another application."""


class NumberedHere(Conflict):
    """The form of this case has a number of its village: the household moves by a change, or
    applies where it lives."""


async def write_application(tools: Tools, at: Standing) -> Mapping[str, Any]:
    """Put the application in the place of what was there, and its people where they are found."""
    application = Application.model_validate(at.words["application"]).coded(at.application)
    await put_application(tools, at.case, application)
    return {"application": application.model_dump(mode="json")}


async def correct_application(desk: Desk, at: Standing) -> Mapping[str, Any]:
    """The same of what was accepted: it stays about whom it was, and nobody asks twice by it.

    Raises:
        AnotherAltogether: it would be about somebody else.
        AppliedAlready, GrantedAlready: whom it names now has it, or asks for it elsewhere.
    """
    found = await write_application(desk, at)
    corrected = replace(at, application=Application.model_validate(found["application"]))
    if _about(corrected) != _about(at):
        raise AnotherAltogether()
    await asked_once.refuse_second(desk, corrected)
    return found


def _about(at: Standing) -> tuple[str | None, ...]:
    """By their keys, who applies and whom it is about."""
    people = (at.application.applicant, at.subject)
    return tuple(each.key if each else None for each in people)


async def put_in_place(desk: Desk, at: Standing) -> Mapping[str, Any]:
    """The case is of the village of the household, and says how that is registered.

    Raises:
        NumberedHere: its form has a number of another village.
        MovesBeyondYou: the household lives where the caller does nothing.
    """
    home = at.lives_in
    assert home is not None, "a case is put only where a household of the register lives"
    if not desk.caller.may_see(home.village):
        raise moving_home.MovesBeyondYou()
    if home.village != at.case.village and at.case.form_number is not None:
        raise NumberedHere()
    was = {"village": at.case.village, "registration": at.application.registration}
    at.case.village = home.village
    said = at.application.model_copy(update={"registration": home.registration})
    await put_application(desk, at.case, said)
    return {"was": was, "village": home.village, "registration": home.registration}


async def unsee_identity(tools: Tools, at: Standing) -> None:
    """Whoever was seen is not who applied: the telephone is as shut as before, in every case."""
    assert at.case.applicant_id is not None, "only who applied by a telephone was seen with it"
    await applicants.unsee(tools.session, at.case.applicant_id)


EFFECTS: Final[dict[str, Effect]] = {
    "refuse_second": asked_once.refuse_second,
    "end_undecided": asked_once.end_undecided,
    "refuse_while_granted": asked_once.refuse_while_granted,
    "write_application": write_application,
    "correct_application": correct_application,
    "put_in_place": put_in_place,
    "see_identity": seeing.see_identity,
    "unsee_identity": unsee_identity,
    "put_up_list": postings.put_up_list,
    "take_down_list": postings.take_down_list,
    "take_objection": objections.take_objection,
    **GRANTING,
    "weigh_aid": aid.weigh_aid,
    "help_from_reserve": aid.help_from_reserve,
    "release_stage": aid.release_stage,
    "close_review": findings.close_review,
    "end_review": no_longer_due.end,
    "name_visitors": on_paper.name_visitors,
    "name_proxy": changes.name_proxy,
    "name_guardian": guardians.name_guardian,
    "look_at_parting": guardians.look_at_parting,
    "name_who_comes": changes.name_who_comes,
    "change_household": changes.change_household,
    "find_recorded_dead": deaths.find_recorded_dead,
    "find_on_tekun": caring.find_granted("on_tekun"),
    "find_child_kept": caring.find_granted("on_children_living"),
    "find_village": moving_home.find_village,
    "find_certificate": caring.find_certificate,
    "offer_account": payees.offer_account,
    "refuse_dead": grants.refuse_dead,
    "look_up_grant": endings.look_up_grant,
    "begin_fade_out": fading.begin_fade_out,
    "end_fade_out": fading.end_fade_out,
    "take_back": fading.take_back,
    "put_back": endings.undo,
    "hand_in_change": handing_in.hand_in,
    "describe_anew": handing_in.describe_anew,
    "say_until_when": lapsing.say_until_when,
    "note_death": lapsing.note_death,
    "go_on": lapsing.go_on,
    "await_answer": hits.await_answer,
    "answer_hits": hits.answer_hits,
    "judge_answer": hits.judge_answer,
    "ask_again": hits.ask_again,
    "agree": hits.agree,
    "reject_agreement": hits.reject_agreement,
    "issue_certificate": certificates.issue_certificate,
    "withdraw_certificate": certificates.withdraw_certificate,
    "read_certificate_anew": certificates.read_anew,
    "reopen_case": appeals.reopen_case,
    "win_appeal": appeals.win_appeal,
    "weigh_class_sum": classes.weigh_class_sum,
}
