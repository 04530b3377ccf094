"""Supporters 赡养人情况有变: bound to support a household from elsewhere, and on another list."""

from policies.arithmetic import NOT_APPLICABLE
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="practice the supporters' share")
def alert_support_is_owed(supporter_lists_count: int) -> int:
    """The warning is about somebody who supports a household from elsewhere, and was compared."""
    return 0 if supporter_lists_count == NOT_APPLICABLE else 1


@award
@person(source="practice the supporters' share")
def alert_support_raised(supporter_lists_count: int) -> int:
    """On so many lists they stand; what they owe is to be looked at again."""
    return 0 if supporter_lists_count == NOT_APPLICABLE else supporter_lists_count
