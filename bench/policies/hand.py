"""The same month written by hand for Numba: one fused loop that knows this county's rules by heart.

It does all that ours does: asks whether a fact is known only where the rules come to it, gives the
same reason, and leaves awards and holds as columns. The settings the county switches off are gone.
"""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from typing import Any, Final

import numpy as np
from numba import njit

from bench.policies import population
from bench.policies.population import HOUSEHOLD_FACTS, PERSON_FACTS, PROGRAMMES, REASONS, UNKNOWN

ROWS_AT_ONCE: Final = 1 << 15
WIDE: Final = ("income_fen_monthly", "born_on", "died_on")
NONE: Final = -128
NONE_WIDE: Final = -(2**31)


def _why(name: str) -> int:
    return REASONS.index(f"unknown-{name}")


NOT_APPLICABLE_CARE_MODE: Final = REASONS.index("not-applicable-care_mode")
REGISTRATION, ON_DIBAO, INCOME = (_why(name) for name in HOUSEHOLD_FACTS)
BORN_ON, DIED_ON, ON_TEKUN, CARE_MODE, GRADE, KIND, ON_LIVING, ON_NURSING, ON_OLD_AGE = (
    _why(name) for name in PERSON_FACTS
)
SCALARS: Final = (
    "dibao_rounds_up_to_fen",
    "dibao_uplift_per_head_fen",
    "disability_living_rate_fen_monthly",
    "disability_nursing_mildest_grade",
    "disability_nursing_mildest_grade_of_mind",
    "old_age_first_years",
    "old_age_second_years",
    "old_age_third_years",
)
TABLES: Final = (
    "dibao_standard_fen_monthly",
    "dibao_floor_per_head_fen_monthly",
    "tekun_urban_basic_fen_monthly",
    "tekun_rural_basic_fen_monthly",
    "disability_nursing_rate_fen_monthly",
    "old_age_sum_fen",
    "old_age_period_months",
)


@njit(nogil=True, error_model="numpy", cache=False)
def month_of(date):  # type: ignore[no-untyped-def]  # Numba finds the types.
    return date // 10000 * 12 + date // 100 % 100 - 1


