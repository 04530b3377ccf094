"""The HTTP face: scopes, keys, pages, and words that are refused."""

from typing import Any

from services.benefits import stages
from services.benefits.models import RunStatus
from shared.callers import Caller
from shared.contracts.benefits import Line
from shared.contracts.digest import ListDigest
from tests.benefits.county import CountyBenefits
from tests.benefits.makers import (
    LI_QIANG,
    PAYMENTS,
    WANG_FANG,
    a_household,
    a_person,
    citizen,
    staff,
    uuid,
)

OCTOBER_RUN = {"family": "livelihood", "pay_month": "2026-10", "kind": "regular", "sequence": 1}


async def post(
    benefits: CountyBenefits, caller: Caller, path: str, words: object, key: str
) -> tuple[int, dict[str, object]]:
    """One POST, with its key."""
    async with benefits.door(caller) as door:
        answer = await door.post(path, json=words, headers={"Idempotency-Key": key})
    return answer.status_code, answer.json()


async def get(benefits: CountyBenefits, caller: Caller, path: str) -> tuple[int, dict[str, object]]:
    """One GET."""
    async with benefits.door(caller) as door:
        answer = await door.get(path)
    return answer.status_code, answer.json()


async def test_a_month_goes_through_the_door(benefits: CountyBenefits) -> None:
    await benefits.learn(*(a_household() for _ in range(5)), a_household(income_fen=None))
    status, opened = await post(benefits, WANG_FANG, "/runs", OCTOBER_RUN, "open-october-1")
    assert (status, opened["status"]) == (201, "opened")
    status, again = await post(benefits, WANG_FANG, "/runs", OCTOBER_RUN, "open-october-2")
    assert (status, again["id"]) == (200, opened["id"])
    async with benefits.database.transaction() as session:
        of = await stages.get(session, uuid(str(opened["id"])))
    of = await benefits.work(of)
    path = f"/runs/{of.id}"
    _, page = await get(benefits, LI_QIANG, path)
    assert (page["status"], page["lines_count"]) == ("calculated", 5)
    assert page["holds"] == {"count": 1, "reasons": {"unknown-income_fen_monthly": 1}}
    for caller, role in ((WANG_FANG, "maker"), (LI_QIANG, "head")):
        words = {"role": role, "list_sha256": page["list_sha256"]}
        status, signed = await post(benefits, caller, f"{path}/signatures", words, f"{role}-1234")
        assert status == 200
    assert signed["status"] == RunStatus.CLOSED
    _, holds = await get(benefits, LI_QIANG, f"{path}/holds")
    items = holds["items"]
    assert isinstance(items, list)
    assert items[0]["words"]["zh"]
    status, asked = await get(benefits, LI_QIANG, f"{path}/application")
    assert (status, asked["total_fen"]) == (200, 5 * 19000)
    status, month = await get(benefits, WANG_FANG, "/months/2026-10")
    assert month["granted"] == {"count": 5, "total_fen": 5 * 19000}
    named = month["standards"]
    assert isinstance(named, dict)
    assert {name: each["fen"] for name, each in named.items()} == {"urban": 37000, "rural": 19000}


async def test_payments_fetches_the_list_in_pages_whose_hash_is_the_runs(
    benefits: CountyBenefits,
) -> None:
    await benefits.learn(*(a_household() for _ in range(7)))
    of = await benefits.pay()
    digest, total_fen, after = ListDigest(), 0, ""
    while True:
        query = f"/runs/{of.id}/lines?limit=3{after}"
        _, page = await get(benefits, PAYMENTS, query)
        items = page["items"]
        assert isinstance(items, list)
        for item in items:
            total_fen += Line.model_validate(item).amount_fen
            digest.add(item)
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert (digest.count, total_fen) == (7, of.total_fen)
    assert digest.hexdigest() == of.list_sha256


