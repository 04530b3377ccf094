"""`python -m policies facts`: the facts as JSON Schema, each with its unit and meaning."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from policies.desk.requests import MONTHS, TEXTS
from policies.engine.law import Law
from policies.reading.documents import PackFault
from policies.reading.facts import HOUSEHOLD, NOT_APPLICABLE_WORD, PERSON, Fact
from policies.reading.loading import load

_MONTH = {"type": "string", "pattern": "^[12][0-9]{3}-(0[1-9]|1[0-2])$"}


def main(arguments: list[str]) -> int:
    """The subcommand."""
    parser = argparse.ArgumentParser(prog="python -m policies facts", description=__doc__)
    parser.add_argument("--place", default="nation", help="the facts this place's programmes read")
    parser.add_argument("--places-dir", type=Path, help="where places lie, if not here")
    chosen = parser.parse_args(arguments)
    try:
        law = load(chosen.place, chosen.places_dir)
    except PackFault as why:
        sys.stderr.write(f"facts: {why}\n")
        return 1
    sys.stdout.write(json.dumps(document(law), ensure_ascii=False, indent=2) + "\n")
    return 0


def document(law: Law) -> dict[str, Any]:
    """The schema of what `assess` reads; every fact with its unit, range, words and proof."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A household in a month, as `python -m policies assess` reads it",
        "description": "A fact that is left out, or null, is unknown.",
        "type": "object",
        "additionalProperties": False,
        "required": ["place", "month", "household"],
        "properties": {
            "place": {"type": "string"},
            "month": _MONTH,
            "household": {
                "type": "object",
                "additionalProperties": False,
                "required": ["facts", "members"],
                "properties": {
                    **{name: {"type": "string"} for name in TEXTS},
                    **dict.fromkeys(MONTHS, _MONTH),
                    "facts": _facts(law, HOUSEHOLD),
                    "members": {"type": "array", "items": _member(law)},
                },
            },
        },
    }


def _member(law: Law) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["facts"],
        "properties": {
            "person_id": {"type": "string"},
            "since": _MONTH,
            "until": _MONTH,
            "facts": _facts(law, PERSON),
        },
    }


def _facts(law: Law, entity: str) -> dict[str, Any]:
    facts = [fact for fact in law.facts.values() if fact.entity == entity]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {fact.name: _fact(fact) for fact in facts},
    }


def _fact(fact: Fact) -> dict[str, Any]:
    """One fact: what it can be, and in `x-` members its unit, words and proof."""
    forms: list[dict[str, Any]] = [{"type": "null"}]
    if fact.codes:
        forms.append({"enum": [code.name for code in fact.codes.values()]})
        forms.append({"enum": list(fact.codes)})
    else:
        forms.append({"type": "integer", "minimum": fact.lowest, "maximum": fact.highest})
    if fact.unit == "flag":
        forms.append({"type": "boolean"})
    if fact.unit == "date":
        forms.append({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})
    if fact.may_not_apply:
        forms.append({"const": NOT_APPLICABLE_WORD})
    codes = {
        code.name: {"value": value, "zh": code.words.zh, "en": code.words.en}
        for value, code in fact.codes.items()
    }
    return {
        "title": fact.label.en,
        "description": f"{fact.label.zh} / {fact.label.en}; {fact.proof.zh} / {fact.proof.en}",
        "anyOf": forms,
        "x-unit": fact.unit,
        "x-label": {"zh": fact.label.zh, "en": fact.label.en},
        "x-proof": {"zh": fact.proof.zh, "en": fact.proof.en},
        **({"x-codes": codes} if codes else {}),
    }
