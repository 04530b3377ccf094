"""What identification does when others speak: it writes down which runs were closed."""

from typing import Final

from services.identification.reports import closings
from shared.bus import Listener
from shared.contracts.benefits import RunClosed

LISTENERS: Final = (Listener(RunClosed, closings.CONSUMER, closings.hear),)
