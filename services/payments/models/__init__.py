"""The tables of payments: accounts apart from people, orders, transfers, envelopes, the ledger.

Money is bigint fen, months are text like 2026-10, instants are UTC. An order has its line's id: one
line, one order, and a restored database names the same payment by the same words at the bank.
"""

from services.payments.models.books import (
    LedgerEntry,
    LedgerPosting,
    PayoutFreeze,
    Proof,
)
from services.payments.models.deaths import PersonDeath
from services.payments.models.files import (
    BankFiles,
    Discrepancy,
    Envelope,
    ResultAnswer,
    ResultFile,
    Transfer,
    TransferOrder,
)
from services.payments.models.orders import (
    Appropriation,
    Hold,
    Intake,
    PaymentOrder,
    StagedLine,
)
from services.payments.models.payees import (
    Account,
    BarredAccount,
    PayeeRelation,
)
from services.payments.models.recoveries import Recovery, RecoveryReceipt
from services.payments.models.reserves import ReserveMove, UnverifiedAdvance, VerifiedAdvance
from services.payments.models.rows import Row

__all__ = [
    "Account",
    "Appropriation",
    "BankFiles",
    "BarredAccount",
    "Discrepancy",
    "Envelope",
    "Hold",
    "Intake",
    "LedgerEntry",
    "LedgerPosting",
    "PayeeRelation",
    "PaymentOrder",
    "PayoutFreeze",
    "PersonDeath",
    "Proof",
    "Recovery",
    "RecoveryReceipt",
    "ReserveMove",
    "ResultAnswer",
    "ResultFile",
    "Row",
    "StagedLine",
    "Transfer",
    "TransferOrder",
    "UnverifiedAdvance",
    "VerifiedAdvance",
]
