"""What identification says: who was determined, which list is ready, and what became of a case."""

from datetime import date
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.event import Event
from shared.months import Month


class RosterImported(Event):
    """A roster is in; its determinations lie at GET /determinations?import_id=…"""

    publisher: ClassVar[str] = "identification"

    import_id: UUID
    determinations_count: int = Field(ge=0)
    determinations_sha256: str


class HouseholdDetermined(Event):
    """One household's standing was decided; it lies at GET /determinations?determination_id=…"""

    publisher: ClassVar[str] = "identification"

    determination_id: UUID
    household_id: UUID
    from_month: Month


class PersonDied(Event):
    """A death was learned of."""

    publisher: ClassVar[str] = "identification"

    person_id: UUID
    died_on: date


class PayeeDecided(Event):
    """From a month on somebody's money goes to another account, which payments knows by its id.

    No account: a decision that led it to `instead_of` is undone and none stood before, so it goes
    nowhere until one is decided.
    """

    publisher: ClassVar[str] = "identification"

    case_id: UUID
    receipt: str
    beneficiary_kind: str = Field(pattern="^(household|person)$")
    beneficiary_id: UUID
    account_id: UUID | None
    relation: str = Field(pattern="^(self|household|guardian|institution|carer|proxy)$")
    from_month: Month
    instead_of: UUID | None = None
    """Where a decision that was undone led; whoever is paid to a third account is not touched."""


class AdvanceVerified(Event):
    """A case that was helped first was granted with its papers, or ended by a death and another
    found that it was rightly helped: the reserve may be filled up again by what it advanced."""

    publisher: ClassVar[str] = "identification"

    case_id: UUID


class AdvanceUnverified(Event):
    """A case that was helped first ended, and nobody verified what it was advanced: the sum is to
    be recovered. Without a `why` an appeal set that end aside, and it is decided again."""

    publisher: ClassVar[str] = "identification"

    case_id: UUID
    why: str | None = Field(pattern="^(lapsed|refused|applicant-died)$")


class DeathTakenBack(Event):
    """A death that was told was an error: whoever was said to have died on that day is alive."""

    publisher: ClassVar[str] = "identification"

    person_id: UUID
    died_on: date


class Happened(StrEnum):
    """What somebody is told of: what became of a case, mostly."""

    APPLIED_FOR = "applied-for"
    RECEIVED = "received"
    PAPERS_WANTED = "papers-wanted"
    PAPERS_RECEIVED = "papers-received"
    SENT_BACK = "sent-back"
    ACCEPTED = "accepted"
    GOES_ON = "goes-on"
    EXTENDED = "extended"
    CORRECTED = "corrected"
    LAPSED = "lapsed"
    VISIT_COMING = "visit-coming"
    VISIT_AGAIN = "visit-again"
    POSTED = "posted"
    GRANTED = "granted"
    RECOGNISED = "recognised"
    FADING = "fading"
    ENDED = "ended"
    CHANGED = "changed"
    FOUND_ALIVE = "found-alive"
    PAYEE_ASKED = "payee-asked"
    PAYEE_NOT_TAKEN = "payee-not-taken"
    APPEAL_RECEIVED = "appeal-received"
    APPEAL_ACCEPTED = "appeal-accepted"
    APPEAL_DECIDED = "appeal-decided"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ANSWER_WANTED = "answer-wanted"
    AGREEMENT_RECORDED = "agreement-recorded"
    WISH_RECORDED = "wish-recorded"
    KEPT = "kept"
    WATCHED = "watched"
    WATCHED_OTHERWISE = "watched-otherwise"
    WATCHED_NO_MORE = "watched-no-more"


class CaseMoved(Event):
    """Something happened to a case that somebody is told of: under which id they are reached.

    `handed_on` says that a contact was, or is being, handed on under that id. `by_day` is by when
    something is due, or the last day on which a status that was found holds.
    """

    publisher: ClassVar[str] = "identification"

    case_id: UUID
    person_id: UUID
    handed_on: bool
    category: str
    receipt: str
    happened: Happened
    by_day: date | None = None
    from_month: Month | None = None


class AnswerWanted(Event):
    """Something speaks against a person or household, who may answer first; what it is, not here.

    `told_id` is whom it is about, as contacts know them: a person, a household, an applicant.
    """

    publisher: ClassVar[str] = "identification"

    alert_id: UUID
    told_id: UUID
    by_day: date


class GroupChanged(Event):
    """Two officers put somebody into a low-income group, moved them, or took them out; into which,
    not here.

    `told_ids` are whom it concerns, as contacts may know them, the nearest first: a person, an
    applicant, a household.
    """

    publisher: ClassVar[str] = "identification"

    request_id: UUID
    told_ids: list[UUID] = Field(min_length=1)
    happened: Happened


class ApplicantsForgotten(Event):
    """These applied for nothing, and their days are over: nobody needs to reach them any more."""

    publisher: ClassVar[str] = "identification"

    applicant_ids: list[UUID] = Field(min_length=1)


class PersonDisputed(Event):
    """A list says of somebody what would end their part; until it is settled the part is held.

    It is said again of the same dispute where the decision that settled it was set aside.
    """

    publisher: ClassVar[str] = "identification"

    dispute_id: UUID
    person_id: UUID
    reason: str = Field(pattern="^(death|prison|double)$")
    from_month: Month


class DisputeSettled(Event):
    """What was in dispute is so (`upheld`), or was wrongly held.

    Where a case upheld it, its decision of `decided_at` and all after it speak for themselves.
    What is upheld is so from `from_month` on: of a death the month after it, where that lies after
    the month from which it was in dispute, for the month of a death is owed. Where by what is
    decided nothing is granted to them from a month on, that is `ended_from`: they are owed nothing
    for the months from the one to the other, whatever is decided of these later.
    """

    publisher: ClassVar[str] = "identification"

    dispute_id: UUID
    person_id: UUID
    upheld: bool
    decided_at: AwareDatetime | None = None
    from_month: Month | None = None
    ended_from: Month | None = None


class DeterminedMember(BaseModel):
    """One member of a determined household, under an opaque id."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    person_id: UUID
    since: Month | None = None
    until: Month | None = None
    facts: dict[str, Any]


class Determination(BaseModel):
    """What is known of a household, from a month, by a decision; facts as the packs declare."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    determination_id: UUID
    household_id: UUID
    village: str = Field(pattern=r"^\d{12}$")
    from_month: Month
    until_month: Month | None = None
    programme: str | None = None
    """One programme that is given once, for which alone it speaks; none: how a household stands."""
    decided_on: date
    recorded_at: AwareDatetime
    facts: dict[str, Any]
    members: list[DeterminedMember]
