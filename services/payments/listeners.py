"""What payments does when others speak: a closed run's lines become orders, a death holds them."""

from services.payments import deaths, orders
from shared.bus import Listener
from shared.contracts.benefits import RunClosed
from shared.contracts.identification import PersonDied

LISTENERS = (
    Listener(event=RunClosed, durable=orders.CONSUMER, act=orders.take_in),
    Listener(event=PersonDied, durable=deaths.CONSUMER, act=deaths.hear),
)
