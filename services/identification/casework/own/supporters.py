"""Whoever is bound to support a household from elsewhere, as the citizen who wrote them reads it.

What another wrote of them – an official, a window, another telephone – is of somebody who is not
the citizen, and is not here.
"""

from typing import Any

from services.identification import id_numbers
from services.identification.casework import authorisations, means, support
from services.identification.casework.applications import Application, Member
from services.identification.casework.standing import WRITINGS, Standing


def written(at: Standing) -> list[dict[str, Any]]:
    """Each, as long as they stand as the citizen wrote them, with what the law says they owe."""
    own = _of_the_caller(at)
    signed, unproven = authorisations.supporters_signed(at), support.unproven(at)
    return [
        {
            **each.supporter.model_dump(
                mode="json", include={"key", "name", "relation", "lives_at", "support"}
            ),
            "id_number": _masked(each.supporter),
            "born_on": (born := each.supporter.born()) and born.isoformat(),
            "owed_fen_yearly": each.sum.value,
            "missing": each.sum.missing and each.sum.missing.both(),
            "wants_proof": each.supporter in unproven,
            "has_signed": each.supporter in signed,
        }
        for each in support.owed(at.application, at.settings.law, means.month(at))
        if each.supporter in own
    ]


def _of_the_caller(at: Standing) -> tuple[Member, ...]:
    """Supporters as the last word of the caller names them."""
    own = [each for each in at.done(*WRITINGS) if each.actor == at.caller.subject]
    return Application.model_validate(own[-1].words["application"]).supporters if own else ()


def _masked(supporter: Member) -> str | None:
    return id_numbers.masked(supporter.id_number) if supporter.id_number else None
