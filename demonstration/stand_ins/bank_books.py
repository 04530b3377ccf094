"""What stands in a bank's own books, in one form for every stand-in bank."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Credit:
    """One payment in a bank's books."""

    bank: str
    batch: str
    end_to_end_id: str
    account_number: str
    amount_fen: int
    state: str
    """accepted, settled, refused or returned."""
    settled_on: str | None = None
    returned_on: str | None = None
    reason: str | None = None
    """The bank's own code."""

    @property
    def net_fen(self) -> int:
        """What the account's holder has of it."""
        return self.amount_fen if self.state == "settled" else 0

    def words(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def net_by_reference(credits: Iterable[Credit]) -> dict[str, int]:
    """Net credit in fen for each EndToEndId; one that was refused or came back counts nothing."""
    net: dict[str, int] = defaultdict(int)
    for credit in credits:
        net[credit.end_to_end_id] += credit.net_fen
    return dict(net)


def net_by_account(credits: Iterable[Credit]) -> dict[str, int]:
    """Net credit in fen for each account."""
    net: dict[str, int] = defaultdict(int)
    for credit in credits:
        net[credit.account_number] += credit.net_fen
    return dict(net)


def paid_twice(credits: Iterable[Credit]) -> list[str]:
    """References with more than one net credit, and transfers paid under two attempts."""
    counted: dict[str, int] = defaultdict(int)
    for credit in credits:
        if credit.net_fen:
            counted[credit.end_to_end_id.rpartition("-")[0]] += 1
    return sorted(transfer for transfer, count in counted.items() if count > 1)
