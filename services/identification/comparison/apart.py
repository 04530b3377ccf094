"""Who stands on only one of two lists that ought to know of each other, beside the four batches:
the register of the poor and assistance by means; and whoever the department's register and the
low-income database each have as watched (监测对象), one person at a time.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from policies.reading.facts import NOT_APPLICABLE
from services.identification.comparison import hits
from services.identification.comparison.feeds import Feed
from services.identification.comparison.hits import Ints, Met, People, Span
from services.identification.comparison.population import GROUP
from services.identification.low_income.groups import MONITORED, all_groups

REGISTERED: Final = "registered-poor"
ASSISTED_ONLY: Final = "assisted-only"
REGISTERED_ONLY: Final = "registered-only"
MONITORED_ONLY_HERE: Final = "monitored-only-here"
MONITORED_ONLY_THERE: Final = "monitored-only-there"
_LISTED: Final = "listed_monitored"
_BY_MEANS: Final = ("on_dibao", "on_single_person", "on_tekun")


def of(
    connection: Any, people: People, feed: Feed, path: Path, met: Met, span: Span
) -> dict[str, Ints]:
    """By the name of each list, the places of those on it.

    The two of the watched are left out where nobody can tell: where the register calls nobody
    watched, or people were written down before their group was.
    """
    listed = [people.integers(name) == 1 for name in _BY_MEANS]
    assisted = np.flatnonzero(np.logical_or.reduce(listed))
    apart = {
        ASSISTED_ONLY: np.setdiff1d(assisted, met.places, assume_unique=True),
        REGISTERED_ONLY: np.setdiff1d(met.places, assisted, assume_unique=True),
    }
    tells = (each for each in feed.facts if each.fact == _LISTED)
    taking = next((each for each in tells if hits.says(connection, path, each, span)), None)
    if taking is None or GROUP not in people.table.column_names:
        return apart
    return apart | _monitored(people, met)


def counts(apart: Mapping[str, Ints]) -> dict[str, int]:
    """How many people are on each."""
    return {name: len(places) for name, places in apart.items()}


def _monitored(people: People, met: Met) -> dict[str, Ints]:
    """The watched on only one list, as far as our register does not know them as dead.

    Who is in a stronger group of the database cannot be among its watched too, and is not missed.
    """
    code = all_groups()[MONITORED].code
    group, alive = people.integers(GROUP), people.integers("died_on") == NOT_APPLICABLE
    there = np.zeros(len(people), bool)
    there[met.places] = np.ma.filled(met.facts[_LISTED], 0) == 1
    weaker = (group == NOT_APPLICABLE) | (group > code)
    return {
        MONITORED_ONLY_HERE: np.flatnonzero(alive & (group == code) & ~there),
        MONITORED_ONLY_THERE: np.flatnonzero(alive & there & weaker),
    }
