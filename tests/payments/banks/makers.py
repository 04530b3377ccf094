"""Makers for files of payments: a test shows only what matters to it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from demonstration.stand_ins.temper import Temper, numbers_like
from services.payments.banks.facts import EnvelopeFacts, LineFacts
from services.payments.banks.identifiers import batch_number, end_to_end_id
from services.payments.banks.profiles import (
    DelimitedProfile,
    Iso20022Profile,
    load_profile,
    load_profiles,
)
from shared.money import Fen

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
# Sound, closed, held in another name, one that gives the money back: golden files hold them.
FOUR_ACCOUNTS = (
    "6231183217207204920",
    "6231183217207996822",
    "6231183217217816382",
    "6231183217228586222",
)


def an_account(temper: Temper = Temper.SOUND, like: str = "6231180000000000000") -> str:
    """A card number the demonstration's banks treat so."""
    return next(numbers_like(like, temper))


def a_line(number: int = 1, **changes: Any) -> LineFacts:
    """One payment of 370 yuan to Li Wei."""
    words: dict[str, Any] = {
        "end_to_end_id": end_to_end_id(UUID(int=number), 1),
        "account_number": an_account(),
        "holder": "李伟",
        "amount_fen": Fen(37000),
    }
    return LineFacts(**(words | changes))


def four_lines() -> list[LineFacts]:
    """One that settles, two that are refused, one that comes back; names that are not easy."""
    holders = ("李伟", "阿依古丽·买买提", "𠮷野<家>&", "王 芳")
    return [
        a_line(
            number,
            account_number=account,
            holder=holder,
            amount_fen=Fen(37000 + number),
        )
        for number, (account, holder) in enumerate(zip(FOUR_ACCOUNTS, holders, strict=True), 1)
    ]


def an_envelope(lines: Sequence[LineFacts], **changes: Any) -> EnvelopeFacts:
    """The envelope of these lines: hardship, October 2026, first attempt."""
    words: dict[str, Any] = {
        "batch": batch_number(UUID(int=0xE), 1),
        "fund": "hardship",
        "project": "dibao",
        "attempt": 1,
        "sequence": 7,
        "count": len(lines),
        "total_fen": Fen(sum(line.amount_fen for line in lines)),
        "pay_on": date(2026, 10, 12),
        "made_at": datetime(2026, 10, 12, 1, 30, tzinfo=UTC),
        "remark": "10月农村低保",
    }
    return EnvelopeFacts(**(words | changes))


def commercial_bank() -> Iso20022Profile:
    """The demonstration's bank of pain.001."""
    profile = load_profiles()["qscb"]
    assert isinstance(profile, Iso20022Profile)
    return profile


def cooperative() -> DelimitedProfile:
    """The demonstration's bank of GB18030 lines."""
    profile = load_profiles()["qsrcc"]
    assert isinstance(profile, DelimitedProfile)
    return profile


def village_bank() -> DelimitedProfile:
    """A bank of fixed-width GBK lines, amounts in fen, widths in bytes."""
    profile = load_profile(HERE / "profiles" / "village.yaml")
    assert isinstance(profile, DelimitedProfile)
    return profile
