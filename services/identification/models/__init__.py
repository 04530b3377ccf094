"""The tables of identification: the register, casework, ledgers, and what lists were compared."""

from services.identification.models.applicants import Applicant
from services.identification.models.cases import (
    CaseAct,
    CaseDocument,
    CaseFile,
    CasePerson,
    PayeeAnswer,
    Posting,
    SecretPerson,
)
from services.identification.models.comparison import (
    Alert,
    AlertAct,
    AlertPaper,
    Comparison,
    ComparisonFeed,
    FeedDelivery,
    FeedReject,
)
from services.identification.models.exchange import (
    ExchangeFile,
    ExchangeItem,
    ProvincialNumber,
)
from services.identification.models.intake import Request, RequestPart
from services.identification.models.low_income import (
    LowIncomeEntry,
    LowIncomeFiling,
    LowIncomeListed,
    LowIncomePerson,
)
from services.identification.models.offline import OfflineSurvey, SurveyIssue, SurveyUpload
from services.identification.models.people_lists import PeopleList, PeopleListRow
from services.identification.models.register import (
    Determination,
    Holder,
    Household,
    Membership,
    Person,
    RosterFault,
    RosterImport,
)
from services.identification.models.registers import (
    RegisterAct,
    RegisterEntry,
    RegisterPaper,
    RegisterSeries,
    RegisterTag,
)
from services.identification.models.relatives import Official, RelativeFiling
from services.identification.models.reports import ClosedRun, FrozenBook, FrozenReport
from services.identification.models.retention import RetentionSweep
from services.identification.models.reviews import Review, Sample
from services.identification.models.rounds import (
    NamedVisitor,
    Round,
    RoundCheck,
    RoundHousehold,
    RoundPaper,
    RoundSignature,
)
from services.identification.models.rows import PaperRow, Row
from services.identification.models.workdays import ClockMove, DayNaming

__all__ = [
    "Alert",
    "AlertAct",
    "AlertPaper",
    "Applicant",
    "CaseAct",
    "CaseDocument",
    "CaseFile",
    "CasePerson",
    "ClockMove",
    "ClosedRun",
    "Comparison",
    "ComparisonFeed",
    "DayNaming",
    "Determination",
    "ExchangeFile",
    "ExchangeItem",
    "FeedDelivery",
    "FeedReject",
    "FrozenBook",
    "FrozenReport",
    "Holder",
    "Household",
    "LowIncomeEntry",
    "LowIncomeFiling",
    "LowIncomeListed",
    "LowIncomePerson",
    "Membership",
    "NamedVisitor",
    "Official",
    "OfflineSurvey",
    "PaperRow",
    "PayeeAnswer",
    "PeopleList",
    "PeopleListRow",
    "Person",
    "Posting",
    "ProvincialNumber",
    "RegisterAct",
    "RegisterEntry",
    "RegisterPaper",
    "RegisterSeries",
    "RegisterTag",
    "RelativeFiling",
    "Request",
    "RequestPart",
    "RetentionSweep",
    "Review",
    "RosterFault",
    "RosterImport",
    "Round",
    "RoundCheck",
    "RoundHousehold",
    "RoundPaper",
    "RoundSignature",
    "Row",
    "Sample",
    "SecretPerson",
    "SurveyIssue",
    "SurveyUpload",
]
