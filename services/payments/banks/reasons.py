"""Why a payment failed, in our words: the code, what is said of it, what the person must bring."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import yaml

UNSPECIFIED: Final = "unspecified"

# ISO 20022 external codes for statuses and returns. A profile may say otherwise for its bank.
ISO_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AC01": "account-not-found",
        "AC02": "file-refused",
        "AC03": "account-not-found",
        "AC04": "account-closed",
        "AC06": "account-frozen",
        "AC07": "account-closed",
        "AC14": "account-not-found",
        "AC16": "account-frozen",
        "AG01": "account-frozen",
        "AM01": "amount-refused",
        "AM02": "amount-refused",
        "AM03": "amount-refused",
        "AM04": "payer-funds",
        "AM05": "duplicate",
        "AM09": "amount-refused",
        "AM10": "file-refused",
        "AM14": "account-limited",
        "AM18": "file-refused",
        "AM21": "account-limited",
        "BE01": "name-mismatch",
        "BE04": "name-mismatch",
        "BE05": "file-refused",
        "BE06": "account-not-found",
        "CNOR": "bank-not-found",
        "DNOR": "bank-not-found",
        "DUPL": "duplicate",
        "DT01": "file-refused",
        "FF01": "file-refused",
        "MD07": "holder-died",
        "RC01": "bank-not-found",
        "RC03": "bank-not-found",
        "RC04": "bank-not-found",
        "RR03": "name-mismatch",
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason a payment failed."""

    code: str
    zh: str
    en: str
    bring_zh: str
    bring_en: str
    mended_by: str


@cache
def all_reasons() -> Mapping[str, Reason]:
    """Every reason we know, by its code."""
    text = Path(__file__).with_name("reasons.yaml").read_text(encoding="utf-8")
    words = yaml.safe_load(text)
    return MappingProxyType({code: Reason(code=code, **told) for code, told in words.items()})


def reason_of(bank_code: str | None, mapped: Mapping[str, str]) -> str:
    """Our code for a bank's: the bank's own mapping first, then ISO's, else unspecified."""
    if bank_code is None:
        return UNSPECIFIED
    return mapped.get(bank_code) or ISO_REASONS.get(bank_code, UNSPECIFIED)
