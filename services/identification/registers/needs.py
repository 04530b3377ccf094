"""What must be there before an act on an entry: each need by the name the tables use."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from services.identification.grammar import needs
from services.identification.grammar.history import Done, dates_are_past
from services.identification.registers.standing import EntryStanding
from services.identification.registers.subjects import LOW_INCOME
from services.identification.registers.tables import LEVELS
from shared import names
from shared.callers import Caller
from shared.months import Month

RESCUE_CALLS: Final = frozenset({"hardship", "assistance"})
HEADS: Final = ("complaints:handle", "registers:decide")
"""Who answers for a register, and so for entries that are others'."""
WORK: Final = ("fix", "visit", "check", "take-reply")
"""What was done of an entry, and another than who did it says that it will do."""
ACCUSED: Final = "accused_kind"
ENTERED: Final = {"name", "id_number", "group", "source", "registration", "signing"}
"""What is said of whoever is to be in the low-income database."""
Need = Callable[[EntryStanding], bool]
_NUMBER: Final = re.compile(r"[0-9]{7}")
_ENTRY: Final = re.compile(r"\b[A-Z]{2}-[0-9]{4}-[0-9]{4}\b")
_TEXTS: Final = frozenset({"text", "lines"})


def _date_not_to_come(at: EntryStanding) -> bool:
    return dates_are_past(at.table.all_acts.values(), at)


def is_named(caller: Caller, account: str | None) -> bool:
    """Whether an account is the caller's, by either of its names."""
    return account in {caller.subject, caller.person, f"staff:{caller.person}"}


def _is_owner(at: EntryStanding) -> bool:
    return is_named(at.caller, at.entry.owner)


def _not_the_owner(at: EntryStanding) -> bool:
    return not _is_owner(at)


def _not_who_did_it(at: EntryStanding) -> bool:
    """By none of their accounts, whoever it is given to meanwhile; nor who made light of whom it is
    against."""
    lowered = {each.person for each in _lowerings(at)}
    return at.did_none(*WORK) and at.caller.person not in lowered


def _not_who_answered(at: EntryStanding) -> bool:
    return at.did_none("check", "take-reply", "answer")


def _helper_or_recorder(at: EntryStanding) -> bool:
    """Whoever helps records their own visit, or whom they have named to do so for them."""
    named = [each for each in at.since("assign") if each.act == "name-recorder"]
    return _is_owner(at) or bool(named and is_named(at.caller, str(named[-1].words["recorder"])))


def _not_visited_that_day(at: EntryStanding) -> bool:
    days = {each.words["visited_on"] for each in at.since("assign") if each.act == "visit"}
    return at.words["visited_on"] not in days


def _due_day_to_come(at: EntryStanding) -> bool:
    return all(
        str(at.words[act.due]) >= at.today.isoformat()
        for act in at.table.all_acts.values()
        if act.due and act.due in at.words
    )


def _nobodys_or_mine(at: EntryStanding) -> bool:
    return at.entry.owner is None or _is_owner(at)


def _not_a_relative(at: EntryStanding) -> bool:
    return not at.is_relatives


def _owner_or_head(at: EntryStanding) -> bool:
    """Only whose it is hands it on, or who answers for the register."""
    return _nobodys_or_mine(at) or any(at.caller.has(scope) for scope in HEADS)


def _accused_by_another(at: EntryStanding) -> bool:
    return not at.may_be_against_caller


def _known_without_account(at: EntryStanding) -> bool:
    """Whoever has no account is known by name, and no account of theirs is said."""
    without = at.words.get("accused_has_no_account")
    return not without or ("accused_name" in at.said and "accused_account" not in at.said)


def _officers_rank(at: EntryStanding) -> str | None:
    """The last rank of an officer that was ever said of the accused: that they were one is not
    taken back by whoever says another word after it."""
    bodies = at.settings.words["discipline_bodies"]
    said = [*(each.words.get(ACCUSED) for each in at.acts), at.words.get(ACCUSED)]
    return next((rank for rank in reversed(said) if rank in bodies), None)


def _is_lowered(at: EntryStanding, was: Any, to: Any) -> bool:
    """Whether an officer's rank stood before, and this is a lower one: they rise as listed."""
    ranks = list(at.table.fields[ACCUSED].choices)
    is_an_officers = was in at.settings.words["discipline_bodies"]
    return is_an_officers and ranks.index(to) < ranks.index(was)


def _lowerings(at: EntryStanding) -> list[Done]:
    said = [each for each in at.acts if ACCUSED in each.words]
    return [
        each
        for before, each in pairwise(said)
        if _is_lowered(at, before.words[ACCUSED], each.words[ACCUSED])
    ]


