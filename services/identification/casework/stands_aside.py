"""Whose near relative a case is about stands aside from it, but for the few acts named here."""

from collections.abc import Mapping
from typing import Final

from services.identification.grammar.acts import Act

NEED: Final = "not-a-relative"
"""The need by which whoever is near to somebody in a case does not do an act."""
RELATIVES_MAY: Final[Mapping[str, frozenset[str]]] = {
    "They help a household apply as anybody at a window does; others accept, visit and decide.": (
        frozenset({"write", "submit", "bring-papers", "report"})
    ),
    "They write down what a household asks to be changed; others look into it and decide.": (
        frozenset(
            {
                "birth", "marriage", "move-in", "find-number", "death", "alive", "move-out",
                "move-home", "split", "merge", "away", "back", "refused-work", "income", "card",
                "guardian", "care-home", "care-mode", "child-care", "self-care",
                "disability-grade", "set-sum", "name-proxy", "start-over",
            }
        )
    ),
    "They write down whom a household names; others see the paper of it and decide.": (
        frozenset({"head", "relation", "name-guardian"})
    ),
    "They write down what a household answers; another judges it.": frozenset({"explain-hits"}),
    "They say themselves who is near to whom, and nobody is to be kept from it.": (
        frozenset({"say-relative", "declare-relative"})
    ),
}  # fmt: skip
"""The acts a near relative among the staff may do all the same, by why."""
_EXCEPTED: Final = frozenset[str]().union(*RELATIVES_MAY.values())


def flaw(act: Act, own: str) -> str | None:
    """What is wrong with what an act of a table says of near relatives: it needs that they stand
    aside, or is one they may do, and not both. One of the `own` scope alone is no staff's."""
    if act.scopes == {own}:
        return None
    needs, may = NEED in act.needs, act.name in _EXCEPTED
    if needs and may:
        return f"needs {NEED}, and near relatives may do it"
    return None if needs or may else f"does not need {NEED}, and nothing says why relatives may"
