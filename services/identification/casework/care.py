"""How somebody is cared for: mode of care, self-care and a certificate, asked for anew.

None of it is read from what a household earns: each rests on its own paper, list or assessment, and
counts from the month of that on.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from services.identification.casework.standing import Standing
from services.identification.determinations import NOT_APPLICABLE
from services.identification.grammar.history import Done
from shared.months import Month

CARE_MODE: Final = "care-mode"
CHILD_CARE: Final = "child-care"
SELF_CARE: Final = "self-care"
CERTIFICATE: Final = "disability-grade"
ASSESS: Final = "assess-self-care"
SIGN: Final = "sign-self-care"
MODES: Final = {"scattered": 1, "centralised": 2, "kin": 1, "foster": 1}
"""At home or in a home; a child with kin or foster parents is in a family."""
RESTING_ON_PAPER: Final = {"care_mode", "self_care", "disability_grade", "disability_kind"}
"""Facts that no visit and no comparison finds."""
SELF_CARE_INDICATORS: Final = 6
"""Eating, dressing, getting in and out of bed, toilet, walking indoors, bathing."""
PARTLY_LOST_UP_TO: Final = 3
"""Of the six indicators of self-care: none fails, up to three fail, four and more."""
WAS: Final = "was"
"""The word of a request under which stands the mode of care that was decided before it."""
_NO_GRADE: Final = "none"
_HOME: Final = 2
_DAYS: Final = {CARE_MODE: "moved_on", CHILD_CARE: "moved_on", CERTIFICATE: "certified_on"}


def self_care(failed: int) -> int:
    """The class of self-care by how many of the six indicators fail: 1 full, 2 partial, 3 none."""
    if failed == 0:
        return 1
    return 2 if failed <= PARTLY_LOST_UP_TO else 3


def assessed(at: Standing, key: str) -> Done | None:
    """The last assessment of somebody's self-care, once two have signed it or an agency made it."""
    last, signers = None, set()
    for each in at.done(ASSESS, SIGN):
        if each.words["person_key"] != key:
            continue
        if each.act == ASSESS:
            last, signers = each, set[str]()
        signers.add(each.person)
    if last is None:
        return None
    by_two = len(signers) >= at.settings.number("investigators_min")
    return last if by_two or "agency" in last.words else None


def _mode(at: Standing, words: Mapping[str, Any]) -> dict[str, Any]:
    return {"care_mode": MODES[str(words["care_mode"])]}


def _self_care(at: Standing, words: Mapping[str, Any]) -> dict[str, Any]:
    """None of it is another before somebody has assessed it."""
    found = assessed(at, str(words["person_key"]))
    return {} if found is None else {"self_care": self_care(int(found.words["failed"]))}


def _certificate(at: Standing, words: Mapping[str, Any]) -> dict[str, Any]:
    if words["grade"] == _NO_GRADE:
        return {"disability_grade": NOT_APPLICABLE, "disability_kind": NOT_APPLICABLE}
    return {"disability_grade": int(words["grade"]), "disability_kind": int(words["kind"])}


Facts = Callable[[Standing, Mapping[str, Any]], dict[str, Any]]
FACTS: Final[Mapping[str, Facts]] = {
    CARE_MODE: _mode,
    CHILD_CARE: _mode,
    SELF_CARE: _self_care,
    CERTIFICATE: _certificate,
}
"""What of somebody would be another by each request."""


def begins(at: Standing) -> str:
    """The first month any of it holds from: of the move, the assessment, or the certificate."""
    days = []
    for each in asked(at):
        found = assessed(at, each.words["person_key"]) if each.act == SELF_CARE else each
        if found is not None:
            days.append(found.words[_DAYS.get(each.act, "assessed_on")])
    return max((str(Month.of(date.fromisoformat(day))) for day in days), default="")


def asked(at: Standing) -> Iterator[Done]:
    """The last request of each kind for each person since it was begun anew."""
    found = {
        (each.act, each.words["person_key"]): each
        for each in at.since("start-over")
        if each.act in FACTS
    }
    yield from found.values()