def _lowered_with_reason(at: EntryStanding) -> bool:
    is_lowered = _is_lowered(at, at.content.get(ACCUSED), at.words[ACCUSED])
    return not is_lowered or "lowered_because" in at.words


def _against_an_officer(at: EntryStanding) -> bool:
    return _officers_rank(at) is not None


def _transferred_or_reason(at: EntryStanding) -> bool:
    """What is so of an officer is with the discipline inspection, or it is said why not."""
    owed = _found_to_be_so(at) and _against_an_officer(at)
    return not owed or bool(at.done("transfer")) or "not_transferred_because" in at.words


def _by_personnel_authority(at: EntryStanding) -> bool:
    bodies = at.settings.words["discipline_bodies"]
    return bool(at.said["body"] == bodies.get(_officers_rank(at)))


def _mended_by_to_come(at: EntryStanding) -> bool:
    return str(at.words["mended_by"]) >= at.today.isoformat()


def _found_to_be_so(at: EntryStanding) -> bool:
    return at.said.get("founded") in {"founded", "partly"}


def _names_nobody(at: EntryStanding) -> bool:
    """No name the entry ever knew, and no run of digits that could be an ID number or a phone, in
    any text that is public, however it is parted; an entry's own number is none, and a point parts
    the figures of a sum."""
    hidden = {*at.table.hidden, "accused_name"}
    every = [at.words, *(each.words for each in at.acts)]
    known = at.names | {str(words[name]) for words in every for name in hidden & words.keys()}
    bare = [name for name in map(names.bare, known) if len(name) > 1]
    for name in at.table.public:
        if at.table.fields[name].type not in _TEXTS:
            continue
        text = _ENTRY.sub("", unicodedata.normalize("NFKC", str(at.said.get(name, ""))))
        figures, joined = names.bare(text.replace(".", "。")), names.bare(text)
        if _NUMBER.search(figures) or any(each in joined for each in bare):
            return False
    return True


def _is_public(at: EntryStanding) -> bool:
    return at.entry.public_since is not None


def _several_departments(at: EntryStanding) -> bool:
    return len(set(at.words["departments"])) > 1


def _year_is_near(at: EntryStanding) -> bool:
    return abs(int(at.words["year"]) - at.today.year) <= 1


def _list_is_given(at: EntryStanding) -> bool:
    words = at.settings.words
    items = set(words["village_affairs_items"])
    return bool(len(items) == words["village_affairs_items_count"])


def _list_is_whole(at: EntryStanding) -> bool:
    return set(at.words["items"]) == set(at.settings.words["village_affairs_items"])


def _of_its_year(at: EntryStanding) -> bool:
    return str(at.words["inspected_on"]).startswith(str(at.content["year"]))


def _inspection_days(at: EntryStanding) -> set[str]:
    return {str(each.words["inspected_on"]) for each in at.done("inspect")}


def _not_inspected_that_day(at: EntryStanding) -> bool:
    return str(at.words["inspected_on"]) not in _inspection_days(at)


def _inspected_often_enough(at: EntryStanding) -> bool:
    return len(_inspection_days(at)) >= at.settings.number("village_affairs_inspections")


def _reach_is_said(at: EntryStanding) -> bool:
    return bool({"beneficiaries", "beneficiary_list"} & at.said.keys())


def _is_entering(at: EntryStanding) -> bool:
    return bool(at.said["request"] == "enter")


def _who_is_entered(at: EntryStanding) -> bool:
    """Somebody new, of a village, with all that the database keeps of them."""
    if not _is_entering(at):
        return True
    of_village = at.entry.about_kind == "nothing" and len(at.entry.area) == LEVELS["village"]
    return of_village and at.words.keys() >= ENTERED


def _whose_stay_changes(at: EntryStanding) -> bool:
    """Somebody of the database, by the stay that was read; and to where they move."""
    if _is_entering(at):
        return True
    moves = at.words["request"] == "move"
    return at.entry.about_kind == LOW_INCOME and {"stay_id", *["group"] * moves} <= at.words.keys()


def _signed_or_why_not(at: EntryStanding) -> bool:
    """Whoever applied could sign, or somebody for them; only who was found may be unable to."""
    if at.words.get("signing") != "cannot-sign":
        return True
    return at.words.get("source") == "discovery" and "unsigned_because" in at.words


def _commitment_on_file(at: EntryStanding) -> bool:
    """Of whoever cannot sign, why not is said instead."""
    excused = not _is_entering(at) or at.content.get("signing") == "cannot-sign"
    return excused or bool(at.done("file-commitment"))


