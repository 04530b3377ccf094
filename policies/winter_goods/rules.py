"""Winter goods 冬令物资: quilts from the store against a receipt, never turned into money."""

from policies.marks import award, household, must_be, person


@must_be(at_least=1)
@household(source="qingshen-summary DR-03")
def winter_goods_decided(on_winter_goods: int) -> int:
    """This household stands on the winter's list for goods."""
    return on_winter_goods


@person(source="qingshen-summary DR-03")
def winter_goods_through_tekun(on_tekun: int, payable_in_life: int) -> int:
    """A living person on tekun brings the household winter goods."""
    return min(on_tekun, payable_in_life)


@must_be(at_least=1)
@household(source="qingshen-summary DR-03")
def winter_goods_group(
    on_dibao: int, on_poverty_list: int, sum_of_winter_goods_through_tekun: int
) -> int:
    """Winter goods are for households on dibao, on the register of the poor, or with tekun."""
    if on_dibao == 1 or on_poverty_list == 1:
        return 1
    return min(1, sum_of_winter_goods_through_tekun)


@must_be(at_least=0)
@household(source="qingshen-summary DR-03")
def winter_quilts_left(
    winter_quilts_stock: int, winter_quilts_issued: int, winter_quilts_granted: int
) -> int:
    """What the store has left after these quilts; it is never below zero."""
    return winter_quilts_stock - winter_quilts_issued - winter_quilts_granted


@must_be(at_least=1)
@household(source="practice goods leave the store against a receipt")
def winter_goods_receipt(winter_quilts_signed_for: int) -> int:
    """The household has signed for its quilts."""
    return winter_quilts_signed_for


@award
@household(source="qingshen-summary DR-03")
def winter_quilts(winter_quilts_granted: int) -> int:
    """The quilts the household gets this winter."""
    return winter_quilts_granted
