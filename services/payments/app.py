"""Put payments together."""

from fastapi import FastAPI

from services.payments import background, places
from services.payments.api import ROUTERS
from services.payments.banks.profiles import load_profiles
from services.payments.listeners import LISTENERS
from services.payments.screening import Desk
from services.payments.settings import Settings
from shared import serving
from shared.secrets import KeyRing

# Who may call, and the most each may ask for; the gateway brings what its caller holds.
ALLOWED = {
    "gateway": frozenset({"*"}),
    "identification": frozenset({"accounts:write", "reserves:spend"}),
    "notifications": frozenset({"settlements:read"}),
}


def build(settings: Settings) -> FastAPI:
    """The process, ready to serve."""
    desk = Desk(
        place=places.load(settings.county, settings.places_dir),
        banks=load_profiles(settings.banks_dir),
        keys=KeyRing.open(settings.keys_dir),
    )
    app = serving.build_app(
        settings,
        name="payments",
        routers=ROUTERS,
        allowed=ALLOWED,
        listeners=LISTENERS,
        peers={"benefits": settings.benefits_url},
        scopes=frozenset({"lines:read"}),
        background=background.tasks(settings, desk),
        nats_url=settings.nats_url,
    )
    app.state.desk = desk
    return app


if __name__ == "__main__":
    serving.run(Settings, build)