def _not_who_asked(at: EntryStanding) -> bool:
    """By none of their accounts; nor who brought its paper."""
    return at.did_none("open", "file-commitment") and not is_named(at.caller, at.entry.opened_by)


def _who_asked(at: EntryStanding) -> bool:
    return not at.did_none("open")


def _wage_is_paid(at: EntryStanding) -> bool:
    return int(at.words["wage_fen_monthly"]) > 0


def _status_is_finished(at: EntryStanding) -> bool:
    return bool(at.words["status"] == "finished")


def _months_in_order(at: EntryStanding) -> bool:
    return str(at.said["first_month"]) <= str(at.said["last_month"])


def _period_is_over(at: EntryStanding) -> bool:
    return Month.parse(str(at.said["last_month"])).last_day() < at.today


def _from_above(at: EntryStanding) -> bool:
    """Nobody of a township assesses it."""
    return at.caller.county in at.caller.areas


def _not_late_or_from_above(at: EntryStanding) -> bool:
    """What is late stays so by the word of who is measured by it."""
    return at.entry.due_on is None or at.today <= at.entry.due_on or _from_above(at)


def _month_not_to_come(at: EntryStanding) -> bool:
    return str(at.words["month"]) <= at.today.isoformat()[:7]


def _visited_before(at: EntryStanding) -> bool:
    """By whom is evaluated: what another helper did before is none of theirs."""
    return any(each.act == "visit" for each in at.since("assign"))


def _is_described(at: EntryStanding) -> bool:
    return "cause" in at.content


def _is_planned(at: EntryStanding) -> bool:
    return "plan" in at.content


def _rescue_call(at: EntryStanding) -> bool:
    return at.content["category"] in RESCUE_CALLS


def _care_call(at: EntryStanding) -> bool:
    return not _rescue_call(at)


def _its_case_is_over(at: EntryStanding) -> bool:
    """Where money is wrong, it is mended by a case, and that is decided."""
    return "money" not in at.content or at.is_mended


NEEDS: Final[Mapping[str, Need]] = {
    "its-case-is-over": _its_case_is_over,
    "rescue-call": _rescue_call,
    "care-call": _care_call,
    "date-not-to-come": _date_not_to_come,
    "is-owner": _is_owner,
    "helper-or-recorder": _helper_or_recorder,
    "not-visited-that-day": _not_visited_that_day,
    "not-the-owner": _not_the_owner,
    "not-who-did-it": _not_who_did_it,
    "not-who-answered": _not_who_answered,
    "not-late-or-from-above": _not_late_or_from_above,
    "lowered-with-reason": _lowered_with_reason,
    "due-day-to-come": _due_day_to_come,
    "nobodys-or-mine": _nobodys_or_mine,
    "not-a-relative": _not_a_relative,
    "owner-or-head": _owner_or_head,
    "accused-by-another": _accused_by_another,
    "known-without-account": _known_without_account,
    "against-an-officer": _against_an_officer,
    "transferred-or-reason": _transferred_or_reason,
    "by-personnel-authority": _by_personnel_authority,
    "mended-by-to-come": _mended_by_to_come,
    "found-to-be-so": _found_to_be_so,
    "names-nobody": _names_nobody,
    "is-public": _is_public,
    "several-departments": _several_departments,
    "year-is-near": _year_is_near,
    "list-is-given": _list_is_given,
    "list-is-whole": _list_is_whole,
    "of-its-year": _of_its_year,
    "not-inspected-that-day": _not_inspected_that_day,
    "inspected-often-enough": _inspected_often_enough,
    "reach-is-said": _reach_is_said,
    "wage-is-paid": _wage_is_paid,
    "status-is-finished": _status_is_finished,
    "months-in-order": _months_in_order,
    "period-is-over": _period_is_over,
    "from-above": _from_above,
    "month-not-to-come": _month_not_to_come,
    "visited-before": _visited_before,
    "is-entering": _is_entering,
    "who-is-entered": _who_is_entered,
    "whose-stay-changes": _whose_stay_changes,
    "signed-or-why-not": _signed_or_why_not,
    "commitment-on-file": _commitment_on_file,
    "not-who-asked": _not_who_asked,
    "who-asked": _who_asked,
    "is-described": _is_described,
    "is-planned": _is_planned,
}
"""Every need by the word the tables use; what an officer reads of it is in needs.yaml."""


@lru_cache
def needs_in_words() -> Mapping[str, needs.Wanted]:
    """What an officer reads of each need."""
    return needs.in_words(Path(__file__).with_name("needs.yaml"))
