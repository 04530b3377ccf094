"""The history of benefits' tables."""

from services.benefits.models import Row
from shared.migrations import run

run(Row.metadata)
