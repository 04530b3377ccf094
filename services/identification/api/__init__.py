"""The HTTP face of identification: rosters, determinations, households, people, the sums."""

from services.identification.api import determinations, households, people, rosters

ROUTERS = (
    rosters.streamed,
    rosters.plain,
    determinations.router,
    households.router,
    people.router,
)
