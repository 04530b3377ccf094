"""`python -m policies simulate`: two policies over a population, or one number through a range.

    simulate --population people.jsonl --before 511425@2026-10 \\
             --after 511425@2026-10 --set dibao_standard_fen_monthly.rural=21000
    simulate --population people.jsonl --before 511425@2026-10 \\
             --sweep dibao_standard_fen_monthly.rural=19000..23000:500
"""

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from policies.desk import simulation_book
from policies.desk.comparison import Policy, compare, swept
from policies.desk.populations import read_population
from policies.desk.requests import RequestRefused
from policies.engine.law import Law
from policies.reading.documents import PackFault, month_index
from policies.reading.loading import load
from policies.reading.numbers import Declaration

_STEPS_MAX: Final = 1_000
_SETTING: Final = re.compile(r"(?P<name>\w+)(\.(?P<code>[\w-]+))?=(?P<amounts>.+)")
_WHOLE: Final = r"-?[0-9]{1,30}"
_RANGE: Final = re.compile(rf"(?P<first>{_WHOLE})\.\.(?P<last>{_WHOLE})(:(?P<step>[0-9]{{1,30}}))?")


def main(arguments: list[str]) -> int:
    """The subcommand; 1 when what was asked cannot be read."""
    chosen = _parser().parse_args(arguments)
    try:
        told = _simulate(chosen)
        if chosen.workbook:
            simulation_book.write(chosen.workbook, told)
    except (RequestRefused, PackFault, OSError, UnicodeDecodeError) as why:
        sys.stderr.write(f"simulate: {why}\n")
        return 1
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m policies simulate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--population", type=Path, required=True, help=".jsonl or .arrow")
    parser.add_argument("--before", required=True, metavar="PLACE@MONTH", help="the first policy")
    parser.add_argument("--after", metavar="PLACE@MONTH", help="the second; the first again if not")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NUMBER[.CODE]=AMOUNT",
        help="suppose another amount in the second policy",
    )  # fmt: skip
    parser.add_argument(
        "--sweep", metavar="NUMBER[.CODE]=FIRST..LAST[:STEP]",
        help="the cost of the first policy for each amount of a range",
    )  # fmt: skip
    parser.add_argument("--programme", action="append", help="only this one; may be repeated")
    parser.add_argument("--workbook", type=Path, metavar="FILE.xlsx", help="the same, with a chart")
    parser.add_argument("--places-dir", type=Path, help="where places lie, if not here")
    return parser


def _simulate(chosen: argparse.Namespace) -> dict[str, Any]:
    before = _policy(chosen.before, chosen.places_dir)
    population = read_population(chosen.population, before.law)
    about = {
        "population": {"file": chosen.population.name, "sha256": population.sha256},
        "before": _about(before, {}),
    }
    if chosen.sweep:
        if chosen.after or chosen.set:
            raise RequestRefused("--sweep stands alone: it has no second policy")
        name, code, amounts = _sweep(chosen.sweep, before.law)
        steps = list(swept(before, population, name, code, amounts, chosen.programme))
        swept_over = {"number": name, "code": _code_name(before.law, name, code)}
        return {**about, "sweep": swept_over, "steps": steps}
    after = _policy(chosen.after or chosen.before, chosen.places_dir)
    supposed = _supposed(chosen.set, after.law)
    if supposed:
        after = Policy(after.law.supposing(supposed), after.month)
    for name in chosen.programme or ():
        if name not in before.law.programmes | after.law.programmes:
            raise RequestRefused(f"--programme: neither place offers {name}")
    comparison = compare(before, after, population, chosen.programme)
    return {**about, "after": _about(after, supposed), **comparison.words()}


def _policy(said: str, places_dir: Path | None) -> Policy:
    place, _, month = said.partition("@")
    try:
        month_index(month)
    except ValueError as why:
        raise RequestRefused(f"{said}: PLACE@MONTH is wanted; {why}") from None
    return Policy(load(place, places_dir), month)


def _about(policy: Policy, supposed: Mapping[str, Any]) -> dict[str, Any]:
    law = policy.law
    notice = law.place.notice
    return {
        "place": law.place.code,
        "month": policy.month,
        "policy_sha256": law.sha256,
        "supposed": {
            name: {_code_name(law, name, code): each for code, each in amount.items()}
            if isinstance(amount, dict)
            else amount
            for name, amount in supposed.items()
        },
        "notice": notice and {"zh": notice.zh, "en": notice.en},
    }


def _supposed(settings: Sequence[str], law: Law) -> dict[str, Any]:
    """Amounts by number, and by code within a table."""
    found: dict[str, Any] = {}
    for said in settings:
        name, code, text = _named(said, law)
        amount = _amount(said, text)
        _refuse_outside(said, law.numbers[name].declaration, amount)
        if code is None:
            found[name] = amount
        else:
            found.setdefault(name, {})[code] = amount
    return found


def _sweep(said: str, law: Law) -> tuple[str, int | None, range]:
    name, code, text = _named(said, law)
    given = _RANGE.fullmatch(text)
    if given is None:
        raise RequestRefused(f"{said}: a range is written FIRST..LAST or FIRST..LAST:STEP")
    first, last, step = int(given["first"]), int(given["last"]), int(given["step"] or 1)
    if step < 1 or last < first or (last - first) // step >= _STEPS_MAX:
        raise RequestRefused(f"{said}: a range goes up, in at most {_STEPS_MAX} steps")
    for end in (first, last):
        _refuse_outside(said, law.numbers[name].declaration, end)
    return name, code, range(first, last + 1, step)


def _refuse_outside(said: str, declared: Declaration, amount: int) -> None:
    if not declared.lowest <= amount <= declared.highest:
        raise RequestRefused(
            f"{said}: {amount} is not between {declared.lowest} and {declared.highest}"
        )


def _named(said: str, law: Law) -> tuple[str, int | None, str]:
    """A number, its code if it is a table, and what stands behind the equals sign."""
    given = _SETTING.fullmatch(said)
    if given is None:
        raise RequestRefused(f"{said}: NUMBER=… or NUMBER.CODE=… is wanted")
    name, code = given["name"], given["code"]
    if name not in law.numbers:
        raise RequestRefused(f"{said}: no number is called {name}")
    declared = law.numbers[name].declaration
    by_name = {each.name: value for value, each in declared.codes.items()}
    if (declared.by is None) != (code is None) or (code is not None and code not in by_name):
        wanted = f"one of {', '.join(by_name)} after a dot" if by_name else "no code"
        raise RequestRefused(f"{said}: {name} takes {wanted}")
    return name, None if code is None else by_name[code], given["amounts"]


def _amount(said: str, text: str) -> int:
    if not re.fullmatch(_WHOLE, text):
        raise RequestRefused(f"{said}: a whole number is wanted, not {text}")
    return int(text)


def _code_name(law: Law, name: str, code: int | None) -> str | None:
    return None if code is None else law.numbers[name].declaration.codes[code].name
