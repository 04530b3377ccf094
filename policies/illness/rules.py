"""Illness: what a person pays for it after every payer, and whether it counts as serious."""

from policies.marks import person


@person(source="gansu-city-opinions SP-02")
def illness_self_paid_fen_yearly(
    illness_bills_fen_yearly: int,
    illness_basic_paid_fen_yearly: int,
    illness_serious_paid_fen_yearly: int,
    illness_other_paid_fen_yearly: int,
    illness_aid_paid_fen_yearly: int,
) -> int:
    """What is left of this year's bills once every insurer and medical aid have paid."""
    insured = illness_basic_paid_fen_yearly + illness_serious_paid_fen_yearly
    covered = insured + illness_other_paid_fen_yearly + illness_aid_paid_fen_yearly
    return max(illness_bills_fen_yearly - covered, 0)


@person(source="gansu-city-opinions SP-02")
def seriously_ill(
    on_illness_list: int, illness_self_paid_fen_yearly: int, income_of_last_year_fen: int
) -> int:
    """A person is seriously ill by the local list, or when own cost exceeds last year's income."""
    if on_illness_list == 1:
        return 1
    return 1 if illness_self_paid_fen_yearly > income_of_last_year_fen else 0
