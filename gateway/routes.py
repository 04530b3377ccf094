"""One table: public path → service, its own path, the scopes it takes, who may call, and limits.

Nothing behind the door can be reached unless it stands here; pages stand in palmtop/ and desk/.
"""

from typing import Final

from gateway.blanks import BLANKS
from gateway.table import MANY, SMALL, STAFF, PublicRoute, Table
from shared.callers import Kind

PREFIX: Final = "/api/v1"
MEGABYTE: Final = 1024 * 1024
ROSTER: Final = 512 * MEGABYTE
RESULT: Final = 100 * MEGABYTE
PAPER: Final = 10 * MEGABYTE
SURVEYS: Final = 50 * MEGABYTE
LISTS: Final = 64 * MEGABYTE

CASES: Final = (
    "cases:read", "cases:apply", "cases:accept", "cases:survey", "cases:review", "cases:check",
    "cases:decide", "cases:hear", "cases:identify",
)  # fmt: skip

HANDS: Final = CASES[1:]
"""Whoever does something to cases, and does not only read them."""

LEADERS: Final = ("cases:review", "cases:check")
KEEPERS: Final = ("audit:read", "cases:check")
"""Whoever sees to it that nothing is kept too long."""
COUNTERS: Final = ("cases:read", "registers:read", "days:name")
"""Whoever has something to do by a day that is counted."""
SURVEY: Final = "cases:survey"
VISITORS: Final = (SURVEY, *LEADERS)
"""Whoever records or signs what a campaign's visit found."""
OVERSEERS: Final = ("cases:accept", "cases:review", "cases:check")
REGISTERS: Final = (
    "registers:read", "registers:write", "registers:decide", "complaints:receive",
    "complaints:handle", "complaints:reporter", "low-income:read",
)  # fmt: skip
"""Whose registers they are to read and write, each register's own table says."""
ALERTS: Final = (
    "alerts:read", "alerts:assign", "alerts:check", "alerts:decide", "alerts:answer",
)  # fmt: skip
ACCEPTERS: Final = ("requests:take", "cases:accept")
ANSWERERS: Final = ("alerts:assign", "alerts:check", "alerts:answer")

OWN: Final = "cases:own"
CITIZENS: Final = frozenset({Kind.CITIZEN})
PARTNERS: Final = frozenset({Kind.PARTNER})
SENDERS: Final = STAFF | PARTNERS


def _get(
    path: str,
    service: str,
    *scopes: str,
    internal: str | None = None,
    kinds: frozenset[Kind] = STAFF,
    per_minute: int = MANY,
) -> PublicRoute:
    return PublicRoute(
        "GET", PREFIX + path, service, internal or path, scopes, kinds, per_minute, body_bytes_max=0
    )


def _post(
    path: str,
    service: str,
    *scopes: str,
    internal: str | None = None,
    kinds: frozenset[Kind] = STAFF,
    per_minute: int = 120,
    body_bytes_max: int = SMALL,
    signed_by: str | None = None,
    names_accounts: bool = False,
) -> PublicRoute:
    most = (per_minute, body_bytes_max)
    path, internal = PREFIX + path, internal or path
    told = (signed_by, names_accounts)
    return PublicRoute("POST", path, service, internal, scopes, kinds, *most, *told)


def _get_own(path: str, per_minute: int = 60) -> PublicRoute:
    return _get(path, "identification", OWN, kinds=CITIZENS, per_minute=per_minute)


def _post_own(path: str, per_minute: int = 10, body_bytes_max: int = SMALL) -> PublicRoute:
    return _post(
        path,
        "identification",
        OWN,
        kinds=CITIZENS,
        per_minute=per_minute,
        body_bytes_max=body_bytes_max,
    )


