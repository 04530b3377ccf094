"""Whose money goes to which account: asked for in a change, known to payments, then decided.

An account's number passes through to payments and is kept nowhere here: the case goes on with the
account's id, its bank and its last four digits. What was decided leaves with the decision itself.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from services.identification import decisions, id_numbers, people
from services.identification.casework import care, fit_guardians, guardians
from services.identification.casework.foresight import NoLongerThere
from services.identification.casework.homes import Home
from services.identification.casework.households import living
from services.identification.casework.standing import Standing
from services.identification.casework.tools import Tools
from services.identification.desk import Desk
from services.identification.grammar.asking import read_as
from services.identification.grammar.history import Done
from services.identification.models import Holder
from shared.contracts.identification import PayeeDecided
from shared.contracts.payments import AccountOffered
from shared.database import new_id, run
from shared.months import Month
from shared.outbox import announce
from shared.problems import Conflict

CARD: Final = "card"
GUARDIAN: Final = "guardian"
HOME: Final = "care-home"
REQUESTS: Final = (CARD, GUARDIAN, HOME)
HOUSEHOLD: Final = "household"
INSTITUTION: Final = "institution"


class NobodysWard(Conflict):
    """A guardian is paid for a minor or an incapable person; this one is not known to be either."""


class HeadIsNoWard(Conflict):
    """The household's money goes to a guardian only where its head is the ward."""


class NotInThatHome(Conflict):
    """A home is paid for whoever is cared for in one by the last decision, or moves into that one
    by the same case."""


async def offer_account(desk: Desk, at: Standing) -> Mapping[str, Any]:
    """The account is made known to payments; of its number four digits stay here.

    Raises:
        NobodysWard, HeadIsNoWard, GuardianUnfit: a guardian of theirs, or this one, is not paid.
        NotInThatHome: a home is not paid for them.
        ActNotUnderstood: no bank's account looks like that.
        SpokenByPeer: payments knows the number as another's, or as one its bank refused.
        PeerUnavailable: payments is away; nothing was written, and it can be said again.
    """
    assert desk.payments is not None, "only a process that knows payments does this"
    words = at.words
    await _insist_on_who_receives(desk, at, words)
    holder_id = await _holder(desk, at)
    with read_as("account_number"):
        offered = AccountOffered(
            beneficiary_kind=_beneficiary_kind(words),
            holder_id=holder_id,
            holder_kind=INSTITUTION if "home" in words else "person",
            holder_name=_pays_through(words) or name_of(at, str(words["person_key"])),
            bank=words["bank"],
            account_number="".join(str(words["account_number"]).split()),
            account_kind=words.get("account_kind", CARD),
        )
    path = f"/payees/{_beneficiary(at, words)}/offers"
    known = await desk.payments.post(path, offered.model_dump(mode="json"), key=str(new_id()))
    now = known["now"] or {}
    stood = {"account_before": now.get("account_id"), "relation_before": now.get("relation")}
    return {
        **{name: said for name, said in stood.items() if said},
        "account_id": known["account_id"],
        "bank": known["bank_name"],
        "account_number": _masked(known["last4"]),
        "before": known["now"] and f"{known['now']['bank_name']} {_masked(known['now']['last4'])}",
    }


async def insist(tools: Tools, at: Standing, own: Home) -> None:
    """Whose account it is, or whose guardian is paid, lives in the household once it is decided.

    Raises:
        NoLongerThere: they left or died, since they were named or by the same case.
        NobodysWard, HeadIsNoWard: they need no guardian any more.
        GuardianUnfit: the guardian died, or is another by the register.
        NotInThatHome: they are not cared for there any more.
    """
    assert own.household is not None, "a change is about a household of the register"
    live_here = {person.id for person, _ in await living(tools.session, own.household.id)}
    left = live_here - {person.id for _, person, _ in own.goes}
    if any(UUID(str(each.words["person_key"])) not in left for each in _asked(at)):
        raise NoLongerThere()
    for each in _asked(at):
        await _insist_on_who_receives(tools, at, each.words)


async def decide_payees(tools: Tools, at: Standing, from_month: Month) -> None:
    """Whoever was asked to be paid otherwise is, from a month on: said once, with the decision."""
    for each in _asked(at):
        account_id = UUID(str(each.words["account_id"]))
        await _say(tools, at, each, from_month, account_id=account_id, relation=_relation(each))


async def put_back(tools: Tools, at: Standing) -> bool:
    """Money that the decision that stands led elsewhere goes where it went before, from the same
    month on, and nowhere where no account worked before; whether there was any."""
    if at.decided is None or "from_month" not in at.decided.words:
        return False
    from_month = Month.parse(str(at.decided.words["from_month"]))
    led = list(_asked(at))
    for each in led:
        before, after = each.words.get("account_before"), UUID(str(each.words["account_id"]))
        words = {"account_id": before and UUID(str(before)), "instead_of": after}
        relation = each.words.get("relation_before", _relation(each))
        await _say(tools, at, each, from_month, **words, relation=relation)
    return bool(led)


def shown(at: Standing) -> list[dict[str, Any]]:
    """What would change of where money goes, as its readers see it: banks and four digits."""
    return [
        {
            "whose": None if _beneficiary_kind(each.words) == HOUSEHOLD
            else name_of(at, str(each.words["person_key"])),
            "guardian": each.words.get("guardian_name"),
            "home": each.words.get("home"),
            "before": each.words.get("before"),
            "after": f"{each.words['bank']} {each.words['account_number']}",
        }
        for each in _asked(at)
    ]  # fmt: skip


