"""Months in which a place's programmes need an amount that nobody has given."""

from collections.abc import Iterator
from pathlib import Path

from policies.colleague.findings import Finding
from policies.engine.kernel import Kernel
from policies.engine.law import Law
from policies.reading.documents import Entry, month_text, read
from policies.reading.numbers import Number


def gaps(law: Law) -> Iterator[Finding]:
    """Tables that begin later for some than for others."""
    kernel = _latest(law)
    for programme in law.programmes.keys() & kernel.programmes.keys():
        for name in _numbers(kernel, programme):
            yield from _late(kernel.numbers[name])


def unvalued(law: Law, place: Path) -> Iterator[Finding]:
    """Programmes a place names although not one of their numbers has an amount here."""
    kernel = _latest(law)
    named = _named(read(place / "place.yaml"))
    for programme in sorted(kernel.programmes.keys() & named.keys()):
        numbers = [kernel.numbers[name] for name in _numbers(kernel, programme)]
        if numbers and not any(series for each in numbers for series in each.series.values()):
            why = f"{programme} is offered, and none of its numbers has an amount"
            entry = named[programme]
            yield Finding(entry.path, entry.line, "unvalued", why)


def _late(number: Number) -> Iterator[Finding]:
    """The codes of a table that begin after the first of them, and do not say in a note why."""
    begun = {code: series[0] for code, series in number.series.items() if series}
    first = min((dated.since for dated in begun.values()), default=0)
    for code, dated in begun.items():
        if dated.since > first and code is not None and not dated.note:
            name = number.declaration.codes[code].name
            span = f"from {month_text(first)} to {month_text(dated.since - 1)}"
            why = f"{number.declaration.name} of {name} has no amount {span}"
            yield Finding(dated.path, dated.line, "gap", why)


def _latest(law: Law) -> Kernel:
    """The rules as they will stand."""
    begun = [rule.since for pack in law.packs.values() for rule in pack.rules]
    return Kernel(law.packs, max(begun, default=0))


def _numbers(kernel: Kernel, programme: str) -> set[str]:
    roots = kernel.programmes[programme].roots()
    return {name for root in roots for name in kernel.closure(root.name) if name in kernel.numbers}


def _named(entry: Entry) -> dict[str, Entry]:
    """Where a place names each programme it runs or offers; `all` names none."""
    fields = entry.mapping()
    lists = [each.mapping()["programmes"] for each in fields["families"].mapping().values()]
    lists += [fields[name] for name in ("offers", "watches") if name in fields]
    return {each.text(): each for found in lists if not found.is_text for each in found.items()}
