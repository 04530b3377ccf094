"""Numbers that may not be paid by: no two people have confirmed them from a document."""

from collections.abc import Collection
from dataclasses import dataclass

from policies.engine.kernel import Kernel
from policies.engine.law import Law
from policies.reading.documents import month_index, month_text
from policies.reading.numbers import Dated, Standing


@dataclass(frozen=True)
class Unconfirmed:
    """One amount of a number, and who is meant if it stands in a table."""

    name: str
    code: str | None
    dated: Dated

    def __str__(self) -> str:
        of = f" of {self.code}" if self.code else ""
        since = month_text(self.dated.since)
        return f"{self.name}{of} since {since} is {self.dated.standing.name.lower()}, not confirmed"


def unconfirmed(
    law: Law, programmes: Collection[str], month: str | None = None
) -> list[Unconfirmed]:
    """The amounts programmes may read in a month, or in any month, that are not confirmed."""
    begun = sorted({rule.since for pack in law.packs.values() for rule in pack.rules})
    kernels = [law.kernel(month)] if month else [Kernel(law.packs, since) for since in begun]
    names = {name for kernel in kernels for each in programmes for name in _read(kernel, each)}
    found = []
    for name in sorted(names):
        number = kernels[-1].numbers[name]
        for code in number.series:
            series = number.series[code] if month is None else [number.at(month_index(month), code)]
            words = None if code is None else number.declaration.codes[code].name
            found += [
                Unconfirmed(name, words, dated)
                for dated in series
                if dated and dated.standing is not Standing.CONFIRMED
            ]
    return found


def _read(kernel: Kernel, programme: str) -> set[str]:
    """The numbers a programme may read on any way."""
    roots = kernel.programmes[programme].roots()
    return {name for root in roots for name in kernel.closure(root.name) if name in kernel.numbers}
