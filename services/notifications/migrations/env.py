"""The history of notifications' tables."""

from services.notifications.models import Row
from shared.migrations import run

run(Row.metadata)
