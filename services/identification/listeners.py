"""What identification does when others speak: it writes down which runs were closed, where the
money of payees goes whom a case decided, and what was paid first and came back.
"""

from typing import Final

from services.identification.casework.decisions import advances, payee_answers
from services.identification.reports import closings
from shared.bus import Listener
from shared.contracts.benefits import RunClosed
from shared.contracts.payments import AdvanceReturned, PayeeAnswered

LISTENERS: Final = (
    Listener(RunClosed, closings.CONSUMER, closings.hear),
    Listener(PayeeAnswered, payee_answers.CONSUMER, payee_answers.hear),
    Listener(AdvanceReturned, advances.CONSUMER, advances.hear),
)
