"""What a household is found to live on: as reckoned, as visited, and what could not be avoided."""

from collections.abc import Callable, Mapping
from typing import Final

from services.identification.casework import low_income, means
from services.identification.casework.standing import Standing
from services.identification.casework.visits import WRITTEN_SINCE
from services.identification.grammar.acts import Words
from services.identification.means.reckoning import Living
from shared.money import yuan_text


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


def _status_by_law(at: Standing) -> bool:
    """No status of low income is proposed that the law does not find, as far as it knows."""
    return at.words.get("opinion") != "grant" or low_income.refused(at, at.words) is None


def _why_not_by_law(at: Standing) -> Words:
    said = low_income.refused(at, at.words)
    assert said is not None, "nobody asks why of what the law finds"
    return said


def _support_reckoned(at: Standing) -> bool:
    """A split is not refused; but whoever parts beside relatives has their support reckoned."""
    said = at.words.get("support_fen_monthly")
    if said is None:
        return str(at.words["circumstance"]) == "moved"
    return int(said) <= int(at.words["income_fen_monthly"])


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "income-as-reckoned": _income_as_reckoned,
    "income-as-visited": _income_as_visited,
    "spending-reckoned": _spending_reckoned,
    "status-by-law": _status_by_law,
    "support-reckoned": _support_reckoned,
}
"""What a household lives on, by the words the tables use."""
CLOSER: Final[Mapping[str, Callable[[Standing], Words]]] = {
    "income-as-reckoned": _what_it_comes_to,
    "status-by-law": _why_not_by_law,
}
"""What is said of it with what it comes to here."""
