"""Who works in the demonstration county: accounts, their roles, and the area each sees."""

from dataclasses import dataclass
from typing import Final

from demonstration.inputs import COUNTY

TOWN: Final = "511425001"
VILLAGE: Final = "511425001200"


@dataclass(frozen=True, slots=True)
class Account:
    """One person at the desk."""

    role: str
    area: str = COUNTY


ACCOUNTS: Final = {
    "maker": Account("civil-affairs-maker"),
    "head": Account("civil-affairs-head"),
    "second-head": Account("civil-affairs-head"),
    "finance": Account("finance-releaser"),
    "worker": Account("village-worker", VILLAGE),
    "officer": Account("township-officer", TOWN),
    "second-officer": Account("township-officer", TOWN),
    "township": Account("township-head", TOWN),
    "town-decider": Account("township-decider", TOWN),
    "window": Account("window-clerk", TOWN),
    "operator": Account("phone-operator"),
    "checker": Account("county-checker"),
    "appeals": Account("appeal-officer"),
    "hearing": Account("appeal-officer"),
    "auditor": Account("auditor"),
}
"""Everybody is one person with one role: nobody here can sign in another's place."""
