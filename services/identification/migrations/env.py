"""The history of identification's tables."""

from services.identification.models import Row
from shared.migrations import run

run(Row.metadata)
