"""The words a place's settings may say, asked of the rooms that know them, before it starts.

Whose kind and size are wrong `place_settings.py` refuses; a word that nobody knows is refused here,
so that none is ever passed over in silence.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final

from services.identification.casework import channels
from services.identification.casework.decisions.grants import STARTS
from services.identification.casework.own.doors import SEEN_BY
from services.identification.casework.papers import archive, documents
from services.identification.casework.paths import all_paths, applied_for
from services.identification.comparison.kinds import read_kinds
from services.identification.exchange import verification
from services.identification.exchange.templates import Template, read_templates
from services.identification.low_income.groups import all_groups
from services.identification.low_income.slices import FIELDS
from services.identification.place_settings import PlaceSettings, SettingsUnreadable
from services.identification.registers.scores import measures
from services.identification.registers.tables import all_registers

_Known = Callable[[], Collection[str]]


def _ranks() -> Collection[str]:
    return all_registers()["pairing"].acts["assign"].fields["helper_kind"].choices


def _accused() -> Collection[str]:
    return all_registers()["complaint"].opens.fields["accused_kind"].choices


def _bodies() -> Collection[str]:
    return all_registers()["complaint"].acts["transfer"].fields["body"].choices


NAMES: Final[Mapping[str, _Known]] = {
    "money_starts": all_paths,
    "archive_required": lambda: {"any", *all_paths()},
    "decision_required": all_paths,
    "papers_valid_months": lambda: documents.KINDS,
    "review_months_of": all_paths,
    "pairing_quota": _ranks,
    "discipline_bodies": _accused,
    "assessment_points": lambda: {each.name for each in measures()},
    "lead_programmes": lambda: read_kinds().kinds,
    "low_income_validity_months": all_groups,
}
"""What the names in a table are names of."""
WORDS: Final[Mapping[str, _Known]] = {
    "money_starts": lambda: STARTS,
    "archive_required": lambda: archive.ITEMS,
    "decision_required": lambda: archive.ITEMS,
    "discipline_bodies": _bodies,
    "lead_programmes": applied_for,
    "public_categories": all_paths,
    "proxy_channels": lambda: channels.ALL,
    "papers_complete_before": lambda: ("opinion", "decision"),
    "identity_seen_by": lambda: SEEN_BY,
}
"""What the words of a setting are, be it one, a list, or what a table says of each name."""


def check_settings(
    settings: PlaceSettings, templates: Mapping[str, Template] | None = None
) -> PlaceSettings:
    """The settings, where they say names, words and ways that are known.

    Args:
        templates: of the exchange, which know what a request may ask; ours if none are given.

    Raises:
        SettingsUnreadable: they do not; it says in which file, of which setting, and what.
    """
    request = (templates or read_templates())[verification.REQUEST]
    acts = [act for path in all_paths().values() for act in path.acts.values()]
    ways = [act.way for act in acts if act.way is not None and act.way.by in settings.words]
    for name, said in settings.words.items():
        try:
            _insist(name, said, NAMES.get(name), WORDS.get(name))
            if name in _SHAPES:
                _SHAPES[name](said)
            if name == "verification_data_sets":
                _known(said, request.columns["data_sets"].codes)
            for way in (each for each in ways if each.by == name):
                _known([said], way.states)
        except (TypeError, ValueError, AttributeError) as problem:
            raise SettingsUnreadable(f"{settings.own}: {name}: {problem}") from problem
    return settings


def _insist(name: str, said: Any, names: _Known | None, words: _Known | None) -> None:
    if names is not None:
        _known(said, names())
    if words is not None:
        each = list(said.values()) if isinstance(said, dict) else [said]
        _known([one for word in each for one in _several(word)], words())


def _several(word: Any) -> list[Any]:
    return word if isinstance(word, list) else [word]


def _known(said: Iterable[Any], known: Collection[str]) -> None:
    """Every word is one of these.

    Raises:
        ValueError: one is none.
    """
    if unknown := [each for each in said if each not in known]:
        there = ", ".join(sorted(known))
        raise ValueError(f"there is no {', '.join(map(str, unknown))}; it is one of {there}")


def _delegation(said: Iterable[Mapping[str, Any]]) -> None:
    _known((each["category"] for each in said), all_paths())


def _ages(said: Iterable[int]) -> None:
    youngest, oldest = said
    if youngest > oldest:
        raise ValueError("is the youngest and the oldest")


def _relations(said: Mapping[str, Any]) -> None:
    for each in said.values():
        _only(each, {"zh": str, "en": str})


def _campaigns(said: Mapping[str, Any]) -> None:
    for each in said.values():
        _only(each, {"zh": str, "en": str, "phases": list})
        for phase in each["phases"]:
            _only(phase, {"zh": str, "en": str, "first": str, "last": str})
            _day(phase["first"])
            _day(phase["last"])


def _slices(said: Mapping[str, Any]) -> None:
    for each in said.values():
        _only(each, {"groups": list, "fields": list})
        _known(each["groups"], all_groups())
        _known(each["fields"], FIELDS)


def _targets(said: Mapping[str, Any]) -> None:
    for each in said.values():
        _only(each, {name: int for name in each if name in ("urban", "rural")})
        if not each or min(each.values()) < 0:
            raise ValueError("says urban, rural or both, at least 0")


def _day(said: str) -> None:
    """A day that every year has, as month and day: “04-10”."""
    if date.fromisoformat(f"2001-{said}").strftime("%m-%d") != said:
        raise ValueError(f"{said} is written like 04-10")


def _only(said: Any, asked: Mapping[str, type]) -> None:
    """It says these, each of its kind, and nothing else.

    Raises:
        TypeError: it does not.
    """
    kinds = {name: type(word) for name, word in said.items()}
    if kinds != asked:
        wanted = ", ".join(f"{name} ({kind.__name__})" for name, kind in asked.items())
        raise TypeError(f"{said!r} says {wanted}, and no more")


_SHAPES: Final[Mapping[str, Callable[[Any], None]]] = {
    "delegation": _delegation,
    "able_bodied_ages": _ages,
    "relations": _relations,
    "campaigns": _campaigns,
    "low_income_slices": _slices,
    "low_income_filing_day": _day,
    "average_targets_fen": _targets,
}
"""What else is asked of a setting that is no number and no word."""
