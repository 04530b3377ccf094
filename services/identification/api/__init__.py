"""The HTTP face of identification: rosters, determinations, households, people, cases, reviews."""

from services.identification.api import (
    cases,
    channels,
    determinations,
    households,
    people,
    prints,
    reviews,
    rosters,
)

ROUTERS = (
    rosters.streamed,
    rosters.plain,
    determinations.router,
    households.router,
    people.router,
    cases.plain,
    prints.router,
    reviews.router,
    channels.router,
)
