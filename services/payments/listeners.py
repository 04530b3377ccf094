"""What payments does when others speak: a run is ordered, a death holds, money goes elsewhere or is
owed back, an advance was verified or is to be recovered.
"""

from services.payments import advances, deaths, offers, orders, recoveries
from shared.bus import Listener
from shared.contracts.benefits import RecoveryDecided, RunClosed
from shared.contracts.identification import (
    AdvanceUnverified,
    AdvanceVerified,
    DeathTakenBack,
    PayeeDecided,
    PersonDied,
)

LISTENERS = (
    Listener(event=RunClosed, durable=orders.CONSUMER, act=orders.take_in),
    Listener(event=RecoveryDecided, durable=recoveries.CONSUMER, act=recoveries.hear),
    Listener(event=PersonDied, durable=deaths.CONSUMER, act=deaths.hear),
    Listener(event=DeathTakenBack, durable=deaths.CONSUMER_TAKEN_BACK, act=deaths.hear_taken_back),
    Listener(event=PayeeDecided, durable=offers.CONSUMER, act=offers.hear),
    Listener(event=AdvanceVerified, durable=advances.CONSUMER, act=advances.hear),
    Listener(
        event=AdvanceUnverified,
        durable=advances.CONSUMER_UNVERIFIED,
        act=advances.hear_unverified,
    ),
)
