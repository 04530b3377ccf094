"""What an application says: who lives together, what they live on, who asks for them."""

from calendar import isleap
from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictInt, field_validator, model_validator

from services.identification import id_numbers
from services.identification.coded import CODE_FORM, new_code
from services.identification.grammar.wrong import Wrong, refuse_unmeant
from services.identification.means import questions
from services.identification.roster.columns import HEAD
from shared.ids import new_id

ADULT_YEARS = 18
AWAY: Final = {"prison": 1, "treatment": 2, "missing": 3, "clergy": 4, "long-absent": 5}
"""Why somebody is away, by the codes of the law's own fact."""
MENTAL = 6
SEVERE = (1, 2)
Authority = Literal["parent", "spouse", "relative", "village-committee", "civil-affairs", "court"]
Means = dict[str, StrictInt | str]
"""What somebody lives on, in facts of the law; a fact that was not asked for is not there."""
REASON_MAX: Final = 2000
Name = Annotated[str, Field(min_length=1, max_length=60)]


class Said(BaseModel):
    """Words of an application; what is not known is refused by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*")
    @classmethod
    def _can_be_kept(cls, said: Any) -> Any:
        if isinstance(said, date):
            refuse_unmeant(said)
        return said


AGREED: Final = "agreed"
RECKONED: Final = "reckoned"
_ASKED_ZH: Final = {
    AGREED: "按协议或判决的，只填一年给多少",
    RECKONED: "按他们家的收入算的，只填他们家几口人、一年收入",
    "unable": "没有能力的，只选为什么",
}
Fen = Annotated[StrictInt, Field(ge=0, le=10**12)]


class Support(Said):
    """What somebody who lives elsewhere owes a member: as agreed or judged, as reckoned from what
    their household lives on, or nothing, because they cannot."""

    basis: Literal["agreed", "reckoned", "unable"]
    agreed_fen_yearly: Fen | None = None
    household_members: Annotated[StrictInt, Field(ge=1, le=100)] | None = None
    income_fen_yearly: Fen | None = None
    unable: (
        Literal["on-tekun", "elder-on-dibao", "very-old", "severely-disabled", "without-capacity"]
        | None
    ) = None

    @model_validator(mode="after")
    def _as_the_basis_asks(self) -> "Support":
        asked = {
            AGREED: {"agreed_fen_yearly"},
            RECKONED: {"household_members", "income_fen_yearly"},
            "unable": {"unable"},
        }[self.basis]
        said = {name for name, word in self if name != "basis" and word is not None}
        if said != asked:
            raise Wrong(
                f"support that is {self.basis} says {', '.join(sorted(asked))} alone",
                _ASKED_ZH[self.basis],
            )
        return self


class Member(Said):
    """Somebody of the household. Who has no ID number says why and when they were born, which of
    who supports it is not always known; a code that is not said is issued with what is written."""

    key: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    name: Name
    relation: Name
    id_number: str | None = Field(default=None, max_length=24)
    temporary_code: str | None = Field(default=None, pattern=f"^{CODE_FORM}$")
    no_id_reason: str | None = Field(default=None, min_length=2, max_length=400)
    born_on: date | None = None
    lives_together: bool = True
    disability_grade: Annotated[int, Field(ge=1, le=4)] | None = None
    disability_kind: Annotated[int, Field(ge=1, le=7)] | None = None
    lacks_capacity: bool = False
    guardian_key: str | None = Field(default=None, max_length=40)
    guardian_authority: Authority | None = None
    away: Literal["prison", "treatment", "missing", "clergy", "long-absent"] | None = None
    away_since: date | None = None
    means: Means = Field(default_factory=dict)
    support: Support | None = None
    """Of whoever is bound to support a member and lives elsewhere."""
    lives_at: str | None = Field(default=None, max_length=200)
    """Where whoever lives elsewhere lives."""

    @field_validator("id_number")
    @classmethod
    def _written_one_way(cls, said: str | None) -> str | None:
        return id_numbers.normalise(said) if said else None

    @field_validator("means")
    @classmethod
    def _of_the_law(cls, said: Means) -> Means:
        return questions.read("person", said)

    @model_validator(mode="after")
    def _known_somehow(self) -> "Member":
        if self.id_number and self.temporary_code:
            raise Wrong(
                "a member has an ID number, or a temporary code", "身份证号和临时编码只填一个"
            )
        if self.id_number and (len(self.id_number) != 18 or not self.id_number[:17].isdecimal()):
            raise Wrong(
                "an ID number has eighteen places, or fifteen of the old kind",
                "身份证号是 18 位（旧的 15 位）",
            )
        if (self.disability_grade is None) != (self.disability_kind is None):
            raise Wrong("a disability has a grade and a kind", "残疾等级和残疾类别要一起填")
        if (self.away is None) != (self.away_since is None):
            raise Wrong(
                "who is away is so since a day, and for a reason",
                "不在家的，原因和从哪天起要一起填",
            )
        if not self.id_number and not self.no_id_reason:
            raise Wrong(
                "a member has an ID number, or it is said why there is none",
                "没有身份证号的，写明为什么没有",
            )
        if not self.id_number and self.born_on is None and self.support is None:
            raise Wrong(
                "without an ID number the date of birth is said", "没有身份证号的，填出生日期"
            )
        return self

    def is_minor(self, today: date) -> bool:
        """Whether they are known to be under age."""
        of_age_on = self.of_age_on()
        return of_age_on is not None and today < of_age_on

    def is_of_age(self, today: date) -> bool:
        """Whether they are known to be of age."""
        return self.born() is not None and not self.is_minor(today)

    def of_age_on(self) -> date | None:
        """The day on which they come of age; who was born on a leap day, on the first of March."""
        born = self.born()
        if born is None:
            return None
        leaps = (born.month, born.day) == (2, 29) and not isleap(born.year + ADULT_YEARS)
        born = born + timedelta(days=1) if leaps else born
        return born.replace(year=born.year + ADULT_YEARS)

    def is_incapable(self) -> bool:
        """Whether they cannot act for themselves, being severely mentally ill or by law."""
        ill = self.disability_kind == MENTAL and (self.disability_grade or 0) in SEVERE
        return ill or self.lacks_capacity

    def may_guard(self, today: date) -> bool:
        """Whether they may act for others: known to be of age, capable, and nobody's ward."""
        return self.is_of_age(today) and not self.is_incapable() and self.guardian_key is None

    def known_as(self) -> tuple[str, str, date | None]:
        """Who is meant where there is no number: under which key, by name and day of birth."""
        return self.key, self.name, self.born()

    def born(self) -> date | None:
        """The date of birth: in the ID number, which nobody overrules; else as it is said."""
        return id_numbers.birth_date(self.id_number) if self.id_number else self.born_on


