"""How codes, months and texts are written where a route asks for them."""

from typing import Final

from shared.months import MONTH_PATTERN

AREA: Final = r"^\d{6}(\d{3}(\d{3})?)?$"
"""A county, a township or a village."""
VILLAGE: Final = r"^[0-9]{12}$"
MONTH: Final = MONTH_PATTERN
PERSON_KEY: Final = r"^[a-z0-9-]{1,40}$"
"""Somebody of an application."""
