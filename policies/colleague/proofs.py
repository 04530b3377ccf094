"""Proves of a law's rules that no sum leaves the machine's integers, for all facts and numbers.

What a rule gives is first sought without asking when it is reached; what looks wrong then is sought
once more for each programme that reads it, where the tests asked before have narrowed what is left.
"""

from collections.abc import Collection

from policies.colleague.findings import Finding
from policies.colleague.intervals import Intervals
from policies.engine.kernel import Kernel, Kind, Steps
from policies.reading.packs import Rule


def doubts(kernel: Kernel, readable: Collection[str]) -> set[Finding]:
    """What cannot be proved of the rules that can be read with all they are reckoned from."""
    everyone = Intervals(kernel)
    suspects = {name for name in readable if everyone.hazards_of(name)}
    found: set[Finding] = set()
    asked: set[str] = set()
    for steps in kernel.programmes.values():
        if all(root.name in readable for root in steps.roots()):
            found |= _doubts_of(kernel, steps, everyone, suspects)
            asked |= {name for root in steps.roots() for name in kernel.closure(root.name)}
    for name in suspects - asked:
        found |= _hazards(kernel.rules[name], everyone)
    return found


def _doubts_of(
    kernel: Kernel, steps: Steps, everyone: Intervals, suspects: set[str]
) -> set[Finding]:
    """The steps of a programme in their order, each for those who passed the tests before."""
    found: set[Finding] = set()
    those = everyone
    for root in steps.roots():
        own, summed = reached(kernel, root.name)
        for name in suspects.intersection(own):
            found |= _hazards(kernel.rules[name], those)
        for name in suspects.intersection(summed):
            found |= _hazards(kernel.rules[name], everyone)
        found_in = those.range_of(root.name)
        if root is steps.award and found_in and found_in.lowest < 0:
            why = f"{root.name} may be below zero: it lies in {found_in}"
            found.add(Finding(root.path, root.line, "negative", why))
        if root.threshold is not None:
            passing = those.passing(root)
            if passing is None:
                why = f"nobody can pass {root.name}: it lies in {those.range_of(root.name)}"
                return found | {Finding(root.path, root.line, "nobody", why)}
            those = passing
    return found


def _hazards(rule: Rule, those: Intervals) -> set[Finding]:
    found = set()
    for each in those.hazards_of(rule.name):
        kind = "zero" if each.by_zero else "overflow"
        says = "may divide by zero: it divides by" if each.by_zero else "may leave 64 bits: it is"
        why = f"{rule.name}: {each.text} {says} {each.found}"
        found.add(Finding(rule.path, each.line, kind, why))
    return found


def reached(kernel: Kernel, root: str) -> tuple[set[str], set[str]]:
    """What is read of the beneficiary and the household, and what of every member in sums."""
    own: set[str] = set()
    summed: set[str] = set()

    def walk(name: str) -> None:
        if name in own:
            return
        own.add(name)
        for part in kernel.needs(name):
            if kernel.kind(name) is Kind.SUM:
                summed.update(kernel.closure(part))
            else:
                walk(part)

    walk(root)
    return own, summed
