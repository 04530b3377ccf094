"""Put notifications together: its face, its listeners, and the loop that sends."""

from typing import Final

from fastapi import FastAPI

from services.notifications import api
from services.notifications.listeners import LISTENERS
from services.notifications.sending import send_forever
from services.notifications.settings import Settings
from services.notifications.texts import Texts
from shared import serving

# Who may call, and for what.
ALLOWED: Final = {
    "gateway": frozenset({"codes:send", "my:read", "people:read", "runs:read", "audit:read"}),
    "identification": frozenset({"contacts:write"}),
}


def build(settings: Settings) -> FastAPI:
    """The process, ready to serve."""
    app = serving.build_app(
        settings,
        name="notifications",
        routers=api.ROUTERS,
        allowed=ALLOWED,
        listeners=LISTENERS,
        peers={"payments": settings.payments_url},
        scopes=frozenset({"settlements:read"}),
        background=[send_forever],
        nats_url=settings.nats_url,
    )
    app.state.texts = Texts(sign=settings.sign, telephone=settings.question_phone)
    return app


if __name__ == "__main__":
    serving.run(Settings, build)
