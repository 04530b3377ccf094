"""What was seen and compared: a visit signed by those it takes, the one that counts, a report."""

from services.identification.casework.looking_again import on_paper
from services.identification.casework.standing import WRITINGS, Standing
from services.identification.casework.visits import CHOICES, LOOKED_AT_AGAIN


def is_signed(at: Standing) -> bool:
    """Whether the visit that counts has its signers: the one that was chosen, or any while none
    was."""
    least = at.settings.days("investigators_min")
    chosen = [str(e.words["survey_id"]) for e in at.this_round() if e.act in CHOICES]
    counts = set(chosen[-1:]) or {survey_id for survey_id, _ in at.surveys()}
    return any(
        on_paper.counts(signers, at.awaited(each), least)
        for each, signers in at.surveys()
        if each in counts
    )


def one_counts(at: Standing) -> bool:
    """Whether one visit counts: the only one, or the one somebody chose."""
    return at.visit_that_counts is not None


def is_signed_and_counts(at: Standing) -> bool:
    """Whether a visit stands that what follows may rest on."""
    return is_signed(at) and one_counts(at)


def compared(at: Standing) -> bool:
    """Whether there is a dated report of this round, of whom it says now that they live there."""
    return any(each.act == "compare" for each in at.since(*LOOKED_AT_AGAIN, *WRITINGS))
