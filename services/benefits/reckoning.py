"""A run's whole answer from its frozen reading: lines, proposed recoveries, holds. Pure.

The same reading and the same law give the same answer, ids and order included; so a run killed in
the middle goes on where it stopped, and a replay gives the same list byte for byte.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import policies
from services.benefits import differences, disputes, going_on, holds, packs
from services.benefits.differences import Found, Key, Numbering
from services.benefits.going_on import Pair, Side
from services.benefits.models import LineKind, Run
from services.benefits.snapshot import Frozen


class Difference(NamedTuple):
    """One difference found: a line above zero, or (no kind) a proposed recovery."""

    id: str
    kind: LineKind | None
    snapshot_row: int | None
    beneficiary_kind: str
    beneficiary_id: str
    household_id: str
    village: str
    programme: str
    budget_item: str
    month: str
    difference: int
    cause: str
    amount_fen: int
    determination_id: str | None


class Held(NamedTuple):
    """One sum that cannot be known."""

    beneficiary_kind: str
    beneficiary_id: str
    household_id: str
    village: str
    programme: str
    month: str
    reason: str


@dataclass
class Answer:
    """Everything a run found, in the order of its list."""

    found: list[Difference] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    households_count: int = 0
    zero_count: int = 0

    def chunks(self, size: int) -> Iterator[tuple[int, list[Difference], list[Held]]]:
        """Numbered parts; the held stand behind the found."""
        both = len(self.found) + len(self.held)
        for number, start in enumerate(range(0, both, size)):
            rest = max(start - len(self.found), 0)
            taken = min(max(len(self.found) - start, 0), size)
            yield number, self.found[start : start + size], self.held[rest : rest + size - taken]


@dataclass(frozen=True, slots=True)
class _Case:
    """One beneficiary, programme and month: what the law says now, and where it stands."""

    key: Key
    beneficiary_kind: str
    household_id: str
    village: str
    budget_item: str
    owed_fen: int
    reason: str | None
    row: int | None


def reckon(law: policies.Law, of: Run, frozen: Frozen) -> Answer:
    """Owed less granted, for every month in the run's scope."""
    answer = Answer()
    found: list[tuple[_Case, Found]] = []
    for month in frozen.scope.months():
        programmes = packs.programmes_of(law, of.family)
        outcome = law.award_county(frozen.facts, month, programmes=programmes)
        withheld = _withheld(law, programmes, frozen, month, outcome)
        pairs = going_on.pairs(law, programmes)
        for case in _paid_as_either(pairs, _cases(outcome, frozen, month), frozen):
            before, owed_fen = frozen.before.get(case.key), case.owed_fen
            if case.key in withheld and before is not None:
                # Nothing is proposed for recovery while it is in dispute, or where it was.
                owed_fen = max(owed_fen, before.granted_fen + before.proposed_fen)
            difference = differences.find(owed_fen, before)
            if case.reason is not None:
                answer.held.append(_held(case, case.reason))
            elif difference is not None and _is_too_large(difference, case.key, of, frozen):
                answer.held.append(_held(case, holds.TOO_LARGE))
            elif difference is not None:
                found.append((case, difference))
        answer.held.extend(held for key in sorted(withheld) for held in withheld[key])
    found.sort(key=lambda each: (each[0].household_id, each[0].key.month, each[0].key))
    determination_ids = frozen.facts.texts("determination_id")
    numbering = Numbering(of.id, of.attempt)
    for case, difference in found:
        cause = frozen.scope.cause(case.household_id, case.key.month)
        spoken = None if case.row is None else determination_ids[case.row]
        kind = LineKind.REGULAR if case.key.month == of.pay_month else LineKind.ARREARS
        for each, fen in ((kind, difference.line_fen), (None, difference.recovery_fen)):
            if fen:
                place = len(answer.found)
                answer.found.append(
                    Difference(
                        id=str(numbering.at(place)),
                        kind=each,
                        snapshot_row=case.row,
                        beneficiary_kind=case.beneficiary_kind,
                        beneficiary_id=case.key.beneficiary_id,
                        household_id=case.household_id,
                        village=case.village,
                        programme=case.key.programme,
                        budget_item=case.budget_item,
                        month=case.key.month,
                        difference=difference.number,
                        cause=cause.value,
                        amount_fen=fen,
                        determination_id=spoken,
                    )
                )
    _count(answer, frozen)
    return answer


