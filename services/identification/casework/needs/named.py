"""What must be there before an act: each need by the name the tables use, with what is said if not.

A need is a plain question to where a case stands; it changes nothing and asks nobody.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from services.identification.casework import (
    authorisations,
    care,
    channels,
    classes,
    guardians,
    hits,
    lapsing,
    means,
    objections,
    register_homes,
    support,
)
from services.identification.casework.decisions import appeals, payees
from services.identification.casework.foresight import READERS
from services.identification.casework.lists import postings
from services.identification.casework.looking_again import checks, samples
from services.identification.casework.needs import (
    duties,
    findings,
    grounds,
    leaving,
    raising,
    seen,
    temporary,
)
from services.identification.casework.own import doors
from services.identification.casework.papers import archive
from services.identification.casework.standing import Standing
from services.identification.casework.visits import VISITS, WRITTEN_SINCE
from services.identification.grammar.acts import Words
from services.identification.grammar.history import dates_are_past
from services.identification.means.reckoning import Living
from shared.callers import Kind
from shared.money import yuan_text

Need = Callable[[Standing], bool]
SELF_CARE_INDICATORS: Final = 6
"""Eating, dressing, getting in and out of bed, toilet, walking indoors, bathing."""
_FOUND_BY_ANYBODY: Final = {
    "death", "alive", "move-out", "away", "refused-work", "find-number", "set-sum", "self-care",
}  # fmt: skip
_OF_WHAT_IS_FOUND: Final = {
    "property-within-rules", "valid-a-year-at-most", "self-care-assessed", "is-a-minor",
    "certificate-read", "stages-fit", "covers-advance",
    "room-for-cause", "whose-named", "spending-reckoned", "child-ground-holds", "ground-holds",
    "works-no-more", "without-income", "without-supporter", "income-as-visited",
    "of-where-they-live",
}  # fmt: skip
"""Needs of what is found, whoever finds it; the others are of who does it and what came before."""


def _asked_by_themselves(at: Standing) -> bool:
    """A village may report what it finds; what it asks for in somebody's name, as a proxy."""
    asked = {each.act for each in at.since("start-over")} & _requests()
    return asked <= _FOUND_BY_ANYBODY or _proxy_named(at)


def _requests() -> set[str]:
    return READERS.keys() | {*payees.REQUESTS, "find-number"}


def _holder_stands(at: Standing) -> bool:
    """A telephone that is on record was seen; another is, and nobody has taken it back."""
    by_telephone = at.case.channel == channels.OWN and at.case.applicant_id is not None
    return not by_telephone or at.applicant_seen or doors.is_code_enough(at.settings)


def _applicant_named(at: Standing) -> bool:
    return bool(at.application.members)


def _whose_said(at: Standing) -> bool:
    """What is a person's says whose it is, where it might be that of several."""
    return not at.path.is_of_one or bool(at.asked_for)


def _whose_named(at: Standing) -> bool:
    """Who is found to qualify is the one it is applied for."""
    said = {each.key for each in at.asked_for}
    return not said or str(at.words["person_key"]) in said


def _proxy_named(at: Standing) -> bool:
    """Through some channels nobody applies for themselves."""
    return at.application.proxy is not None or not channels.by_a_proxy(at)


def _proxy_consented(at: Standing) -> bool:
    proxy = at.application.proxy
    if proxy is None:
        return True
    consent = at.document(str(proxy.consent_document_id))
    return consent is not None and consent.kind == "consent"


def _has_own_card(at: Standing) -> bool:
    """Whether the applicant's own ID card is on file; who has no number has none."""
    return at.application.applicant not in archive.without_card(at)


def _applicants_id_filed(at: Standing) -> bool:
    """Whom a proxy applies for is there with their own ID card."""
    return at.application.proxy is None or _has_own_card(at)


def _applicant_identified(at: Standing) -> bool:
    """Whom nobody had before them is known by their own ID card, or was seen since."""
    return at.case.channel not in channels.UNSEEN or at.applicant_seen or _has_own_card(at)


