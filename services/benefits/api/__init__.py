"""The HTTP face of benefits: words in, words out, one verb per route."""

from services.benefits.api import beneficiaries, deaths, months, recoveries, runs, supposed
from shared import audit_route

ROUTERS = (
    runs.router,
    recoveries.router,
    beneficiaries.router,
    months.router,
    deaths.router,
    supposed.router,
    audit_route.router,
)
