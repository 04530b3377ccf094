"""The HTTP face of identification: rosters, determinations, people, the county's sums."""

from services.identification.api import determinations, people, rosters

ROUTERS = (rosters.streamed, rosters.plain, determinations.router, people.router)
