"""Put identification together."""

from functools import partial

from fastapi import FastAPI

from services.identification import laws, reaching
from services.identification.api import ROUTERS
from services.identification.api.workdays import know_calendar
from services.identification.casework import last_days
from services.identification.comparison import keeping as comparing
from services.identification.comparison import monthly
from services.identification.comparison.feeds import read_feeds
from services.identification.exchange.templates import read_templates
from services.identification.exchange.works import check_works
from services.identification.importing import keeping as importing
from services.identification.listeners import LISTENERS
from services.identification.place_settings import PlaceSettings
from services.identification.places import Place
from services.identification.reports.definitions import Definitions
from services.identification.reports.opening import Shelf
from services.identification.retention import sweeping
from services.identification.settings import Settings
from services.identification.settings_words import check_settings
from services.identification.workdays import following
from services.identification.workdays.naming import Lately
from shared import serving

# Who may call, and the most each may ask for; the gateway brings what its caller holds.
ALLOWED = {
    "gateway": frozenset({"*"}),
    "benefits": frozenset({"determinations:read"}),
}


def build(settings: Settings) -> FastAPI:
    """The process, ready to serve."""
    app = serving.build_app(
        settings,
        name="identification",
        routers=ROUTERS,
        allowed=ALLOWED,
        listeners=LISTENERS,
        peers={
            "notifications": settings.notifications_url,
            "payments": settings.payments_url,
            "benefits": settings.benefits_url,
        },
        scopes=frozenset({"contacts:write", "accounts:write", "reserves:spend", "sums:suppose"}),
        background=(
            importing.keep_importing,
            importing.keep_tidy,
            comparing.keep_comparing,
            comparing.keep_tidy,
            monthly.keep_months,
            reaching.keep_reachable,
            sweeping.keep_days,
            following.keep_counted,
            last_days.keep_counted,
        ),
        nats_url=settings.nats_url,
    )
    app.state.begin, app.state.calendar_lately = know_calendar, Lately()
    app.state.place = Place.read(settings.county, settings.divisions_file, settings.banks_file)
    law = partial(laws.present, settings)
    app.state.exchange = check_works(read_templates(settings.exchange_dir))
    casework = PlaceSettings.read(settings.casework_file, law)
    app.state.casework = check_settings(casework, app.state.exchange)
    app.state.shelf = Shelf(Definitions.read(settings.reports_dir), app.state.place)
    app.state.feeds = read_feeds(settings.feeds_file)
    return app


if __name__ == "__main__":
    serving.run(Settings, build)