def _applied_by_telephone(at: Standing) -> bool:
    return at.case.applicant_id is not None


def _identity_not_seen(at: Standing) -> bool:
    return not at.applicant_seen


def _identity_seen(at: Standing) -> bool:
    return at.applicant_seen


def _papers_not_wanted_before(at: Standing) -> bool:
    return not at.done("want-papers")


def _date_not_to_come(at: Standing) -> bool:
    return dates_are_past(at.path.acts.values(), at)


def _survey_is_new(at: Standing) -> bool:
    return str(at.words["survey_id"]) not in {
        str(each.words["survey_id"]) for each in at.done(*VISITS)
    }


def _survey_is_known(at: Standing) -> bool:
    return str(at.words["survey_id"]) in at.signers()


def _form_of_one_visit(at: Standing) -> bool:
    forms = at.visit_forms()
    others = {form for visit, form in forms.items() if visit != str(at.words["survey_id"])}
    return str(at.words["form_id"]) not in others


def _survey_of_now(at: Standing) -> bool:
    return str(at.words["survey_id"]) in dict(at.surveys())


def _visited_or_simple(at: Standing) -> bool:
    """A visit is signed and counts, or the simple procedure of a small sum was taken."""
    return bool(at.done("simplify")) or seen.is_signed_and_counts(at)


def _comes_late(at: Standing) -> bool:
    """The visits are over, somebody objected since, or the application was written anew."""
    over = at.case.state not in at.path.acts["survey"].sources
    return over or WRITTEN_SINCE in at.words or bool(at.done("object"))


def _several_visits(at: Standing) -> bool:
    return at.visits_wait or len(list(at.surveys())) > 1


def _visits_weighed(at: Standing) -> bool:
    """A visit that came late, or a check that found otherwise, bars what follows until somebody
    has chosen."""
    return not checks.choice_waits(at)


def _opinion_rests_on_it(at: Standing) -> bool:
    """No opinion on another visit than the one that counts is decided on."""
    return at.visit_proposed_on == at.visit_that_counts


def _shown_as_found(at: Standing) -> bool:
    return any(each.kind in {"survey-photo", "survey-form"} for each in at.documents)


def _quorum(at: Standing) -> bool:
    present, due = int(at.words["present"]), int(at.words["due"])
    return at.settings.share("appraisal_quorum").reached(present, due)


def _no_quorum(at: Standing) -> bool:
    return not _quorum(at)


def _votes_add_up(at: Standing) -> bool:
    present = int(at.words["present"])
    return int(at.words.get("in_favour", 0)) <= present <= int(at.words["due"])


def _minutes_are_its_own(at: Standing) -> bool:
    """The minutes of one meeting are not those of another."""
    held = {str(each.words["minutes_id"]) for each in at.done("appraise", "no-quorum")}
    return str(at.words["minutes_id"]) not in held


def _looked_into(at: Standing) -> bool:
    """What may raise what is paid was looked into as an application is; what only lowers it is
    decided without."""
    if not raising.is_looked_into(at):
        return True
    visited = seen.is_signed_and_counts(at) and seen.compared(at)
    return visited and raising.authorised(at) and hits.are_settled(at)


def _appraised_in_favour(at: Standing) -> bool:
    """Only what a meeting was in favour of is proposed for granting; without one nothing bars."""
    return at.words.get("opinion") != "grant" or postings.appraised_in_favour(at)


def _proposed_to_grant(at: Standing) -> bool:
    proposal = at.last("propose")
    return proposal is not None and proposal.words["opinion"] == "grant"


def _refusal_not_told(at: Standing) -> bool:
    return not at.done("tell-refusal")


def _six_at_most(at: Standing) -> bool:
    return int(at.words["failed"]) <= SELF_CARE_INDICATORS


def _self_care_assessed(at: Standing) -> bool:
    if at.words.get("opinion") != "grant":
        return True
    return care.assessed(at, str(at.words["person_key"])) is not None


def _certificate_read(at: Standing) -> bool:
    reading = at.last("read-certificate")
    return reading is not None and bool(reading.words["living"] or reading.words["nursing"])


