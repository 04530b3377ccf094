"""Who of some staff may still bring a case on: whether an end lies within anybody's reach.

Whatever is missing – a paper, a visit, a day – can still come. Who somebody is, and what they did
to a case, stays: where that bars everybody who could decide, the case waits for ever, until
somebody else is given an account that may.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from services.identification.casework import hits
from services.identification.casework.lists import kept_secret
from services.identification.casework.looking_again import checks
from services.identification.casework.needs.named import NEEDS
from services.identification.casework.standing import ENDS, Standing
from services.identification.casework.visits import WEIGHED
from services.identification.grammar.acts import Act
from services.identification.grammar.history import Done
from shared.callers import Caller

_VISITS: Final = ("survey", "sign-survey")
_SIGNED: Final = frozenset(
    {"signed-by-investigators", "visited-or-simple", "looked-into", "finding-visited"}
)
"""Needs of a visit that several sign."""
_HEARD: Final = frozenset({"hits-settled", "looked-into", "finding-heard"})
"""Needs that wait for somebody to judge what the household answered."""
_BY_ANOTHER: Final = "seen-by-another"
_FINDING: Final = frozenset(
    {
        "home-check", "spot-check", "sign-survey", "no-relative", "read-certificate",
        "over-standard", "ground-gone", "wrongly-in",
    }
)  # fmt: skip
"""Acts by which somebody finds what they do not decide then, though they might have."""
_NO_VISIT: Final = {"survey_id": ""}
BY_HAND: Final[Mapping[str, Callable[[Standing], bool]]] = {
    **{
        name: NEEDS[name]
        for name in (
            "not-the-surveyor", "not-the-advancer", "not-the-proposer", "not-a-relative",
            "in-the-countys-hands", "not-the-spot-checker", "not-the-home-checker",
            "not-the-reader", "not-the-acceptor", "not-the-answerer", "not-the-agreements-filer",
            "not-the-requester", "another-decides", "authority-of-its-day", "not-the-assessor",
            "not-the-checker", "not-the-keeper", "not-the-reporter", "not-the-opener",
            "by-another-where-found", "not-who-wanted-papers", "not-who-noted-death",
            "yours-to-decide", "yours-to-sign", "yours-to-judge",
        )
    },
    "relatives-looked-up": lambda at: at.did_none("no-relative"),
    "not-the-decider": lambda at: at.about is None or NEEDS["not-the-decider"](at),
    "heard-by-another": lambda at: not at.done("note-hearing") or NEEDS["heard-by-another"](at),
    "secret-by-another": kept_secret.may_agree,
    "end-by-another": kept_secret.may_end,
}  # fmt: skip
"""The needs that ask whose hands an act is in, and nothing that may still come."""


def barred(at: Standing, act: Act, who: Caller) -> list[str] | None:
    """What bars somebody of the staff from an act for good; nothing where they may do it, and
    `None` where it is not theirs by scope or area at all."""
    if not (who.may_see(at.case.village) and any(map(who.has, act.scopes))):
        return None
    theirs = replace(at, caller=who)
    asked = (*act.when, *act.needs)
    return [name for name in asked if name in BY_HAND and not BY_HAND[name](theirs)]


def ends_in_reach(at: Standing, staff: Sequence[Caller], begun: Collection[str] = ()) -> set[str]:
    """Every end of a case that acts of some staff still lead to from where it stands, or from where
    it has `begun`, one after another; what is done aside (it is withdrawn, somebody dies) leads to
    none.

    By duty alone: it may be that a paper, a day or a state of the household still bars an act.
    """
    found, fresh = set[str](), set(begun) or {at.case.state}
    while fresh:
        found |= fresh
        fresh = {end for state in fresh for end in _onward(at, state, staff)} - found
    return {name for name in found if at.path.states[name].ends}


def would_leave_nobody(at: Standing, act: Act, staff: Sequence[Caller]) -> bool:
    """Whether nobody of some staff could bring the case to an end any more once the caller has
    found something by an act, whatever of its choices is to end: whoever finds it does not decide.
    """
    if act.name not in _FINDING or not ends_in_reach(at, staff):
        return False
    ends = act.fields[ENDS].choices if ENDS in act.fields else ()
    said = [{**_NO_VISIT, ENDS: each} for each in ends] or [_NO_VISIT]
    begun = set(act.way.ends()) if act.way else set()
    return not all(ends_in_reach(_once_done(at, act, each), staff, begun) for each in said)


def _once_done(at: Standing, act: Act, words: Mapping[str, str]) -> Standing:
    """Where a case would stand if the caller had found something by an act."""
    by, state = at.caller, at.case.state
    now = at.acts[-1].done_at if at.acts else at.case.opened_at
    done = Done(act.name, state, state, by.subject, by.person, at.today, now, words)
    return replace(at, acts=[*at.acts, done])


def whom_bars(at: Standing, staff: Sequence[Caller]) -> dict[str, list[str]]:
    """Of each of the staff who would bring it on from where it stands, what bars them, by name."""
    found = dict[str, list[str]]()
    for act in _leading_on(at, at.case.state):
        for who in staff:
            for need in barred(at, act, who) or ():
                names = found.setdefault(who.subject, [])
                if need not in names:
                    names.append(need)
    return found


def _onward(at: Standing, state: str, staff: Sequence[Caller]) -> set[str]:
    """Where acts of some staff lead to from a state."""
    return {
        end
        for act in _leading_on(at, state)
        if act.way is not None and _has_hands(at, act, staff)
        for end in act.way.ends()
    }


def _leading_on(at: Standing, state: str) -> Iterable[Act]:
    return (each for each in at.path.acts_from(state) if each.way is not None and not each.aside)


def _has_hands(at: Standing, act: Act, staff: Sequence[Caller]) -> bool:
    """Whether one of the staff may do an act, and those it rests on have their hands too."""
    if "set-aside-before" in act.needs and not at.set_aside():
        return False
    if not any(barred(at, act, who) == [] for who in staff):
        return False
    here = at.case.state in act.sources
    if here and "visits-weighed" in act.needs and checks.wait(at) is not None:
        weighs = [at.path.acts[name] for name in WEIGHED if name in at.path.acts]
        if not any(barred(at, each, who) == [] for each in weighs for who in staff):
            return False
    return not here or (_is_judge_left(at, act, staff) and _are_visitors_left(at, act, staff))


def _is_judge_left(at: Standing, act: Act, staff: Sequence[Caller]) -> bool:
    """Whether somebody is left to judge what was answered or agreed, before an act follows."""
    if _HEARD.isdisjoint(act.needs) or not hits.another_is_to_judge(at):
        return True
    judging = [at.path.acts[each] for each in hits.JUDGING if each in at.path.acts]
    asked = "agreement-filed" if hits.agreement_waits(at) else "answer-given"
    return any(barred(at, e, who) == [] for e in judging for who in staff if asked in e.needs)


def _are_visitors_left(at: Standing, act: Act, staff: Sequence[Caller]) -> bool:
    """Whether those are left who sign the visit that an act rests on, and is not there yet."""
    asked = {*act.needs} & {*_SIGNED, _BY_ANOTHER}
    missing = {name for name in asked if not NEEDS[name](at)}
    visits = [at.path.acts[name] for name in _VISITS if name in at.path.acts]
    able = {who.person for who in staff for each in visits if barred(at, each, who) == []}
    if missing & _SIGNED and len(able) < at.settings.number("investigators_min"):
        return False
    if _BY_ANOTHER not in missing:
        return True
    signed = at.signers()
    before = {name for each in at.visited_before_check() for name in signed[each]}
    return bool(able - before)
