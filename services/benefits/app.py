"""Put benefits together."""

from fastapi import FastAPI

from services.benefits import packs, run_keeper
from services.benefits.api import ROUTERS
from services.benefits.listeners import LISTENERS
from services.benefits.settings import Settings
from services.benefits.workings import Shelf
from shared import serving

# Who may call, and with which scopes at most.
CALLERS = {
    "gateway": frozenset({"*"}),
    "payments": frozenset({"lines:read"}),
    "identification": frozenset({"sums:suppose"}),
}


def build(settings: Settings) -> FastAPI:
    """The process: its routes, what it hears, and the keeper of its runs."""
    app = serving.build_app(
        settings,
        name="benefits",
        routers=ROUTERS,
        allowed=CALLERS,
        listeners=LISTENERS,
        peers={"identification": settings.identification_url},
        scopes=frozenset({"determinations:read"}),
        background=(run_keeper.keep,),
        nats_url=settings.nats_url,
    )
    app.state.law = packs.present(settings)
    app.state.shelf = Shelf(settings.files_dir, app.state.keys)
    return app


if __name__ == "__main__":
    serving.run(Settings, build)