class Proxy(Said):
    """Who applies for the applicant, with the consent that is on file."""

    name: Name
    id_number: str = Field(min_length=15, max_length=24)
    relation: Name
    consent_document_id: UUID

    @field_validator("id_number")
    @classmethod
    def _written_one_way(cls, said: str) -> str:
        number = id_numbers.normalise(said)
        if len(number) != 18 or not number[:17].isdecimal():
            raise Wrong(
                "an ID number has eighteen places, or fifteen of the old kind",
                "身份证号是 18 位（旧的 15 位）",
            )
        return number


class Application(Said):
    """The whole of it; the first member is who applies, whoever heads the household."""

    registration: Literal["urban", "rural"] = "rural"
    address: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=20)
    reason: str = Field(default="", max_length=REASON_MAX)
    members: tuple[Member, ...] = Field(default=(), max_length=60)
    supporters: tuple[Member, ...] = Field(default=(), max_length=20)
    means: Means = Field(default_factory=dict)
    proxy: Proxy | None = None
    whose: str | None = Field(default=None, max_length=40)
    """By key, whose it is that is applied for, where it is a person's."""

    @field_validator("means")
    @classmethod
    def _of_the_law(cls, said: Means) -> Means:
        return questions.read("household", said)

    @model_validator(mode="after")
    def _each_once(self) -> "Application":
        people = [*self.members, *self.supporters]
        keys = [each.key for each in people]
        numbers = [each.id_number for each in people if each.id_number]
        codes = [each.temporary_code for each in people if each.temporary_code]
        if len(set(keys)) < len(keys):
            raise Wrong("two people have one key", "同一个人填了两次")
        if len(set(numbers)) < len(numbers):
            raise Wrong("one ID number stands there twice", "同一个身份证号填了两次")
        if len(set(codes)) < len(codes):
            raise Wrong("one temporary code stands there twice", "同一个临时编码填了两次")
        if any(each.support for each in self.members):
            raise Wrong("support is owed by who lives elsewhere", "赡养只填不住在一起的人")
        for each in people:
            if each.guardian_key and each.guardian_key not in set(keys) - {each.key}:
                raise Wrong(
                    "a guardian is somebody else of this application",
                    "监护人要是这份申请里的另一个人",
                )
        if self.proxy and self.applicant and self.proxy.id_number == self.applicant.id_number:
            raise Wrong("nobody is their own proxy", "代理人不能是申请人自己")
        if self.whose and self.whose not in {each.key for each in self.members}:
            raise Wrong("whose it is, is one of the members", "为谁申请，要选成员中的一位")
        return self

    @property
    def applicant(self) -> Member | None:
        """Who applies."""
        return next(iter(self.members), None)

    @property
    def head(self) -> Member | None:
        """Who heads the household; who applies, where nobody is said to."""
        heads = (each for each in self.members if each.relation == HEAD and each.lives_together)
        return next(heads, self.applicant)

    def asked_for(self, of_one: bool) -> list[Member]:
        """Whom it is asked for: everybody who lives together; of what is a person's, the one whose
        it is said to be or can only be, and nobody while several might be."""
        living = [each for each in self.members if each.lives_together]
        if not of_one:
            return living
        if self.whose is None:
            return living if len(living) == 1 else []
        return [each for each in self.members if each.key == self.whose]

    def coded(self, before: "Application | None" = None) -> "Application":
        """The same with a code for whoever has neither number nor code: the one they had."""
        had = {each.known_as(): each.temporary_code for each in before.members} if before else {}

        def with_code(member: Member) -> Member:
            if member.id_number or member.temporary_code:
                return member
            code = had.get(member.known_as()) or new_code()
            return member.model_copy(update={"temporary_code": code})

        return Application.model_validate(
            {
                **dict(self),
                "members": tuple(map(with_code, self.members)),
                "supporters": tuple(map(with_code, self.supporters)),
            }
        )

    def names_the_people_of(self, other: "Application") -> bool:
        """Whether the same people live together by both."""
        return not (self.names_more_than(other) or other.names_more_than(self))

    def names_more_than(self, other: "Application") -> bool:
        """Whether somebody lives there by this whom the other does not know to: each stands under
        one key, and by one name or one number, for the other may have been put right."""
        theirs = {each.key: each for each in other.asked_for(of_one=False)}
        return not all(
            each.key in theirs
            and (
                each.name == theirs[each.key].name
                or (each.id_number is not None and each.id_number == theirs[each.key].id_number)
            )
            for each in self.asked_for(of_one=False)
        )

    def adults(self, today: date) -> list[Member]:
        """The members who are of age; of whom it is not known, too."""
        return [each for each in self.members if not each.is_minor(today)]

    def wards(self, today: date) -> list[Member]:
        """Whom a guardian acts for: who lacks the capacity, a minor who applies, and minors with
        whom nobody lives who could act for them."""
        alone = not any(
            each.lives_together
            and each.away is None
            and not (each.is_minor(today) or each.is_incapable())
            for each in self.members
        )
        return [
            each
            for place, each in enumerate(self.members)
            if each.is_incapable()
            or (each.is_minor(today) and (place == 0 or (alone and each.lives_together)))
        ]

    def authorising(self, today: date) -> list[Member]:
        """Whose authorisation a comparison of means asks for: of every adult and every ward."""
        wards = self.wards(today)
        return [each for each in self.members if each in wards or not each.is_minor(today)]

    def guardian_of(self, member: Member) -> Member | None:
        """Who is named as somebody's guardian."""
        people = [*self.members, *self.supporters]
        return next((each for each in people if each.key == member.guardian_key), None)

    def who_guard(self) -> list[Member]:
        """Whoever is named as the guardian of somebody who lives there."""
        wards = [each for each in self.members if each.lives_together]
        found = {each.key: each for ward in wards if (each := self.guardian_of(ward)) is not None}
        return list(found.values())

    def flaws(self, today: date) -> list[str]:
        """Queries about ID numbers, by the member's key; a wrong check digit bars nobody."""
        people = [*self.members, *self.supporters]
        found = [
            (each.key, id_numbers.flaw(each.id_number, today)) for each in people if each.id_number
        ]
        return [f"{key}: {flaw}" for key, flaw in found if flaw is not None]


def new_receipt(category: str) -> str:
    """A receipt number to be read out: letters and digits that nobody mixes up."""
    alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
    number, text = new_id().int, ""
    while len(text) < 8:
        number, rest = divmod(number, len(alphabet))
        text += alphabet[rest]
    return f"{category[0].upper()}{text[:4]}-{text[4:]}"