def _file_complete(at: Standing) -> bool:
    return not archive.missing(at)


def _papers_filed(at: Standing) -> bool:
    return not archive.wanted_to_decide(at)


def _papers_ready(at: Standing) -> bool:
    """Nothing incomplete goes up for granting, unless the place leaves it to the decision."""
    later = at.settings.word("papers_complete_before") == "decision"
    return later or not _is_for_it(at.words) or _papers_filed(at)


def _is_for_it(words: Mapping[str, Any]) -> bool:
    """Whether an act that sends it on to the county is for granting: by its opinion, or by what was
    read out of a certificate."""
    if "nursing" in words:
        return bool(words["living"] or words["nursing"])
    return bool(words.get("opinion", "grant") == "grant")


def _file_open(at: Standing) -> bool:
    return not archive.is_closed(at)


def _change_described(at: Standing) -> bool:
    return any(each.act in _requests() for each in at.since("start-over"))


def _not_secret_before(at: Standing) -> bool:
    return not at.done("keep-secret")


def _not_extended_before(at: Standing) -> bool:
    return not at.done("extend")


def _decided_already(at: Standing) -> bool:
    return bool(at.set_aside())


def _found_by_the_rules(at: Standing) -> bool:
    """Whoever wins an appeal is granted what the rules of the case give, and nothing else."""
    asked = appeals.rests_on(at) & _OF_WHAT_IS_FOUND
    return not asked or all(NEEDS[each](appeals.as_found(at)) for each in asked)


def _one_head_named(at: Standing) -> bool:
    """Somebody of this household by their key; of another, which no telephone asks after, by their
    number."""
    by_key, by_number = ("person_key" in at.words, "id_number" in at.words)
    return by_key != by_number and (by_key or at.caller.kind is Kind.STAFF)


def _property_within_rules(at: Standing) -> bool:
    return at.words.get("opinion") != "grant" or bool(at.words["property_within_rules"])


def _valid_a_year_at_most(at: Standing) -> bool:
    most = at.settings.days("rigid_spending_months_max")
    return 1 <= int(at.words["valid_months"]) <= most


def _income_as_reckoned(at: Standing) -> bool:
    """Where what was found says the whole income by the law, the visit says no other; one made
    before the application was written anew is not reckoned by it."""
    if WRITTEN_SINCE in at.words:
        return True
    reckoned = _reckoned_income(at)
    return reckoned is None or reckoned == int(at.words["income_fen_yearly"])


def _reckoned_income(at: Standing) -> int | None:
    """What the facts of a visit come to, in fen a year, once they say all of it."""
    found = means.declared(at).corrected(Living(**at.words.get("means", {})))
    return means.income_fen_yearly(at, found)


def _what_it_comes_to(at: Standing) -> Words:
    income = yuan_text(_reckoned_income(at) or 0)
    return Words(
        f"逐项核实的算下来一年是 {income} 元，家庭年收入须相同；不对的，改逐项里的",
        f"the facts come to {income} yuan a year, and the income is that; else mend the facts",
    )


def _income_as_visited(at: Standing) -> bool:
    """No household is proposed for granting on less income than the visit that counts found."""
    return at.words.get("opinion") != "grant" or means.is_covered(at)


def _spending_reckoned(at: Standing) -> bool:
    """What could not be avoided is known from the means that were found, and is something."""
    return at.words.get("opinion") != "grant" or bool(means.rigid_spending_fen_yearly(at))


def _support_reckoned(at: Standing) -> bool:
    """A split is not refused; but whoever parts beside relatives has their support reckoned."""
    said = at.words.get("support_fen_monthly")
    if said is None:
        return str(at.words["circumstance"]) == "moved"
    return int(said) <= int(at.words["income_fen_monthly"])


def _is_a_minor(at: Standing) -> bool:
    key = str(at.words["person_key"])
    return key not in {each.key for each in at.application.adults(at.today)}


