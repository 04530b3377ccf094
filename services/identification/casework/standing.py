"""Where a case stands: its row, what it says, and everything done to it so far."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.identification.casework.applications import Application
from services.identification.casework.paths import CasePath
from services.identification.casework.place_settings import PlaceSettings
from services.identification.models import CaseDocument, CaseFile, Posting
from shared.callers import Caller


@dataclass(frozen=True)
class Done:
    """One act that was done, with its words."""

    act: str
    from_state: str
    to_state: str
    actor: str
    person: str
    done_on: date
    words: Mapping[str, Any]


@dataclass(frozen=True)
class Standing:
    """A case as an act finds it; `words` are those of the act that is asked for."""

    case: CaseFile
    path: CasePath
    settings: PlaceSettings
    application: Application
    acts: Sequence[Done]
    documents: Sequence[CaseDocument]
    postings: Sequence[Posting]
    caller: Caller
    today: date
    words: Mapping[str, Any]

    def done(self, *names: str) -> list[Done]:
        """The acts of these names, in their order."""
        return [each for each in self.acts if each.act in names]

    def last(self, name: str) -> Done | None:
        """The last act of a name."""
        found = self.done(name)
        return found[-1] if found else None

    @property
    def round(self) -> int:
        """The how-manieth time it is surveyed and posted: once more after each objection."""
        return 1 + len(self.done("object"))

    def this_round(self) -> Sequence[Done]:
        """What was done since the last objection sent it back."""
        again = [at for at, each in enumerate(self.acts) if each.act == "survey-again"]
        return self.acts[again[-1] :] if again else self.acts

    def surveys(self) -> Iterator[tuple[str, set[str]]]:
        """Each visit of this round with the people who signed it."""
        signed: dict[str, set[str]] = {}
        for each in self.this_round():
            if each.act in {"survey", "sign-survey"}:
                signed.setdefault(str(each.words["survey_id"]), set()).add(each.person)
        yield from signed.items()

    def surveyors(self) -> set[str]:
        """Everybody who ever signed a visit of this case."""
        return {each.person for each in self.done("survey", "sign-survey")}

    def document(self, document_id: str) -> CaseDocument | None:
        """A paper of this case by its id."""
        return next((each for each in self.documents if str(each.id) == document_id), None)
