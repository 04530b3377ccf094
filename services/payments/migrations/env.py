"""The history of payments' tables."""

from services.payments.models import Row
from shared.migrations import run

run(Row.metadata)