@njit(nogil=True, error_model="numpy", cache=False)
def award(  # type: ignore[no-untyped-def]  # noqa: C901, PLR0915  # Numba finds the types; one loop is the point.
    month, start, stop, first, since, until, joined, left, scalars, tables,
    registration, on_dibao, income, born_on, died_on, on_tekun, care_mode, grade, kind,
    on_living, on_nursing, on_old_age, award_at, award_fen, hold_at, hold_why, counts,
):  # fmt: skip
    """Each programme of each household and person in force."""
    for programme in range(5):
        counts[programme, 0] = counts[programme, 1] = 0
    step, uplift, living_rate, mildest, mildest_of_mind = scalars[:5]
    first_months, second_years, third_years = scalars[5] * 12, scalars[6], scalars[7]
    for i in range(start, stop):
        if month < since[i] or month > until[i]:
            continue
        place = registration[i]
        why, fen = 0, 0
        if on_dibao[i] == NONE:
            why = ON_DIBAO
        elif on_dibao[i] == 1:
            members = 0
            for m in range(first[i], first[i + 1]):
                if month < joined[m] or month > left[m]:
                    continue
                reason = 0
                if died_on[m] == NONE_WIDE:
                    reason = DIED_ON
                elif died_on[m] == -1 or month <= month_of(died_on[m]):
                    if on_tekun[m] == NONE:
                        reason = ON_TEKUN
                    elif on_tekun[m] == 0:
                        members += 1
                if reason and (why == 0 or reason < why):
                    why = reason
            if why == 0 and members >= 1:
                if place == NONE:
                    why = REGISTRATION
                elif income[i] == NONE_WIDE:
                    why = INCOME
                else:
                    gap = tables[0, place] * members - income[i]
                    if gap > 0:
                        owed = max(gap, tables[1, place] * members) + uplift * members
                        fen = -(-owed // step) * step
        if why:
            hold_at[0, counts[0, 1]], hold_why[0, counts[0, 1]] = i, why
            counts[0, 1] += 1
        elif fen > 0:
            award_at[0, counts[0, 0]], award_fen[0, counts[0, 0]] = i, fen
            counts[0, 0] += 1
        for m in range(first[i], first[i + 1]):
            if month < joined[m] or month > left[m]:
                continue
            if died_on[m] == NONE_WIDE:
                life, alive = DIED_ON, False
            else:
                life, alive = 0, died_on[m] == -1 or month <= month_of(died_on[m])
            for programme in range(1, 5):
                why, fen = 0, 0
                if programme == 1:
                    if on_tekun[m] == NONE:
                        why = ON_TEKUN
                    elif on_tekun[m] == 1:
                        why = life
                        if alive:
                            if place == NONE:
                                why = REGISTRATION
                            elif care_mode[m] == NONE:
                                why = CARE_MODE
                            elif care_mode[m] == -1:
                                why = NOT_APPLICABLE_CARE_MODE
                            else:
                                fen = tables[2 if place == 1 else 3, care_mode[m]]
                elif programme == 2:
                    if on_living[m] == NONE:
                        why = ON_LIVING
                    elif on_living[m] == 1:
                        why = life
                        if alive:
                            if grade[m] == NONE:
                                why = GRADE
                            elif grade[m] != -1:
                                if on_dibao[i] == NONE:
                                    why = ON_DIBAO
                                elif on_dibao[i] == 1:
                                    if on_tekun[m] == NONE:
                                        why = ON_TEKUN
                                    elif on_tekun[m] == 0:
                                        fen = living_rate
                                        if place == NONE:
                                            why = REGISTRATION
                elif programme == 3:
                    if on_nursing[m] == NONE:
                        why = ON_NURSING
                    elif on_nursing[m] == 1:
                        why = life
                        if alive:
                            if grade[m] == NONE:
                                why = GRADE
                            elif grade[m] != -1:
                                if kind[m] == NONE:
                                    why = KIND
                                else:
                                    of_mind = kind[m] == 5 or kind[m] == 6
                                    if grade[m] <= (mildest_of_mind if of_mind else mildest):
                                        if on_tekun[m] == NONE:
                                            why = ON_TEKUN
                                        elif on_tekun[m] == 0:
                                            fen = tables[4, grade[m]]
                                            if place == NONE:
                                                why = REGISTRATION
                elif on_old_age[m] == NONE:
                    why = ON_OLD_AGE
                elif on_old_age[m] == 1:
                    why = life
                    if alive:
                        if born_on[m] == NONE_WIDE:
                            why = BORN_ON
                        else:
                            age = month - month_of(born_on[m])
                            if age >= first_months:
                                years = age // 12
                                band = 1
                                if years >= third_years:
                                    band = 3
                                elif years >= second_years:
                                    band = 2
                                total, months = tables[5, band], tables[6, band]
                                even = total // months
                                last = month % months + 1 == months
                                fen = total - even * (months - 1) if last else even
                                if place == NONE:
                                    why = REGISTRATION
                if why:
                    hold_at[programme, counts[programme, 1]] = m
                    hold_why[programme, counts[programme, 1]] = why
                    counts[programme, 1] += 1
                elif fen > 0:
                    award_at[programme, counts[programme, 0]] = m
                    award_fen[programme, counts[programme, 0]] = fen
                    counts[programme, 0] += 1


class Hand:
    """The kernel over narrow columns, its rows shared out among threads as ours are."""

    def open(self, folder: Path) -> dict[str, Any]:
        """Read the columns and the numbers."""
        self._numbers = json.loads((folder / "numbers.json").read_text("utf-8"))
        self._folder = folder
        return {}

    def build(self) -> None:
        """Narrow the columns, once."""
        if hasattr(self, "_columns"):
            return
        read = {n: population.read(self._folder, n) for n in ("first", *population.SPANS)}
        for name in HOUSEHOLD_FACTS + PERSON_FACTS:
            column = population.read(self._folder, name)
            kind, none = (np.int32, NONE_WIDE) if name in WIDE else (np.int8, NONE)
            read[name] = np.where(column == UNKNOWN, none, column).astype(kind)
        self._columns = read
        self._scalars = np.array([self._numbers[name]["None"] for name in SCALARS], np.int64)
        self._tables = np.zeros((len(TABLES), 8), np.int64)
        for place, name in enumerate(TABLES):
            for code, amount in self._numbers[name].items():
                self._tables[place, int(code)] = amount

    def run(self) -> None:
        """Every row, some at a time."""
        first, own = self._columns["first"], local()
        columns = list(self._columns.values())

        def some(start: int) -> list[tuple[Any, ...]]:
            stop = min(start + ROWS_AT_ONCE, len(first) - 1)
            room = max(stop - start, int(first[stop] - first[start]))
            if not hasattr(own, "sheet") or own.sheet[0].shape[1] < room:
                kinds = (np.int32, np.int64, np.int32, np.int16)
                own.sheet = [np.empty((5, room), kind) for kind in kinds]
                own.sheet.append(np.zeros((5, 2), np.int64))
            tail = [self._scalars, self._tables, *columns[5:], *own.sheet]
            award(population.MONTH, start, stop, *columns[:5], *tail)
            at, fen, hold_at, hold_why, counts = own.sheet
            return [
                (at[p, :a].copy(), fen[p, :a].copy(), hold_at[p, :h].copy(), hold_why[p, :h].copy())
                for p, (a, h) in enumerate(counts.tolist())
            ]

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            parts = list(pool.map(some, range(0, len(first) - 1, ROWS_AT_ONCE)))
        self._found = [
            [np.concatenate(each) for each in zip(*programme, strict=True)]
            for programme in zip(*parts, strict=True)
        ]

    def results(self) -> dict[str, Any]:
        """Dense columns out of the awards and holds."""
        first, found = self._columns["first"], dict[str, Any]()
        for name, (at, fen, hold_at, hold_why) in zip(PROGRAMMES, self._found, strict=True):
            count = len(first) - 1 if name == "dibao" else int(first[-1])
            dense, why = np.zeros(count, np.int64), np.zeros(count, np.int16)
            dense[at], why[hold_at] = fen, hold_why
            found[name], found[f"{name}_why"] = dense, why
        return found

    def single_us(self) -> dict[str, float]:
        """Nobody asks a county's kernel for one household."""
        raise NotImplementedError
