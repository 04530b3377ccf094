"""The HTTP face of identification: a router for each of its subjects."""

from services.identification.api import (
    aid,
    cases,
    channels,
    determinations,
    exchange,
    households,
    low_income,
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
    exchange.streamed,
    exchange.plain,
    low_income.router,
)