def _cases(outcome: policies.Outcome, frozen: Frozen, month: str) -> Iterator[_Case]:
    """Everybody the law or an earlier run names for a month, in one fixed order."""
    cases: dict[Key, _Case] = {}
    for award in outcome.awards:
        key = Key(award.beneficiary_id, award.programme, month)
        assert award.budget_item, "what is run by month has its budget items"
        cases[key] = _Case(
            key,
            award.beneficiary_kind,
            award.household_id,
            award.village,
            award.budget_item,
            award.amount_fen,
            None,
            award.row,
        )
    for hold in outcome.holds:
        key = Key(hold.beneficiary_id, hold.programme, month)
        cases[key] = _Case(
            key,
            hold.beneficiary_kind,
            hold.household_id,
            hold.village,
            "",
            0,
            hold.reason,
            hold.row,
        )
    for key, what in frozen.before.items():
        if key.month == month and key not in cases:
            cases[key] = _Case(
                key,
                what.beneficiary_kind,
                what.household_id,
                what.village,
                what.budget_item,
                0,
                None,
                None,
            )
    return (cases[key] for key in sorted(cases))


def _paid_as_either(
    pairs: Iterable[Pair], cases: Iterable[_Case], frozen: Frozen
) -> Iterable[_Case]:
    """The same, where one programme goes on from another: what was paid as either counts."""
    found = {case.key: case for case in cases}
    for pair in pairs:
        for key in [each for each in found if each.programme == pair.later]:
            one, other = found[key], found.get(key._replace(programme=pair.earlier))
            if other is not None and (one.reason is None or pair.waits(one.reason)):
                sides = _side(one, frozen), _side(other, frozen)
                found[one.key] = _counting(one, *sides)
                found[other.key] = _counting(other, *reversed(sides))
    return found.values()


def _is_too_large(found: Found, key: Key, of: Run, frozen: Frozen) -> bool:
    """Whether a sum is above the ceiling, and nobody looked at it."""
    return found.line_fen > (of.line_fen_max or 0) and key not in frozen.looked_at


def _side(case: _Case, frozen: Frozen) -> Side:
    return Side(case.owed_fen if case.reason is None else None, frozen.before.get(case.key))


def _counting(case: _Case, own: Side, other: Side) -> _Case:
    return case if own.owed_fen is None else replace(case, owed_fen=going_on.kept(own, other))


def _withheld(
    law: policies.Law,
    programmes: Sequence[str],
    frozen: Frozen,
    month: str,
    without: policies.Outcome,
) -> dict[Key, list[Held]]:
    """What those in dispute would change, and for each of them what is held because of it: nothing,
    where nothing is owed to them."""
    if not any(each.from_month <= month for each in frozen.left):
        return {}
    whole = {
        Key(award.beneficiary_id, award.programme, month): award
        for award in law.award_county(frozen.whole, month, programmes=programmes).awards
    }
    for award in without.awards:
        key = Key(award.beneficiary_id, award.programme, month)
        if key in whole and whole[key].amount_fen == award.amount_fen:
            del whole[key]
    found: dict[Key, list[Held]] = {}
    for key, award in whole.items():
        out = disputes.of_household(frozen.left, award.household_id, month)
        if award.beneficiary_kind == "person":
            out = [each for each in out if each.person_id == award.beneficiary_id]
        found[key] = [
            Held(
                "person", each.person_id, award.household_id, award.village, award.programme,
                month, disputes.REASON + each.reason,
            )
            for each in out
            if each.reason != disputes.NOTHING_HELD
        ]  # fmt: skip
    return found


def _held(case: _Case, reason: str) -> Held:
    return Held(
        case.beneficiary_kind,
        case.key.beneficiary_id,
        case.household_id,
        case.village,
        case.key.programme,
        case.key.month,
        reason,
    )


def _count(answer: Answer, frozen: Frozen) -> None:
    """Households read, and those of them to whom nothing more is owed: an answer, not a gap."""
    read = set(frozen.facts.texts("household_id"))
    named = {each.household_id for each in answer.found}
    named.update(each.household_id for each in answer.held)
    answer.households_count = len(read)
    answer.zero_count = len(read - named)
