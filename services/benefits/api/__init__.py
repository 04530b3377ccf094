"""The HTTP face of benefits: words in, words out, one verb per route."""

from services.benefits.api import beneficiaries, learning, months, runs
from shared import audit_route

ROUTERS = (runs.router, beneficiaries.router, months.router, learning.router, audit_route.router)
