"""What identification does when others speak: it writes down which runs were closed, and where the
money of payees goes whom a case decided.
"""

from typing import Final

from services.identification.casework.decisions import payee_answers
from services.identification.reports import closings
from shared.bus import Listener
from shared.contracts.benefits import RunClosed
from shared.contracts.payments import PayeeAnswered

LISTENERS: Final = (
    Listener(RunClosed, closings.CONSUMER, closings.hear),
    Listener(PayeeAnswered, payee_answers.CONSUMER, payee_answers.hear),
)
