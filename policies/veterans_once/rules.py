"""One-time help for former soldiers 退役军人一次性补助: to live, or to work on one's own."""

from policies.arithmetic import Table
from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="qingshen-summary VT-02")
def veterans_once_decided(on_veterans_once: int) -> int:
    """One-time help was granted to this former soldier."""
    return on_veterans_once


@must_be(at_least=1)
@person(source="qingshen-summary VT-02")
def veterans_once_first_time(veterans_help_had_before: int) -> int:
    """A former soldier has each kind of help once."""
    return 1 - veterans_help_had_before


@award
@person(source="qingshen-summary VT-04")
def veterans_once_award_fen(veterans_once_fen: Table, veterans_help: int) -> int:
    """The one-time help of this kind."""
    return veterans_once_fen[veterans_help]
