"""Help that is given once, in words: its sum, what of it was paid first, and in how many stages the
rest is paid."""

from typing import Final

from services.identification.casework.needs.temporary import advanced_fen, proposed
from services.identification.casework.paths import ONCE
from services.identification.casework.standing import REPLACED, Standing
from services.identification.grammar.acts import Words
from shared.money import yuan_text

_SUM: Final = Words("救助金额共{sum}元", "{sum} yuan in all")
_FIRST: Final = Words("，其中{first}元已先行支付", ", {first} of it paid first")
_REST: Final = Words("，其余{rest}元", ", the other {rest}")
_ALL: Final = Words("，", ",")
_AT_ONCE: Final = Words("一次发放", " at once")
_IN_STAGES: Final = Words(
    "分{stages}期发放，困难已经缓解的，余下各期不再发放", " in {stages} stages while the need lasts"
)
_END: Final = Words("。", ".")


def approved(at: Standing) -> Words | None:
    """One sentence on what was approved, or won by an appeal; nothing, where nothing was."""
    granted = at.done("confirm", REPLACED)
    if at.path.grant is None or at.path.grant.whose != ONCE or not granted:
        return None
    # What is won is granted, and paid at once.
    said = proposed(at) if granted[-1].act != REPLACED else {**granted[-1].words, "stages": 1}
    fen, first = int(said["amount_fen"]), advanced_fen(at)
    parts = [_SUM, _FIRST] if first else [_SUM]
    if fen > first:
        parts += [_REST if first else _ALL, _IN_STAGES if int(said["stages"]) > 1 else _AT_ONCE]
    blanks = {
        "sum": yuan_text(fen),
        "first": yuan_text(first),
        "rest": yuan_text(fen - first),
        "stages": str(said["stages"]),
    }
    zh = "".join(each.zh for each in [*parts, _END])
    en = "".join(each.en for each in [*parts, _END])
    return Words(zh.format_map(blanks), en.format_map(blanks))
