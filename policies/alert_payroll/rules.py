"""Public payroll 财政供养人员在享: found by means, and paid from the public purse."""

from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="township-cleanup-plan public payroll, machinery and subsidies")
def alert_payroll_watched(found_by_means: int) -> int:
    """The warning of public pay is about somebody who was found by means."""
    return found_by_means


@must_be(at_least=1)
@person(source="township-cleanup-plan public payroll, machinery and subsidies")
def alert_payroll_pay_fen_monthly(listed_public_pay_fen_monthly: int) -> int:
    """The public payroll names a pay for this person."""
    return listed_public_pay_fen_monthly


@award
@person(source="township-cleanup-plan public payroll, machinery and subsidies")
def alert_payroll_raised(alert_payroll_pay_fen_monthly: int) -> int:
    """Somebody has to ask what this public pay is."""
    return 1 if alert_payroll_pay_fen_monthly > 0 else 0
