"""The tables of cases, read as maps: every state is reached, and no grant has a way round."""

from collections.abc import Iterator, Mapping, Set
from typing import Final

import pytest

from services.identification.casework.papers import letters
from services.identification.casework.paths import CasePath, all_paths
from services.identification.casework.standing import DECISION_NUMBER
from services.identification.grammar.acts import Way

_SEEN: Final = {"submit", "accept", "finish-survey", "finish-comparison", "confirm"}
NOT_SKIPPED: Final[Mapping[str, tuple[str, Set[str]]]] = {
    "dibao": ("granted", _SEEN),
    "single-person": ("granted", _SEEN),
    "edge": ("granted", _SEEN),
    "rigid-spending": ("granted", _SEEN),
    "tekun": ("granted", _SEEN),
    "children": ("granted", {"submit", "accept", "check-child", "confirm"}),
    "disability": ("granted", {"submit"}),
    "old-age": ("granted", {"submit", "accept", "confirm"}),
    "temporary": ("aided", {"report", "accept", "propose", "complete-papers", "confirm"}),
    "change": ("changed", {"submit", "propose", "confirm"}),
}
"""What leads to a grant, and the acts without which no way of the table comes there."""
_BOTH: Final = {"survey", "compare"}
RESTS_ON: Final[Mapping[str, Set[str]]] = {
    "dibao": _BOTH,
    "single-person": _BOTH,
    "edge": _BOTH,
    "rigid-spending": _BOTH,
    "tekun": _BOTH,
    "temporary": _BOTH,
    "children": {"survey"},
    "disability": set(),
    "old-age": set(),
}
"""What is granted on a visit, and on a report: why it is so, docs/decisions/0025 says of each."""
_OF_LETTERS: Final = ("authorise", "authorise-jointly", "excuse-letter", "agree-excuse")
_WANT_LETTERS: Final = {"adults-authorised", "letters-here-or-on-file"}


@pytest.mark.parametrize("category", sorted(all_paths()))
def test_every_state_of_the_table_can_be_reached(category: str) -> None:
    path = all_paths()[category]
    assert _reached(path) == path.states.keys()


@pytest.mark.parametrize("category", sorted(NOT_SKIPPED))
def test_nothing_is_granted_by_a_way_that_leaves_something_out(category: str) -> None:
    path, (granted, asked) = all_paths()[category], NOT_SKIPPED[category]
    skipped = [act for act in sorted(asked) if granted in _reached(path, without=act)]
    assert not skipped, f"{category} is {granted} without {skipped}"


def test_whatever_is_decided_under_a_number_has_a_letter_with_the_number_and_the_remedy() -> None:
    told = [
        each
        for letter in letters._letters()[0].values()
        if letter.number == DECISION_NUMBER
        for each in (letter, *letter.of.values())
    ]
    deciding = {
        act.name
        for path in all_paths().values()
        for act in path.acts.values()
        if DECISION_NUMBER in act.fields
    }
    assert deciding == {each.after for each in told}
    remedies = f"{{{letters.REMEDY}}}", "向人民法院提起行政诉讼"
    for each in told:
        assert any(remedy in each.paragraphs[-1] + each.paragraphs[-2] for remedy in remedies), each


def test_a_category_has_the_visit_and_the_report_that_were_decided_for_it() -> None:
    granting = {name: path for name, path in all_paths().items() if path.grant is not None}
    assert {name: path.acts.keys() & _BOTH for name, path in granting.items()} == RESTS_ON
    for name, path in granting.items():
        needs = {need for act in path.acts.values() for need in act.needs}
        assert ("compared" in needs) == ("compare" in RESTS_ON[name]), name


@pytest.mark.parametrize("category", sorted(all_paths()))
def test_wherever_letters_are_wanted_they_are_filed_and_who_cannot_sign_is_excused(
    category: str,
) -> None:
    acts = all_paths()[category].acts
    wanted = {
        state for act in acts.values() if _WANT_LETTERS & set(act.needs) for state in act.sources
    }
    if "authorise" in acts:
        assert wanted, f"{category} files letters that nothing waits for"
        assert acts.keys() >= set(_OF_LETTERS)
    assert all(wanted <= acts[name].sources for name in _OF_LETTERS if wanted)


def _reached(path: CasePath, without: str = "") -> set[str]:
    """The states that acts lead to, where one is never done."""
    acts = [act for act in path.acts.values() if act.name != without]
    reached, before = {path.begins}, set[str]()
    while reached != before:
        before = set(reached)
        done = {act.name for act in acts if act.sources & reached}
        ways = [act.way for act in acts if act.way and act.name in done]
        reached |= {state for way in ways for state in _ends(way, done)}
    return reached


def _ends(way: Way, done: Set[str]) -> Iterator[str]:
    """The states a way may lead to, where nothing but these acts can have been done before."""
    if way.state is not None:
        yield way.state
    for name, each in way.states.items():
        if way.after is None or name == "otherwise" or way.after in done:
            yield from _ends(each, done)
