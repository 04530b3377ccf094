"""The HTTP face of identification: a router for each of its subjects."""

from services.identification.api import (
    aid,
    cases,
    channels,
    determinations,
    households,
    outside,
    own_cases,
    people,
    prints,
    registers,
    reports,
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
    own_cases.router,
    prints.router,
    reviews.router,
    channels.router,
    registers.router,
    reports.router,
    outside.router,
    aid.router,
)
