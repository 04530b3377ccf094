"""Working capital 生产扶持资金: once, what a skilled worker's second business needs to begin."""

from policies.marks import award, must_be, person


@must_be(at_least=1)
@person(source="forestry-union-summary PK-08")
def production_capital_decided(on_production_capital: int) -> int:
    """The application for working capital was granted."""
    return on_production_capital


@must_be(at_least=1)
@person(source="forestry-union-summary PK-08")
def production_capital_skilled(has_trade_skill: int) -> int:
    """Working capital is for workers with a skill."""
    return has_trade_skill


@must_be(at_least=1)
@person(source="forestry-union-summary PK-08")
def production_capital_first_time(production_capital_had_before: int) -> int:
    """Working capital is given once."""
    return 1 - production_capital_had_before


@award
@person(source="forestry-union-summary PK-08")
def production_capital_award_fen(production_capital_needed_fen: int) -> int:
    """The working capital that was found necessary."""
    return production_capital_needed_fen
