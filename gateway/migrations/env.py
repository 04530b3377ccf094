"""The history of the gateway's tables."""

from gateway.models import Row
from shared.migrations import run

run(Row.metadata)
