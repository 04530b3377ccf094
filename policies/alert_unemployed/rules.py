"""Unemployed 登记失业未享受救助: out of work, without unemployment pay and without assistance."""

from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="guangxi-low-income-plan other low-income")
def alert_unemployed_listed(listed_unemployed: int) -> int:
    """The person is registered as unemployed."""
    return listed_unemployed


@must_be(at_least=1)
@person(source="guangxi-low-income-plan other low-income")
def alert_unemployed_unassisted(members_in_assistance: int) -> int:
    """Nobody in the household of the unemployed is in assistance."""
    return 1 if members_in_assistance == 0 else 0


@must_be(at_least=1)
@person(source="guangxi-low-income-plan other low-income")
def alert_unemployed_unpaid(listed_unemployment_pay_fen_monthly: int) -> int:
    """The unemployed person draws no unemployment pay."""
    return 1 if listed_unemployment_pay_fen_monthly == 0 else 0


@award
@person(source="guangxi-low-income-plan other low-income")
def alert_unemployed_raised(alert_unemployed_listed: int) -> int:
    """Somebody has to call on this person who is out of work."""
    return alert_unemployed_listed
