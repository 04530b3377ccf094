"""What was seen and compared: a visit signed by those it takes, the one that counts, a report."""

from collections.abc import Callable, Mapping
from typing import Final

from services.identification.casework.looking_again import checks, on_paper
from services.identification.casework.standing import WRITINGS, Standing
from services.identification.casework.visits import CHOICES, VISITS, WRITTEN_SINCE


def is_signed(at: Standing) -> bool:
    """Whether the visit that counts has its signers: the one that was chosen, or any while none
    was."""
    least = at.settings.number("investigators_min")
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
    since = min(at.this_round(), at.since(*WRITINGS), key=len)
    return any(each.act == "compare" for each in since)


def _visited_or_simple(at: Standing) -> bool:
    """A visit is signed and counts, or the simple procedure of a small sum was taken."""
    return bool(at.done("simplify")) or is_signed_and_counts(at)


def _survey_is_new(at: Standing) -> bool:
    return str(at.words["survey_id"]) not in {
        str(each.words["survey_id"]) for each in at.done(*VISITS)
    }


def _survey_is_known(at: Standing) -> bool:
    return str(at.words["survey_id"]) in at.signers()


def _form_of_one_visit(at: Standing) -> bool:
    forms = at.visit_forms()
    others = {form for visit, form in forms.items() if visit != str(at.words["survey_id"])}
    return str(at.words["form_id"]) not in others


def _survey_of_now(at: Standing) -> bool:
    return str(at.words["survey_id"]) in dict(at.surveys())


def _comes_late(at: Standing) -> bool:
    """The visits are over, somebody objected since, or the application was written anew."""
    over = at.case.state not in at.path.acts["survey"].sources
    return over or WRITTEN_SINCE in at.words or bool(at.done("object"))


def _several_visits(at: Standing) -> bool:
    return at.visits_wait or len(list(at.surveys())) > 1


def _visits_weighed(at: Standing) -> bool:
    """A visit that came late, or a check that found otherwise, bars what follows until somebody
    has chosen."""
    return not checks.choice_waits(at)


def _opinion_rests_on_it(at: Standing) -> bool:
    """No opinion on another visit than the one that counts is decided on."""
    return at.visit_proposed_on == at.visit_that_counts


def _yours_to_sign(at: Standing) -> bool:
    """The township visits; once a check found it otherwise somebody of the county may go along, for
    a township has no third who had not seen it."""
    return at.caller.has("cases:survey") or bool(at.checked_otherwise())


def _shown_as_found(at: Standing) -> bool:
    return any(each.kind in {"survey-photo", "survey-form"} for each in at.documents)


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "visited-or-simple": _visited_or_simple,
    "survey-is-new": _survey_is_new,
    "survey-is-known": _survey_is_known,
    "survey-of-now": _survey_of_now,
    "form-of-one-visit": _form_of_one_visit,
    "comes-late": _comes_late,
    "several-visits": _several_visits,
    "visits-weighed": _visits_weighed,
    "opinion-rests-on-it": _opinion_rests_on_it,
    "signed-by-investigators": is_signed,
    "shown-as-found": _shown_as_found,
    "yours-to-sign": _yours_to_sign,
    "one-survey-counts": one_counts,
    "compared": compared,
}
"""A visit and a report, by the words the tables use."""
