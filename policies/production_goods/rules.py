"""Goods to produce with 生产物资扶持: handed out once, against a receipt, never as money."""

from policies.marks import award, explanation, must_be, person


@must_be(at_least=1)
@person(source="district-plan-2016 DA-10")
def production_goods_decided(on_production_goods: int) -> int:
    """The person stands on the list for goods to produce with."""
    return on_production_goods


@must_be(at_least=1)
@person(source="district-plan-2016 DA-10")
def production_goods_group(disabled_members: int) -> int:
    """The goods are for the disabled and for the family of someone disabled."""
    return min(1, disabled_members)


@must_be(at_least=1)
@person(source="district-plan-2016 DA-10")
def production_goods_able(
    able_to_work: int,
    age_years: int,
    working_age_from_years: int,
    working_age_until_years: int,
) -> int:
    """The goods are for people of working age who can do some work."""
    if age_years < working_age_from_years or age_years >= working_age_until_years:
        return 0
    return able_to_work


@must_be(at_least=1)
@person(source="district-plan-2016 DA-10")
def production_goods_first_time(production_goods_had_before: int) -> int:
    """Goods to produce with are handed out once."""
    return 1 - production_goods_had_before


@must_be(at_least=0)
@person(source="district-plan-2016 DA-10")
def production_goods_places_left(
    production_goods_has_quota: int, production_goods_quota: int, production_goods_place: int
) -> int:
    """How many places for the goods lie behind this person's, where there is a quota."""
    if production_goods_has_quota == 0:
        return 0
    return production_goods_quota - production_goods_place


@must_be(at_least=1)
@person(source="practice goods leave the store against a receipt")
def production_goods_receipt(production_goods_signed_for: int) -> int:
    """The person has signed for the goods to produce with."""
    return production_goods_signed_for


@award
@person(source="district-plan-2016 DA-10")
def production_goods_worth_fen(production_goods_value_fen: int) -> int:
    """What the goods are worth that the person is handed."""
    return production_goods_value_fen


@explanation
@person(source="district-plan-2016 DA-10")
def production_goods_budget_fen(
    production_goods_has_quota: int, production_goods_quota: int, production_goods_value_fen: int
) -> int:
    """What the goods of everybody in the quota are worth together."""
    if production_goods_has_quota == 0:
        return production_goods_value_fen
    return production_goods_quota * production_goods_value_fen
