"""The HTTP face of payments: words in, words out, one verb per route."""

from services.payments.api import (
    accounts,
    bank,
    envelopes,
    failures,
    funds,
    holds,
    months,
    recoveries,
    reserves,
    results,
)
from shared import audit_route

ROUTERS = (
    accounts.router,
    funds.router,
    envelopes.router,
    holds.router,
    failures.router,
    bank.router,
    bank.uploads,
    results.router,
    months.router,
    recoveries.router,
    reserves.router,
    audit_route.router,
)