ROSTERS: Final = ("roster:import", "roster:accept")
IDENTIFICATION: Final = (
    _post("/rosters", "identification", "roster:import", per_minute=10, body_bytes_max=ROSTER),
    _get("/rosters", "identification", *ROSTERS),
    _get("/rosters/template", "identification", "roster:import"),
    _get("/rosters/{roster_id}", "identification", *ROSTERS),
    _post("/rosters/{roster_id}/judgement", "identification", "roster:accept"),
    _get("/rosters/{roster_id}/annotated", "identification", "roster:import"),
    _get("/people", "identification", "people:read", per_minute=200),
    _get("/people/{person_id}", "identification", "people:read", per_minute=200),
    _post("/people/names", "identification", "people:read"),
    _get("/households/{household_id}/archive", "identification", *CASES, per_minute=120),
    _get("/households/{household_id}/dossier", "identification", *CASES, per_minute=120),
    _get("/households/{household_id}/file", "identification", *CASES, per_minute=60),
    _get("/county", "identification", "runs:read"),
    _post("/cases", "identification", "cases:apply", "cases:hear"),
    _get("/cases", "identification", *CASES, per_minute=200),
    _get("/case-paths", "identification", *CASES),
    _get("/case-queues", "identification", *CASES, per_minute=200),
    _get("/cases/{case_id}", "identification", *CASES),
    _get("/cases/{case_id}/dossier", "identification", *CASES),
    _get("/cases/{case_id}/numbers", "identification", *HANDS, per_minute=30),
    _get("/cases/{case_id}/means", "identification", *CASES),
    _get("/cases/{case_id}/sums", "identification", *CASES),
    _post("/cases/{case_id}/hands", "identification", *CASES),
    _post("/cases/{case_id}/acts/{act}", "identification", *CASES),
    _post("/cases/{case_id}/papers", "identification", *HANDS, body_bytes_max=PAPER),
    _get("/cases/{case_id}/papers/{document_id}", "identification", *CASES),
    _get("/reviews", "identification", "cases:survey", "cases:review", "cases:check"),
    _post("/reviews", "identification", "cases:review"),
    _post("/samples", "identification", "cases:review", "cases:check"),
    _get("/samples/{sample_id}", "identification", "cases:review", "cases:check"),
    _get("/cases/{case_id}/file", "identification", *CASES, per_minute=60),
    _get("/areas/{area}/posting-list", "identification", *CASES, per_minute=60),
    _post("/survey-work", "identification", "cases:survey", per_minute=20),
    _post(
        "/survey-packages",
        "identification",
        "cases:survey",
        per_minute=20,
        body_bytes_max=SURVEYS,
        signed_by=SURVEY,
    ),
    _get("/survey-packages", "identification", "cases:survey"),
    _post("/people-lists", "identification", "requests:take", per_minute=20, body_bytes_max=PAPER),
    _get("/people-lists", "identification", *ACCEPTERS),
    _get("/people-lists/{list_id}", "identification", *ACCEPTERS),
    _post("/people-lists/{list_id}/acceptance", "identification", *ACCEPTERS),
    _get("/call-times", "identification", "registers:read", per_minute=60),
    _get("/request-options", "identification", "requests:take"),
    _post("/requests", "identification", "requests:take"),
    _get("/requests", "identification", *CASES, per_minute=200),
    _get("/requests/{request_id}", "identification", *CASES, per_minute=200),
    _post("/requests/{request_id}/papers", "identification", "requests:take", body_bytes_max=PAPER),
    _get("/requests/{request_id}/receipt", "identification", *CASES, per_minute=60),
    _get("/aid-times", "identification", *CASES, per_minute=60),
    _get("/villages/{village}/proxies", "identification", *OVERSEERS, per_minute=60),
    _get("/reports", "identification", "reports:read"),
    _get("/reports/{report}/{period}", "identification", "reports:read", per_minute=120),
    _get("/reports/{report}/{period}/lines/{line}", "identification", "reports:read"),
    _get("/reports/{report}/{period}/pdf", "identification", "reports:read", per_minute=60),
    _get("/reports/{report}/{period}/workbook", "identification", "reports:read", per_minute=20),
    _post("/reports/{report}/{period}/freezing", "identification", "reports:freeze"),
    _post("/rounds", "identification", *LEADERS, body_bytes_max=MEGABYTE),
    _get("/rounds", "identification", *VISITORS),
    _get("/rounds/{round_id}", "identification", *VISITORS),
    _post("/rounds/{round_id}/findings", "identification", *VISITORS),
    _post("/rounds/{round_id}/findings/{serial}/check", "identification", *VISITORS),
    _post("/rounds/{round_id}/findings/{serial}/weighing", "identification", *LEADERS),
    _post("/rounds/{round_id}/findings/{number}/signature", "identification", *VISITORS),
    _post(
        "/rounds/{round_id}/paper-findings",
        "identification",
        *VISITORS,
        body_bytes_max=PAPER,
        names_accounts=True,
    ),
    _get("/visits-to-sign", "identification", *VISITORS, per_minute=60),
    _get("/rounds/{round_id}/papers/{paper_id}", "identification", *VISITORS),
    _post("/rounds/{round_id}/sample", "identification", *LEADERS),
    _post("/rounds/{round_id}/closing", "identification", *LEADERS),
    _post("/rounds/{round_id}/calling-off", "identification", *LEADERS),
    _get("/rounds/{round_id}/villages/{village}/list", "identification", *VISITORS, per_minute=60),
    _get("/villages/{village}/review-list", "identification", *VISITORS, per_minute=60),
    _get("/retention", "identification", *KEEPERS, per_minute=60),
    _get("/workdays", "identification", *COUNTERS, per_minute=60),
    _post("/workdays", "identification", "days:name", per_minute=20),
    _get("/signatures", "identification", *LEADERS, per_minute=60),
    _get("/signatures/workbook", "identification", *LEADERS, per_minute=20),
    _get("/year-lists/{year}", "identification", *LEADERS, per_minute=60),
    _get("/year-lists/{year}/lines/{line}", "identification", *LEADERS, per_minute=60),
    _get("/year-lists/{year}/{export}", "identification", *LEADERS, per_minute=20),
    _get("/rounds/{round_id}/lines/{line}", "identification", *VISITORS, per_minute=60),
    _get("/rounds/{round_id}/summary/{export}", "identification", *VISITORS, per_minute=20),
    _post("/relatives", "identification", *CASES, per_minute=30),
    _post("/relatives/{filing_id}/ending", "identification", *CASES, per_minute=30),
    _post("/relatives/{filing_id}/ending/settlement", "identification", "cases:check"),
    _get("/relatives/endings", "identification", "cases:check", per_minute=60),
    _get("/relatives", "identification", *CASES, per_minute=60),
    _post("/officials", "identification", *OVERSEERS, per_minute=30),
    _get("/officials", "identification", *OVERSEERS, per_minute=60),
    _post("/officials/{official_id}/relatives", "identification", *OVERSEERS, per_minute=30),
    _get("/county-visits", "identification", *OVERSEERS, per_minute=60),
    _get("/cases/{case_id}/review-form", "identification", *CASES, per_minute=60),
    _get("/areas/{area}/forms/{year}", "identification", *CASES, per_minute=60),
    _get("/areas/{area}/forms/{year}/{export}", "identification", *CASES, per_minute=20),
    _get("/areas/{area}/board", "identification", *CASES, per_minute=60),
    _get("/areas/{area}/board-on-paper", "identification", *CASES, per_minute=60),
    _get("/cases/{case_id}/certificate", "identification", *CASES, per_minute=60),
    _get("/certificates", "identification", *CASES, per_minute=60),
    _get("/payees-not-taken", "identification", *CASES, per_minute=60),
    _get("/cases/{case_id}/letters/{letter}", "identification", *CASES, per_minute=60),
    _get("/cases/{case_id}/forms/{form}", "identification", *CASES, per_minute=60),
    _get("/registers", "identification", *REGISTERS),
    _get("/registers/{kind}", "identification", *REGISTERS, per_minute=200),
    _post("/registers/{kind}", "identification", *REGISTERS),
    _post("/registers/{kind}/each", "identification", *REGISTERS, per_minute=20),
    _get("/registers/{kind}/counts", "identification", *REGISTERS),
    _get("/registers/{kind}/missing", "identification", *REGISTERS, per_minute=60),
    _post("/registers/{kind}/missing", "identification", *REGISTERS, per_minute=60),
    _get("/registers/{kind}/workbook", "identification", *REGISTERS, per_minute=20),
    _get("/entries/{entry_id}", "identification", *REGISTERS),
    _get("/entries/{entry_id}/notice", "identification", *REGISTERS, per_minute=60),
    _get("/entries/{entry_id}/numbers", "identification", *REGISTERS, per_minute=30),
    _post("/entries/{entry_id}/acts/{act}", "identification", *REGISTERS),
    _post("/entries/{entry_id}/papers", "identification", *REGISTERS, body_bytes_max=PAPER),
    _get("/entries/{entry_id}/papers/{paper_id}", "identification", *REGISTERS),
)
CITIZENS_OWN: Final = (
    _post_own("/my/cases"),
    _get_own("/my/cases"),
    _get_own("/my/cases/{case_id}"),
    _get_own("/my/cases/{case_id}/means"),
    _get_own("/my/cases/{case_id}/sums"),
    _post_own("/my/cases/{case_id}/parts/{part}", per_minute=60),
    _post_own("/my/cases/{case_id}/acts/{act}", per_minute=30),
    _post_own("/my/cases/{case_id}/appeals"),
    _post_own("/my/cases/{case_id}/signature"),
    _post_own("/my/cases/{case_id}/papers", per_minute=30, body_bytes_max=PAPER),
    _get_own("/my/cases/{case_id}/papers/{document_id}"),
    _get_own("/my/cases/{case_id}/letters/{letter}", per_minute=20),
    _get_own("/my/cases/{case_id}/forms/{form}", per_minute=20),
    _get_own("/my/alerts"),
    _get_own("/my/alerts/{alert_id}"),
    _post_own("/my/alerts/{alert_id}/answers"),
    _post_own("/my/alerts/{alert_id}/papers", per_minute=30, body_bytes_max=PAPER),
    _get_own("/my/alerts/{alert_id}/papers/{paper_id}"),
)
LEADS: Final = (_get("/lead-times", "identification", "registers:read", per_minute=60),)
ASKERS: Final = ("cases:survey", "cases:review")
EXCHANGERS: Final = ("exchange:bring", "exchange:answer")
EXCHANGE: Final = (
    _get("/exchange/templates", "identification", *EXCHANGERS),
    _get("/exchange/templates/{template}/blank", "identification", *EXCHANGERS),
    _post("/exchange/files", "identification", "exchange:bring", body_bytes_max=LISTS),
    _get("/exchange/files", "identification", "exchange:bring"),
    _get("/exchange/files/{file_id}", "identification", "exchange:bring"),
    _get("/exchange/files/{file_id}/{which}", "identification", "exchange:bring", per_minute=60),
    _post("/exchange/outgoing", "identification", "exchange:bring"),
    _get("/exchange/items", "identification", *EXCHANGERS, per_minute=200),
    _get("/exchange/counts", "identification", *EXCHANGERS),
    _post("/exchange/items/{item_id}/answer", "identification", "exchange:answer"),
    _post("/exchange/items/{item_id}/owner", "identification", "exchange:answer"),
    _get("/cases/{case_id}/verification", "identification", *ASKERS),
    _post("/cases/{case_id}/verification", "identification", *ASKERS),
)
LOW_INCOME: Final = (
    _get("/low-income", "identification", "low-income:read", per_minute=200),
    _get("/low-income/statistics", "identification", "low-income:read", per_minute=60),
    _get("/low-income/lists", "identification", "low-income:read", per_minute=60),
    _get("/low-income/filings", "identification", "low-income:read"),
    _post("/low-income/filings", "identification", "low-income:file"),
    _get("/low-income/filings/{filing_id}", "identification", "low-income:read"),
    _get("/low-income/slice", "identification", "low-income:slice", kinds=PARTNERS),
    _get("/low-income/{low_income_id}", "identification", "low-income:read", per_minute=200),
)
COMPARISON: Final = (
    _get("/feeds", "identification", "feeds:read", "feeds:deliver", kinds=SENDERS),
    _get(
        "/feeds/{feed}/deliveries", "identification", "feeds:read", "feeds:deliver", kinds=SENDERS
    ),
    _post(
        "/feeds/{feed}/deliveries",
        "identification",
        "feeds:deliver",
        kinds=SENDERS,
        per_minute=30,
        body_bytes_max=ROSTER,
    ),
    _get(
        "/feeds/{feed}/deliveries/{delivery_id}",
        "identification",
        "feeds:read",
        "feeds:deliver",
        kinds=SENDERS,
    ),
    _post(
        "/feeds/{feed}/deliveries/{delivery_id}/acceptance", "identification", "comparisons:make"
    ),
    _post("/feeds/{feed}/empty-deliveries", "identification", "feeds:deliver", kinds=SENDERS),
    _post("/feeds/{feed}/chunked-deliveries", "identification", "feeds:deliver", kinds=SENDERS),
    _post(
        "/feeds/{feed}/chunked-deliveries/{delivery_id}/chunks/{number}",
        "identification",
        "feeds:deliver",
        kinds=SENDERS,
        per_minute=MANY,
        body_bytes_max=4 * MEGABYTE,
    ),
    _post(
        "/feeds/{feed}/chunked-deliveries/{delivery_id}/closing",
        "identification",
        "feeds:deliver",
        kinds=SENDERS,
    ),
    _post("/comparisons", "identification", "comparisons:make"),
    _get("/comparisons", "identification", "comparisons:make", "feeds:read"),
    _get("/comparisons/{comparison_id}", "identification", "comparisons:make", "feeds:read"),
    _get(
        "/comparisons/{comparison_id}/feeds/{feed}/{side}",
        "identification",
        "comparisons:make",
        "feeds:read",
        per_minute=60,
    ),
    _get(
        "/comparisons/{comparison_id}/batches/{batch}",
        "identification",
        "comparisons:make",
        "feeds:read",
        per_minute=60,
    ),
    _get("/alerts", "identification", *ALERTS, per_minute=200),
    _get("/alerts/{alert_id}", "identification", *ALERTS),
    _post("/alerts/{alert_id}/acts/{act}", "identification", *ALERTS),
    _post("/alerts/{alert_id}/papers", "identification", *ANSWERERS, body_bytes_max=PAPER),
    _get("/alerts/{alert_id}/papers/{paper_id}", "identification", *ALERTS),
)
BENEFITS: Final = (
    _get(
        "/rosters/{roster_id}/learned",
        "benefits",
        "runs:read",
        internal="/learned/rosters/{roster_id}",
    ),
    _post("/runs", "benefits", "runs:make"),
    _get("/runs", "benefits", "runs:read"),
    _get("/runs/{run_id}", "benefits", "runs:read"),
    _post("/runs/{run_id}/recalculation", "benefits", "runs:make"),
    _post("/runs/{run_id}/signatures", "benefits", "runs:make", "runs:check"),
    _get("/runs/{run_id}/lines", "benefits", "lines:read"),
    _get("/runs/{run_id}/changes", "benefits", "runs:read"),
    _get("/runs/{run_id}/holds", "benefits", "runs:read"),
    _get("/runs/{run_id}/recoveries", "benefits", "runs:read"),
    _get("/runs/{run_id}/application", "benefits", "runs:read"),
    _get("/recoveries/{recovery_id}", "benefits", "runs:read"),
    _post("/recoveries/{recovery_id}/decisions", "benefits", "recoveries:decide"),
    _post("/months-due", "benefits", "runs:make"),
    _post(
        "/held-sums/{hold_id}/release", "benefits", "runs:make", internal="/holds/{hold_id}/release"
    ),
    _get("/beneficiaries/{beneficiary_id}/lines", "benefits", "lines:read"),
    _get("/lines", "benefits", "lines:read"),
    _get("/deaths/{year}", "benefits", "lines:read", per_minute=60),
    _get("/lines/{line_id}", "benefits", "lines:read"),
    _get("/lines/{line_id}/workings", "benefits", "lines:read"),
    _get("/villages/{village}/months/{pay_month}", "benefits", "lines:read"),
    _get("/months/{pay_month}/granted", "benefits", "runs:read", internal="/months/{pay_month}"),
)
SIGNERS: Final = ("payouts:make", "payouts:check", "payouts:release")
PAYMENTS: Final = (
    _post("/appropriations", "payments", "funds:record"),
    _get("/funds", "payments", "funds:read"),
    _get("/reserves", "payments", "funds:read", "reserves:read"),
    _post("/reserves/{town}/receipts", "payments", "funds:record"),
    _post("/reserves/{town}/replenishments", "payments", "funds:record"),
    _post("/reserves/{town}/returns", "payments", "funds:record"),
    _get("/freeze", "payments", "payouts:read"),
    _post("/freeze", "payments", "payouts:check", "payouts:release"),
    _post("/unfreeze", "payments", "payouts:release"),
    _post("/envelopes", "payments", "payouts:make"),
    _get("/envelopes", "payments", "payouts:read"),
    _get("/envelopes/{envelope_id}", "payments", "payouts:read"),
    _post("/envelopes/{envelope_id}/check", "payments", "payouts:check"),
    _post("/envelopes/{envelope_id}/release", "payments", "payouts:release"),
    _post("/envelopes/{envelope_id}/void", "payments", *SIGNERS),
    _get("/results/{result_id}", "payments", "settlements:read"),
    _get("/months/{pay_month}/orders", "payments", "payouts:read"),
    _get("/owed-back", "payments", "payouts:read"),
    _post("/owed-back/{recovery_id}/receipts", "payments", "funds:record"),
    _get("/holds", "payments", "payouts:read"),
    _post("/holds/{number}/release", "payments", "payouts:make", "payouts:check"),
    _get("/failures", "payments", "payouts:read"),
    _post("/payees/{beneficiary_id}/account", "payments", "accounts:write", per_minute=MANY),
    _get("/accounts/{account_id}", "payments", "accounts:write", "payouts:check", per_minute=200),
    _post(
        "/accounts/{account_id}/verification",
        "payments",
        "accounts:write",
        "payouts:check",
        per_minute=MANY,
    ),
    _post("/barred-accounts", "payments", "accounts:write"),
    _post("/reissues", "payments", "payouts:make"),
    _get("/beneficiaries/{beneficiary_id}/payments", "payments", "payouts:read"),
    _get("/months/{pay_month}/paid", "payments", "payouts:read", internal="/months/{pay_month}"),
    _post("/months/{pay_month}/proof", "payments", "proofs:record"),
)
NOTIFICATIONS: Final = (
    _get(
        "/months/{pay_month}/messages", "notifications", "runs:read", internal="/months/{pay_month}"
    ),
    _get("/people/{person_id}/inbox", "notifications", "people:read", per_minute=200),
)
BANKS: Final = (
    _get("/bank/envelopes", "payments", "bank:fetch", kinds=PARTNERS),
    _get("/bank/envelopes/{envelope_id}/file", "payments", "bank:fetch", kinds=PARTNERS),
    _get("/bank/envelopes/{envelope_id}/manifest", "payments", "bank:fetch", kinds=PARTNERS),
    _get("/bank/envelopes/{envelope_id}/signature", "payments", "bank:fetch", kinds=PARTNERS),
    _post("/bank/results", "payments", "bank:answer", kinds=PARTNERS, body_bytes_max=RESULT),
    _get(
        "/bank/results/{result_id}",
        "payments",
        "bank:answer",
        internal="/results/{result_id}",
        kinds=PARTNERS,
    ),
)

AUDITS: Final = tuple(
    _get(f"/audit-logs/{service}", service, "audit:read", internal="/audit-log", per_minute=60)
    for service in ("identification", "benefits", "payments", "notifications")
)

TABLE: Final = Table(
    [
        *IDENTIFICATION,
        *EXCHANGE,
        *LOW_INCOME,
        *LEADS,
        *COMPARISON,
        *CITIZENS_OWN,
        *BENEFITS,
        *PAYMENTS,
        *NOTIFICATIONS,
        *BANKS,
        *AUDITS,
    ],
    BLANKS,
)
