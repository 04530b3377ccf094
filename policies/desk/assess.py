"""`python -m policies assess FILE.json`: what the law says of one household, and why."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from policies.desk.requests import Request, RequestRefused, read_request
from policies.engine.answers import Answer
from policies.engine.readable import value_words
from policies.engine.workings import Working
from policies.reading.words import Words

_PERIODS = {
    "month": Words("每月", "a month"),
    "quarter": Words("每季", "a quarter"),
    "term": Words("每学期", "a school term"),
    "year": Words("每年", "a year"),
    "once": Words("一次", "once"),
    "event": Words("每次", "for this case"),
    "standing": Words("长期", "as long as it holds"),
}
_PAYEES = {
    "self": Words("本人", "to the person"),
    "household": Words("家庭", "to the household"),
    "institution": Words("供养机构", "to the home"),
    "school": Words("学校", "to the school"),
    "hospital": Words("医疗机构", "to the hospital"),
    "insurer": Words("经办保险的机构", "to the insurer"),
    "employer": Words("用人单位", "to the employer"),
    "provider": Words("服务机构", "to the provider"),
    "lender": Words("贷款机构", "to the lender"),
    "nobody": Words("不发钱物", "to nobody"),
}


def main(arguments: list[str]) -> int:
    """The subcommand; 1 when what was asked cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m policies assess", description=__doc__)
    parser.add_argument("file", help="a household in JSON (- reads it from standard input)")
    parser.add_argument("--text", action="store_true", help="to be read out, not to be parsed")
    parser.add_argument("--lang", choices=["zh", "en"], help="one language (text: zh by default)")
    parser.add_argument("--places-dir", type=Path, help="where places lie, if not here")
    chosen = parser.parse_args(arguments)
    try:
        asked = read_request(_content(chosen.file), chosen.places_dir)
    except (RequestRefused, OSError, UnicodeDecodeError) as why:
        sys.stderr.write(f"assess: {chosen.file}: {why}\n")
        return 1
    answers = asked.law.assess(asked.household, asked.month)
    if chosen.text:
        said = "\n".join(text(asked, answers, chosen.lang or "zh"))
    else:
        said = json.dumps(document(asked, answers, chosen.lang), ensure_ascii=False, indent=2)
    sys.stdout.write(f"{said}\n")
    return 0


def document(asked: Request, answers: list[Answer], lang: str | None = None) -> dict[str, Any]:
    """Everything as JSON: texts in both languages, or in the one asked for."""
    place = asked.law.place
    return {
        "place": place.code,
        "month": asked.month,
        "policy_sha256": asked.law.sha256,
        "notice": _said(place.notice, lang),
        "answers": [_answer(asked, each, lang) for each in answers],
    }


def text(asked: Request, answers: list[Answer], lang: str) -> Iterator[str]:
    """The same to be read out: what is given first, then what is held, then what is not given."""
    place = asked.law.place
    yield f"{getattr(place.words, lang)} · {asked.month}"
    if place.notice:
        yield getattr(place.notice, lang)
    for answer in sorted(answers, key=lambda each: (each.eligible is not True, not each.held)):
        name = getattr(asked.law.programmes[answer.programme].words, lang)
        yield f"\n{name} · {answer.beneficiary_id}: {_verdict(asked, answer, lang)}"
        if answer.failed is None:
            for working in answer.workings:
                yield from _lines(working, lang)


def _content(file: str) -> str:
    return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")


def _answer(asked: Request, answer: Answer, lang: str | None) -> dict[str, Any]:
    failed = answer.failed and {
        "test": answer.failed.test,
        "by": answer.failed.short_by,
        "unit": answer.failed.unit,
        "words": _said(answer.failed.words, lang),
    }
    return {
        "programme": answer.programme,
        "name": _said(asked.law.programmes[answer.programme].words, lang),
        "beneficiary": answer.beneficiary_id,
        "beneficiary_kind": answer.beneficiary_kind,
        "eligible": answer.eligible,
        "gives": answer.gives,
        "amount_fen": answer.amount_fen,
        "quantity": answer.quantity,
        "unit": answer.unit,
        "period": answer.period,
        "payee": answer.payee,
        "fund": answer.fund,
        "budget_item": answer.budget_item,
        "parts": [
            {
                "name": each.name,
                "to": each.to,
                "paid_by": each.paid_by,
                "amount_fen": each.amount_fen,
                "held": each.held,
            }
            for each in answer.parts
        ],
        "failed": failed,
        "held": answer.held,
        "held_words": _said(asked.law.reason(answer.held) if answer.held else None, lang),
        "workings": [each.said(lang) for each in answer.workings],
    }


def _said(words: Words | None, lang: str | None) -> dict[str, str] | str | None:
    if words is None:
        return None
    return words.said(lang)


def _verdict(asked: Request, answer: Answer, lang: str) -> str:
    if answer.held:
        return str(getattr(asked.law.reason(answer.held), lang))
    if answer.failed:
        return str(getattr(answer.failed.words, lang))
    given = answer.amount_fen if answer.quantity is None else answer.quantity
    sum_words = getattr(value_words(given or 0, answer.unit, {}), lang)
    period = getattr(_PERIODS[answer.period], lang)
    payee = getattr(_PAYEES[answer.payee], lang)
    if lang == "zh":
        return f"{period} {sum_words}，发给{payee}"
    return f"{sum_words} {period}, {payee}"


def _lines(line: Working, lang: str) -> Iterator[str]:
    """A working: label, value and arithmetic; below it the sentence, and where it is written."""
    indent = "  " * (line.depth + 1)
    arithmetic = f" = {getattr(line.arithmetic, lang)}" if line.arithmetic else ""
    source = f" [{getattr(line.source, lang)}]" if line.source else ""
    whose = f" ({line.subject})" if line.subject else ""
    yield f"{indent}{getattr(line.label, lang)}{whose}: {getattr(line.shown, lang)}{arithmetic}"
    yield f"{indent}  {getattr(line.sentence, lang)}{source}"
