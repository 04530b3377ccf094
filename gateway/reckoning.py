"""How a sum came about, in sentences: the workings of a line as a person reads them."""

from collections.abc import Mapping, Sequence
from typing import Any


def steps(workings: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rules, tests, facts and numbers in the order they were reckoned."""
    return [
        {
            "whose": names.get(each["subject"] or "", ""),
            "label": each["label"]["zh"],
            "shown": each["shown"]["zh"],
            "arithmetic": each["arithmetic"]["zh"] if each["arithmetic"] else "",
            "sentence": each["sentence"]["zh"],
            "source": each["source"]["zh"] if each["source"] else "",
            # What decides, and every sum of money on the way: 36 becoming 76 is told by its floor.
            "is_main": each["kind"] in {"rule", "test"}
            and (each["depth"] == 0 or each["unit"] == "fen"),
        }
        for each in workings
    ]