NEEDS: Final[Mapping[str, Need]] = {
    "applicant-named": _applicant_named,
    "whose-said": _whose_said,
    "whose-named": _whose_named,
    "proxy-named": _proxy_named,
    "applied-by-telephone": _applied_by_telephone,
    "identity-not-seen": _identity_not_seen,
    "identity-seen": _identity_seen,
    "proxy-consented": _proxy_consented,
    "applicants-id-filed": _applicants_id_filed,
    "applicant-identified": _applicant_identified,
    "papers-not-wanted-before": _papers_not_wanted_before,
    "visited-or-simple": _visited_or_simple,
    "date-not-to-come": _date_not_to_come,
    "survey-is-new": _survey_is_new,
    "survey-is-known": _survey_is_known,
    "survey-of-now": _survey_of_now,
    "comes-late": _comes_late,
    "several-visits": _several_visits,
    "visits-weighed": _visits_weighed,
    "opinion-rests-on-it": _opinion_rests_on_it,
    "signed-by-investigators": seen.is_signed,
    "shown-as-found": _shown_as_found,
    "one-survey-counts": seen.one_counts,
    **classes.NEEDS,
    "compared": seen.compared,
    "hits-open": hits.are_open,
    "answer-given": hits.wait_for_judgement,
    "not-agreed": hits.wait_for_answer,
    "agreement-filed": hits.agreement_waits,
    "hits-settled": hits.are_settled,
    "quorum": _quorum,
    "no-quorum": _no_quorum,
    "minutes-are-its-own": _minutes_are_its_own,
    "votes-add-up": _votes_add_up,
    "appraised-in-favour": _appraised_in_favour,
    "proposed-to-grant": _proposed_to_grant,
    "form-of-one-visit": _form_of_one_visit,
    "objection-unanswered": objections.is_unanswered,
    "objections-answered": lambda at: not objections.is_unanswered(at),
    "refusal-not-told": _refusal_not_told,
    "six-at-most": _six_at_most,
    "self-care-assessed": _self_care_assessed,
    "certificate-read": _certificate_read,
    "file-complete": _file_complete,
    "papers-filed": _papers_filed,
    "papers-ready": _papers_ready,
    "file-open": _file_open,
    "file-closed": archive.is_closed,
    "change-described": _change_described,
    "asked-by-themselves": _asked_by_themselves,
    "holder-stands": _holder_stands,
    "not-secret-before": _not_secret_before,
    "not-extended-before": _not_extended_before,
    "set-aside-before": _decided_already,
    "lodged-in-time": appeals.lodged_in_time,
    "decision-stands": appeals.stands,
    "decided-on-its-matter": appeals.decided_on_its_matter,
    "not-given-once": appeals.not_given_once,
    "not-given-again": appeals.not_given_again,
    "kin-visited-before": appeals.kin_visited_before,
    "found-by-the-rules": _found_by_the_rules,
    **temporary.NEEDS,
    **leaving.NEEDS,
    **findings.NEEDS,
    **duties.NEEDS,
    **postings.NEEDS,
    **samples.NEEDS,
    **checks.NEEDS,
    **guardians.NEEDS,
    **authorisations.NEEDS,
    **support.NEEDS,
    **care.NEEDS,
    **lapsing.NEEDS,
    **grounds.NEEDS,
    **register_homes.NEEDS,
    "property-within-rules": _property_within_rules,
    "valid-a-year-at-most": _valid_a_year_at_most,
    "support-reckoned": _support_reckoned,
    "one-head-named": _one_head_named,
    "looked-into": _looked_into,
    "from-the-visit-on": raising.from_the_visit_on,
    "income-as-reckoned": _income_as_reckoned,
    "income-as-visited": _income_as_visited,
    "spending-reckoned": _spending_reckoned,
    "is-a-minor": _is_a_minor,
}
"""Every need by the word the tables use; what an officer reads of it is in words.yaml."""
CLOSER: Final[Mapping[str, Callable[[Standing], Words]]] = {
    "income-as-reckoned": _what_it_comes_to,
    "of-where-they-live": register_homes.in_words,
}
"""Needs that are said with what they come to here."""
