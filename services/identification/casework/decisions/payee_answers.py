"""Where payments says the money of decided payees goes; and whose does not go there, to be mended.

Each payee has one answer, the last. It is mended by another change, whose own answer takes the
place of this one; or by an account that payments verified by hand.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.identification import areas
from services.identification.casework import queues, telling
from services.identification.casework.decisions import payees
from services.identification.casework.paths import all_paths
from services.identification.casework.reading import standings
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.grammar.acts import Words
from services.identification.models import CaseFile, PayeeAnswer
from services.identification.place_settings import PlaceSettings
from shared import audit
from shared.callers import Caller, Kind
from shared.contracts.identification import Happened
from shared.contracts.payments import PayeeAnswered, PayeeOutcome
from shared.database import run
from shared.months import civil_date
from shared.outbox import once

CONSUMER: Final = "identification-payee-answers"
CHANGE: Final = "change"
LISTED_MAX: Final = 2_000
NOT_PAID_TO: Final[Mapping[PayeeOutcome, Words]] = {
    PayeeOutcome.ACCOUNT_REFUSED: Words(
        "开户银行不认这个账户（账号不对、户名不符等），定下的卡收不到钱",
        "the bank refuses the account that was decided: a wrong number, another's name",
    ),
    PayeeOutcome.ACCOUNT_CLOSED: Words(
        "定下的账户已经销户，收不到钱", "the account that was decided is closed"
    ),
    PayeeOutcome.NOWHERE: Words(
        "换卡的决定撤销了，此前又没有能用的账户，没有账户可发",
        "the decision was undone, and no account worked before it",
    ),
}
"""What keeps money from where a case decided, in words; any other answer is no work for anybody."""


@once(CONSUMER)
async def hear(session: AsyncSession, context: Any, event: PayeeAnswered) -> None:
    """Keep the last answer about a payee; whoever asked is told where money does not go as decided.

    Without a case it is about a payee that a case decided before, or about nobody known here.
    """
    before = await session.get(PayeeAnswer, event.beneficiary_id, with_for_update=True)
    case_id = event.case_id or (before.case_id if before else None)
    if case_id is None or (before is not None and before.answered_at > event.occurred_at):
        return
    said = {
        "county": event.county,
        "case_id": case_id,
        "outcome": event.outcome.value,
        "paid_meanwhile": event.paid_meanwhile,
        "answered_at": event.occurred_at,
    }
    row = insert(PayeeAnswer).values(beneficiary_id=event.beneficiary_id, **said)
    await run(session, row.on_conflict_do_update(index_elements=["beneficiary_id"], set_=said))
    await audit.record(
        session,
        event.county,
        actor="payments",
        act=f"payee-{event.outcome.value}",
        subject=str(case_id),
        details={"beneficiary": str(event.beneficiary_id)},
    )
    if event.outcome in NOT_PAID_TO:
        now, today = context.clock.now(), context.clock.today()
        settings = PlaceSettings.read(context.settings.casework_file)
        own = Caller("payments", Kind.SERVICE, event.county, areas=(event.county,))
        desk = Desk(session, context.keys, settings, own, now, today)
        await _tell(desk, case_id, event.beneficiary_id)


async def of_case(desk: Desk, at: Standing) -> list[dict[str, Any]]:
    """What keeps money from where this case decided, payee by payee."""
    statement = select(PayeeAnswer).where(
        col(PayeeAnswer.case_id) == at.case.id, col(PayeeAnswer.outcome).in_(NOT_PAID_TO)
    )
    found = await desk.session.exec(statement.order_by(col(PayeeAnswer.beneficiary_id)))
    return [_shown(at, answer) for answer in found]


async def not_taken(desk: Desk, area: str | None) -> dict[str, Any]:
    """Payees of the caller's areas whose money does not go where a case decided, the oldest first:
    why, where it goes meanwhile, and the change that mends it, or the one that is open already."""
    statement = (
        select(PayeeAnswer, CaseFile)
        .join(CaseFile, col(CaseFile.id) == col(PayeeAnswer.case_id))
        .where(
            col(PayeeAnswer.outcome).in_(NOT_PAID_TO),
            queues.visible(desk.caller),
            areas.within([area or desk.caller.county], col(CaseFile.village)),
        )
        .order_by(col(PayeeAnswer.answered_at), col(PayeeAnswer.beneficiary_id))
        .limit(LISTED_MAX)
    )
    found = (await desk.session.exec(statement)).all()
    cases = {each.case.id: each for each in await standings(desk, [case for _, case in found])}
    mended_in = await _changes_open(desk, [case.household_id for _, case in found])
    path = all_paths()[CHANGE]
    return {
        "mended_by": path.acts[payees.CARD].words.both(),
        "items": [
            {
                **_shown(cases[case.id], answer),
                "case": queues.row(case, desk.today),
                "household_id": str(case.household_id),
                "mended_in": mended_in.get(case.household_id),
            }
            for answer, case in found
        ],
    }


def _shown(at: Standing, answer: PayeeAnswer) -> dict[str, Any]:
    outcome = PayeeOutcome(answer.outcome)
    whose = answer.beneficiary_id
    return {
        "beneficiary_id": str(whose),
        "whose": None if whose == at.case.household_id else payees.name_of(at, str(whose)),
        "outcome": outcome.value,
        "words": NOT_PAID_TO[outcome].both(),
        "paid_meanwhile": answer.paid_meanwhile,
        "answered_on": civil_date(answer.answered_at).isoformat(),
    }


async def _changes_open(
    desk: Desk, household_ids: list[UUID | None]
) -> dict[UUID | None, dict[str, str]]:
    """By household, a change in which another account is asked for, and that is not decided yet."""
    statement = select(CaseFile).where(
        col(CaseFile.category) == CHANGE,
        col(CaseFile.household_id).in_({each for each in household_ids if each is not None}),
        col(CaseFile.closed_at).is_(None),
        queues.visible(desk.caller),
    )
    return {
        case.household_id: {"case_id": str(case.id), "receipt": case.receipt}
        for case in await desk.session.exec(statement.order_by(col(CaseFile.id)))
    }


async def _tell(desk: Desk, case_id: UUID, beneficiary_id: UUID) -> None:
    """Whoever was told that another account was asked for hears that it is not paid to."""
    case = await desk.session.get_one(CaseFile, case_id)
    (at,) = await standings(desk, [case])
    asked = payees.asked_for(at, beneficiary_id)
    if asked is not None:
        await telling.tell(desk, replace(at, acts=[*at.acts, asked]), Happened.PAYEE_NOT_TAKEN)