async def _insist_on_who_receives(tools: Tools, at: Standing, words: Mapping[str, Any]) -> None:
    """A guardian receives a ward's money, and a home that of whoever is cared for there."""
    if not {"guardian_name", "home"} & words.keys():
        return
    assert at.case.household_id is not None, "a change is about a household of the register"
    last = await decisions.last(tools.session, tools.keys, at.case.household_id)
    members = {each["person_id"]: each["facts"] for each in last["members"]} if last else {}
    facts = members.get(str(words["person_key"]), {})
    if "guardian_name" in words:
        _insist_on_a_ward(at, words, facts)
        await fit_guardians.insist(tools, at, words)
    elif not care.lives_in_the_home(at, words, facts):
        raise NotInThatHome()


def _insist_on_a_ward(at: Standing, words: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    """A guardian stands in for a ward, and for the household only as its head's guardian."""
    key = str(words["person_key"])
    ward = next((each for each in at.application.members if each.key == key), None)
    if ward is None or not guardians.is_ward(ward, facts, "ruling" in words, at.today):
        raise NobodysWard()
    if _beneficiary_kind(words) == HOUSEHOLD and ward is not at.application.head:
        raise HeadIsNoWard()


async def _say(tools: Tools, at: Standing, asked: Done, from_month: Month, **account: Any) -> None:
    """Say once where a payee's money goes from a month on."""
    event = PayeeDecided(
        county=at.case.county,
        occurred_at=tools.now,
        case_id=at.case.id,
        receipt=at.case.receipt,
        beneficiary_kind=_beneficiary_kind(asked.words),
        beneficiary_id=_beneficiary(at, asked.words),
        from_month=from_month,
        **account,
    )
    await announce(tools.session, event)


def _relation(asked: Done) -> str:
    """By what right whoever was asked for is paid."""
    if asked.act in {GUARDIAN, HOME}:
        return GUARDIAN if asked.act == GUARDIAN else INSTITUTION
    return HOUSEHOLD if _beneficiary_kind(asked.words) == HOUSEHOLD else "self"


def _beneficiary_kind(words: Mapping[str, Any]) -> str:
    """The household's money, or one's own; a home receives what is their own."""
    return HOUSEHOLD if words.get("pays") == HOUSEHOLD else "person"


def _pays_through(words: Mapping[str, Any]) -> str | None:
    """The guardian or the home whose account it is, where it is not their own."""
    through = words.get("guardian_name") or words.get("home")
    return None if through is None else str(through)


def _asked(at: Standing) -> Iterator[Done]:
    """The last request for each payee since it was begun anew."""
    asked = {
        _beneficiary(at, each.words): each
        for each in at.since("start-over")
        if each.act in REQUESTS
    }
    yield from asked.values()


def _beneficiary(at: Standing, words: Mapping[str, Any]) -> UUID:
    """Whose money it is: the household's as one, or one member's own."""
    assert at.case.household_id is not None, "a change is about a household of the register"
    if _beneficiary_kind(words) == HOUSEHOLD:
        return at.case.household_id
    return UUID(str(words["person_key"]))


def asked_for(at: Standing, beneficiary_id: UUID) -> Done | None:
    """The request by which a payee's money was led elsewhere."""
    return next((e for e in _asked(at) if _beneficiary(at, e.words) == beneficiary_id), None)


def name_of(at: Standing, key: str) -> str:
    """Their name; who left the household meanwhile is told by their key."""
    return next((each.name for each in at.application.members if each.key == key), key)


async def _holder(desk: Desk, at: Standing) -> UUID:
    """Whose account it is: a member's, or of a guardian or home that may be of no household."""
    words = at.words
    if "home" in words:
        with read_as("home_number"):
            code = _credit_code(str(words["home_number"]))
        index = desk.keys.blind_index(code, column=people.INDEX_COLUMN)
        return await _stranger(desk, at.case.county, INSTITUTION, words["home"], code, index)
    number = words.get("guardian_number")
    if number is None:
        return UUID(str(words["person_key"]))
    known = await people.resolve(desk.session, desk.keys, at.case.county, number)
    if known is not None:
        return known
    index, name = people.index_of(desk.keys, number), words["guardian_name"]
    return await _stranger(desk, at.case.county, "person", name, number, index)


async def _stranger(
    desk: Desk, county: str, kind: str, name: str, number: str, index: bytes
) -> UUID:
    """Somebody who is not of the register, under one id for good."""
    holder_id = new_id()
    row = {
        "county": county,
        "id": holder_id,
        "kind": kind,
        "name": name,
        "number_sealed": desk.keys.encrypt(
            number, table="holder", column="number_sealed", row=holder_id
        ),
        "number_index": index,
    }
    await run(desk.session, insert(Holder).on_conflict_do_nothing(), [row])
    statement = select(col(Holder.id)).where(
        col(Holder.county) == county, col(Holder.number_index) == index
    )
    return (await desk.session.exec(statement)).one()


def _credit_code(text: str) -> str:
    """The unified social credit code of a home.

    Raises:
        ValueError: it is none.
    """
    code = text.strip().upper()
    if not id_numbers.is_credit_code(code):
        raise ValueError("no home has such a code")
    return code


def _masked(last4: str) -> str:
    return f"•••• {last4}"
