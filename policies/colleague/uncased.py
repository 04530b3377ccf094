"""What no worked case shows: a beginning, a refusal, a programme that gives something."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from policies.colleague.findings import Finding
from policies.engine.cases import Case
from policies.reading.documents import month_index, month_text
from policies.reading.packs import Pack

Cases = Mapping[Path, Sequence[Case]]
"""The cases of each pack and place by its folder, of those whose cases can all be read."""


def beginnings(packs: Mapping[str, Pack], cases: Cases) -> Iterator[Finding]:
    """Amounts and shapes of rules without a case in their first month and the month before."""
    for pack in packs.values():
        for name, number in pack.numbers.items():
            for _, dated in number.entries():
                own = cases.get(dated.path.parent)
                if own is not None:
                    counted = [each for each in own if name not in each.numbers]
                    yield from _beginning(name, dated.since, counted, (dated.path, dated.line))
        own = cases.get(pack.path)
        for rule in pack.rules:
            if rule.since and own is not None:
                yield from _beginning(rule.name, rule.since, own, (rule.path, rule.line))


def refusals(
    packs: Mapping[str, Pack], cases: Collection[Case], besides: Collection[str] = ()
) -> Iterator[Finding]:
    """Tests that no case fails; `besides` are names of which files speak that cannot be read."""
    failed = {expected.fails for case in cases for expected in case.expects}.union(besides)
    for rule in (rule for pack in packs.values() if pack.programme for rule in pack.rules):
        if rule.threshold is not None and rule.name not in failed:
            yield Finding(rule.path, rule.line, "uncased", f"no case fails {rule.name}")


def gifts(
    packs: Mapping[str, Pack], cases: Collection[Case], besides: Collection[str] = ()
) -> Iterator[Finding]:
    """Programmes that give something in no case."""
    given = {
        expected.name
        for case in cases
        for expected in case.expects
        if (expected.amount_fen or expected.quantity or 0) > 0
    }.union(besides)
    for pack in packs.values():
        if pack.programme and pack.name not in given:
            declared = pack.programme
            yield Finding(
                declared.path, declared.line, "uncased", f"in no case {pack.name} gives something"
            )


def _beginning(
    name: str, since: int, cases: Collection[Case], where: tuple[Path, int]
) -> Iterator[Finding]:
    months = {month_index(each) for case in cases for each in case.months}
    missing = [month_text(month) for month in (since - 1, since) if month not in months]
    if missing:
        why = f"{name} begins in {month_text(since)}: no case in {' nor in '.join(missing)}"
        yield Finding(*where, "uncased", why)