def is_asked_anew(at: Standing) -> bool:
    """Whether somebody's self-care is to be assessed anew, and nothing is looked into besides."""
    return at.case.state == "requested" and any(each.act == SELF_CARE for each in asked(at))


def lives_in_the_home(at: Standing, words: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Whether a request moves somebody into the home these words name; without one, whether they
    are cared for in a home by these facts, that were decided of them."""
    theirs = [e for e in asked(at) if e.words["person_key"] == words["person_key"]]
    move = next((e for e in theirs if e.act in {CARE_MODE, CHILD_CARE}), None)
    if move is None:
        return bool(facts.get("care_mode") == _HOME)
    return "".join(str(move.words.get("home")).split()) == "".join(str(words["home"]).split())


def shown(at: Standing) -> list[dict[str, Any]]:
    """What is asked for of whom, as its readers see it, also before anything is found."""
    called = {each.key: each.name for each in at.application.members}
    found = []
    for each in asked(at):
        act = at.path.acts[each.act]
        chosen = [
            act.fields[name].choices[str(each.words[name])].both()
            for name in ("care_mode", "grade")
            if name in each.words
        ]
        key = str(each.words["person_key"])
        found.append(
            {
                "name": called.get(key, key),
                "asked": act.words.both(),
                "to": chosen[0] if chosen else None,
            }
        )
    return found


def _assessed_anew(at: Standing) -> bool:
    """Whoever's self-care is asked for was assessed, before it is said to be so."""
    wanted = [e.words["person_key"] for e in asked(at) if e.act == SELF_CARE]
    return at.words.get("opinion") != "grant" or all(assessed(at, key) for key in wanted)


def _signable(at: Standing) -> bool:
    """There is an assessment of theirs, and another made it and signed it."""
    theirs = [e for e in at.done(ASSESS, SIGN) if e.words["person_key"] == at.words["person_key"]]
    made = [place for place, each in enumerate(theirs) if each.act == ASSESS]
    return bool(made) and at.caller.person not in {e.person for e in theirs[made[-1] :]}


def _agency_with_report(at: Standing) -> bool:
    return ("agency" in at.words) == ("report_id" in at.words)


def _home_named(at: Standing) -> bool:
    return ("home" in at.words) == (MODES[str(at.words["care_mode"])] == _HOME)


def _certificate_shown(at: Standing) -> bool:
    """A paper is on file unless a list says so, and a grade is of a kind."""
    graded = ("kind" in at.words) == (at.words["grade"] != _NO_GRADE)
    return graded and (at.words["rests_on"] == "list" or "certificate_id" in at.words)


def _money_follows(at: Standing) -> bool:
    """Whoever moves into a home is paid through it, and whoever leaves one is not."""
    led = {
        str(each.words["person_key"]): each.act == "care-home"
        for each in at.since("start-over")
        if each.act in {"card", "guardian", "care-home"} and each.words.get("pays") != "household"
    }
    moves = [each.words for each in asked(at) if each.act in {CARE_MODE, CHILD_CARE}]
    return at.words.get("opinion") != "grant" or all(
        led.get(words["person_key"]) == (MODES[words["care_mode"]] == _HOME)
        for words in moves
        if words.get(WAS) != MODES[words["care_mode"]]
    )


def _six_at_most(at: Standing) -> bool:
    return int(at.words["failed"]) <= SELF_CARE_INDICATORS


def _self_care_assessed(at: Standing) -> bool:
    if at.words.get("opinion") != "grant":
        return True
    return assessed(at, str(at.words["person_key"])) is not None


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "assessed-anew": _assessed_anew,
    "assessed-by-another": _signable,
    "agency-with-report": _agency_with_report,
    "home-named": _home_named,
    "certificate-shown": _certificate_shown,
    "money-follows": _money_follows,
    "six-at-most": _six_at_most,
    "self-care-assessed": _self_care_assessed,
}
"""Care and self-care, by the words the tables use."""
