"""Visits of a case, who signed them, and the checks of them, as what was done to it tells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from services.identification.casework.applications import Application
from services.identification.casework.known_names import known_by
from services.identification.grammar.history import Done, History

LOOKED_AT_AGAIN: Final = ("survey-again", "reopen", "describe-again", "fade", "go-on")
"""Acts before which what was found is of another time: an objection, other words, a fade-out, a
death of one of them."""
_FADE: Final = "fade"
SET_ASIDE: Final = "decision-set-aside"
"""What an appeal does to a case whose decision it sets aside."""
NOT_DUE: Final = "not-due"
"""The state in which a review ends that is due no longer: with no visit, or with what there was."""
VISITS: Final = {"survey", "survey-late"}
LATE: Final = "survey-late"
WRITTEN_SINCE: Final = "written_since"
"""The word of a late visit whose case was written anew between the list it was made by and its
coming: whether it was of the people the case names now."""
CHOICES: Final = {"choose-survey", "choose-late-survey"}
"""Visits, and the words of whoever chose one of them."""
NAMED: Final = ("visitor", "other_visitor")
"""The words of a visit that name who signed it on paper, where it was typed in later."""
CHECKS: Final = {"spot-check", "home-check"}
WEIGHED: Final = {"weigh-spot-check", "weigh-home-check"}
"""The township's and the county's own look at what a visit found, and who weighed it."""
APPLICATION: Final = "application"
"""The word by which an act says the application anew, and with it whom a visit is to see."""
READ: Final = VISITS | CHOICES | CHECKS | WEIGHED | {*LOOKED_AT_AGAIN, "sign-survey", "object"}
"""All the acts that are read here; what others say of a case changes nothing of its visits."""


@dataclass(frozen=True)
class Visits(History):
    """What was done to a case, as far as it was visited and looked at again."""

    def this_round(self) -> Sequence[Done]:
        """What was done since it was last sent back to be looked at again; a fade-out that was set
        aside was none."""
        began = [0]
        for place, each in enumerate(self.acts):
            last = self.acts[began[-1]]
            if each.act in LOOKED_AT_AGAIN:
                began.append(place)
            elif each.act == SET_ASIDE and (last.act, last.from_state) == (_FADE, each.to_state):
                began.pop()
        return self.acts[began[-1] :]

    def signers(self) -> dict[str, set[str]]:
        """Every visit there ever was, with the people who signed it."""
        signed: dict[str, set[str]] = {}
        for each in self.acts:
            if each.act in VISITS | {"sign-survey"}:
                signed.setdefault(str(each.words["survey_id"]), set()).add(each.person)
        return signed

    def named(self, survey_id: str) -> set[str]:
        """Whom the form of a visit names, where it was typed in from one."""
        visits = [each.words for each in self.acts if each.act in VISITS]
        return {
            str(words[name])
            for words in visits
            for name in NAMED
            if str(words["survey_id"]) == survey_id and name in words
        }

    def awaited(self, survey_id: str) -> set[str]:
        """Who of those has not signed it by their own account."""
        signed = (each for each in self.acts if each.act in VISITS | {"sign-survey"})
        theirs = (each for each in signed if str(each.words["survey_id"]) == survey_id)
        known = {name for each in theirs for name in known_by(each.person, each.actor)}
        return self.named(survey_id) - known

    def visit_forms(self) -> dict[str, str]:
        """The form of each visit that came back signed, by its paper."""
        return {
            str(each.words["survey_id"]): str(each.words["form_id"])
            for each in self.done(*VISITS, "file-survey-form")
            if "form_id" in each.words
        }

    def surveys(self) -> Iterator[tuple[str, set[str]]]:
        """Each visit of this round with the people who signed it."""
        signed = self.signers()
        for each in self._visits_and_choices(self.this_round()):
            if each.act in VISITS:
                yield (survey_id := str(each.words["survey_id"])), signed[survey_id]

    @cached_property
    def visit_that_counts(self) -> str | None:
        """The only visit of this round, or the one somebody chose when all of them were there;
        of other words than the application says now, only one that was chosen; and none, once
        somebody is written into it who was not there."""
        return self._counted(self.this_round())

    @cached_property
    def visit_proposed_on(self) -> str | None:
        """The visit that counted when the township gave its opinion."""
        done = list(self.this_round())
        while done and done[-1].act != "propose":
            done.pop()
        return self._counted(done)

    @property
    def visits_wait(self) -> bool:
        """Whether a visit came after the last choice, and there are several, or it was of an
        application that was written anew since."""
        return self.visit_that_counts is None and any(self.surveys())

    def _counted(self, acts: Sequence[Done]) -> str | None:
        done = self._visits_and_choices(acts)
        visits = [each for each in done if each.act in VISITS]
        if not done:
            return None
        if done[-1].act in VISITS and (len(visits) > 1 or WRITTEN_SINCE in done[-1].words):
            return None
        if self._somebody_was_added(done[-1], acts[-1]):
            return None
        return str(done[-1].words["survey_id"])

    def _somebody_was_added(self, since: Done, until: Done) -> bool:
        """Whether the application came to say between two acts that somebody lives there whom it
        did not name: no visit before that is known to have seen them."""
        begins, ends = self.acts.index(since), self.acts.index(until) + 1
        if not any(APPLICATION in each.words for each in self.acts[begins:ends]):
            return False
        before, now = (
            Application.model_validate(said[-1]) if said else Application()
            for said in (
                [each.words[APPLICATION] for each in acts if APPLICATION in each.words]
                for acts in (self.acts[:begins], self.acts[:ends])
            )
        )
        return now.names_more_than(before)

    def _visits_and_choices(self, acts: Sequence[Done]) -> list[Done]:
        """Without those made before the last objection, or before what a check found otherwise,
        that came after it was to be visited again."""
        days = [each.done_on.isoformat() for each in self.done("object")]
        days += [str(each.words["visited_on"]) for each in self.checked_otherwise()]
        since = max(days, default="")
        return [
            each
            for each in acts
            if each.act in CHOICES
            or (each.act in VISITS and str(each.words["visited_on"]) >= since)
        ]

    def visited_before_check(self) -> list[str]:
        """The visits after which a check found it otherwise, and it was to be visited again."""
        checks = self.checked_otherwise()
        before = self.acts[: self.acts.index(checks[-1])] if checks else ()
        return [str(each.words["survey_id"]) for each in before if each.act in VISITS]

    def checked_otherwise(self) -> list[Done]:
        """The checks that found it otherwise, and after which it was visited again."""
        found: list[Done] = []
        otherwise: Done | None = None
        for each in self.acts:
            if differs(each):
                otherwise = each
            elif each.act in WEIGHED and each.words["counts"] == "visit":
                otherwise = None
            elif each.act == "survey-again" and otherwise is not None:
                found, otherwise = [*found, otherwise], None
        return found


def differs(done: Done) -> bool:
    """Whether it was a check, and it found another thing than the visit."""
    return done.act in CHECKS and done.words.get("as_found") is False
