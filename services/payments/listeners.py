"""What payments does when others speak: a closed run's lines become orders."""

from services.payments import orders
from shared.bus import Listener
from shared.contracts.benefits import RunClosed

LISTENERS = (Listener(event=RunClosed, durable=orders.CONSUMER, act=orders.take_in),)