async def test_each_caller_is_kept_to_its_scopes(benefits: CountyBenefits) -> None:
    stranger = staff("he.ping", "people:read")
    run = {"role": "maker", "list_sha256": "0" * 64}
    nowhere = "/runs/01a202b3-9c56-715f-95cd-381a2c9a00ac"
    for status, _ in (
        await post(benefits, LI_QIANG, "/runs", OCTOBER_RUN, "open-by-head"),
        await post(benefits, stranger, f"{nowhere}/signatures", run, "sign-by-stranger"),
        await get(benefits, stranger, "/runs"),
        await get(benefits, stranger, f"{nowhere}/lines"),
        await get(benefits, stranger, "/months/2026-10"),
    ):
        assert status == 403
    status, _ = await get(benefits, LI_QIANG, nowhere)
    assert status == 404


async def test_the_list_of_runs_says_what_one_may_be_opened_for(benefits: CountyBenefits) -> None:
    _, found = await get(benefits, LI_QIANG, "/runs")
    families: Any = found["families"]
    named = {each["code"]: each["zh"] for each in families}
    assert named == {
        "livelihood": "基本生活救助", "disability": "残疾人两项补贴", "old_age": "高龄津贴",
        "temporary": "临时救助",
    }  # fmt: skip
    for family in named:
        kind = "one-off" if family == "temporary" else "regular"
        wanted = {**OCTOBER_RUN, "family": family, "kind": kind}
        status, _ = await post(benefits, WANG_FANG, "/runs", wanted, f"open-{family}")
        assert status == 201


async def test_words_that_are_no_run_are_refused_by_name(benefits: CountyBenefits) -> None:
    for wrong in (
        {**OCTOBER_RUN, "pay_month": "2026-13"},
        {**OCTOBER_RUN, "kind": "one-off"},
        {**OCTOBER_RUN, "sequence": 0},
        {**OCTOBER_RUN, "status": "closed"},
        {**OCTOBER_RUN, "family": "winter-coal"},
    ):
        status, problem = await post(
            benefits, WANG_FANG, "/runs", wrong, f"wrong-{len(str(wrong))}"
        )
        assert status == 422, problem
    assert benefits.rows("SELECT * FROM run") == []


async def test_the_same_key_with_other_words_is_refused(benefits: CountyBenefits) -> None:
    await post(benefits, WANG_FANG, "/runs", OCTOBER_RUN, "one-key-only")
    other = {**OCTOBER_RUN, "pay_month": "2026-11"}
    status, _ = await post(benefits, WANG_FANG, "/runs", other, "one-key-only")
    assert status == 422
    assert len(benefits.rows("SELECT * FROM run")) == 1


async def test_a_citizen_reads_their_own_lines_and_no_lists(benefits: CountyBenefits) -> None:
    person = a_person()
    await benefits.learn(a_household(person), a_household())
    of = await benefits.pay()
    me = citizen(person["person_id"])
    _, own = await get(benefits, me, f"/beneficiaries/{person['person_id']}/lines")
    items = own["items"]
    assert isinstance(items, list)
    assert len(items) == 1
    status, told = await get(benefits, me, f"/lines/{items[0]['line_id']}/workings")
    assert (status, told["amount_fen"]) == (200, 19000)
    status, _ = await get(benefits, me, f"/runs/{of.id}/lines")
    assert status == 403


async def test_months_are_marked_due_with_the_paper_that_names_them(
    benefits: CountyBenefits,
) -> None:
    await benefits.learn(a_household())
    await benefits.pay("2026-10")
    words = {
        "family": "livelihood",
        "first": "2026-10",
        "last": "2026-10",
        "cause": "standard-with-earlier-effect",
        "paper": "notice 2026-12 art. 3",
    }
    status, marked = await post(benefits, WANG_FANG, "/months-due", words, "mark-october")
    assert (status, marked) == (201, {"marked": 1})
    status, _ = await post(
        benefits, WANG_FANG, "/months-due", {**words, "cause": "late-death"}, "mark-by-death"
    )
    assert status == 422
