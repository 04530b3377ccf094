"""What nobody needs any more goes on its day, and never while something still stands on it."""

from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from services.identification import reaching
from services.identification.comparison import deliveries
from services.identification.place_settings import PlaceSettings
from services.identification.retention.kinds import all_kinds
from services.identification.retention.sweeping import sweep
from services.payments.checks import standing
from shared import idempotency
from tests.identification.caseworkers import (
    CHEN_HONG,
    Walk,
    a_known_household,
    an_application,
    later,
    staff,
)
from tests.identification.citizens import Phone, admitted
from tests.identification.devices import Device
from tests.identification.ledgers import Ledger
from tests.identification.lists import (
    AS_OF,
    MAKER,
    MONTH,
    a_register,
    agency,
    alerts,
    compared,
    delivered,
    work,
)
from tests.identification.makers import VILLAGE, id_number
from tests.identification.province import SUN_YU, a_list, bring, brought, post
from tests.identification.register import Register
from tests.identification.test_calls import SUN_YAN, answered
from tests.identification.test_discovery import LIN_HAI, found
from tests.identification.test_exchange import a_warning
from tests.identification.test_people_lists import a_file, a_pupil, accept
from tests.identification.test_people_lists import bring as bring_people

HE_PING = staff("he-ping", {"audit:read"}, "511425")


async def swept(register: Register, *kinds: str) -> dict[str, int]:
    """Sweep now; how many went of these kinds."""
    settings, context = PlaceSettings.read(), register.app.state.context
    return {
        each.name: await sweep(context, settings, each)
        for each in all_kinds()
        if each.name in kinds
    }


async def shown(register: Register, kind: str) -> dict[str, Any]:
    """What the page says of a kind."""
    items = (await register.get("/retention", HE_PING)).json()["items"]
    found: dict[str, Any] = next(each for each in items if each["kind"] == kind)
    return found


def files_of(register: Register, folder: str) -> list[Path]:
    """What lies in a folder of the process."""
    return [path for path in (register.settings.files_dir / folder).rglob("*") if path.is_file()]


async def test_an_application_nobody_hands_in_goes_whole_and_one_that_was_stays(
    register: Register,
) -> None:
    handed_in = await Phone(register, await admitted(register)).written()
    assert (await handed_in.paper("id-card")).status_code == 201
    left = await Phone(register, await admitted(register, 3, "13900001235")).begin("tekun")
    await left.say("home", registration="rural", address="柳溪村3组")
    assert (await left.paper("id-card", b"\xff\xd8\xff a photo")).status_code == 201
    await accept(register, await bring_people(register, a_file(a_pupil(5))))
    later(register, 29)
    assert await swept(register, "drafts") == {"drafts": 0}
    waits = await shown(register, "drafts")
    assert (waits["held"], waits["kept_days"], waits["next_goes_on"]) == (1, 30, "2026-10-25")
    later(register, 1)
    assert await swept(register, "drafts") == {"drafts": 1}
    assert (await register.get(left.path, left.caller)).status_code == 404
    folders = {path.parent.name for path in files_of(register, "documents")}
    assert folders == {handed_in.case["case_id"]}
    left_over = register.rows("SELECT channel FROM case_file ORDER BY channel")
    assert [each["channel"] for each in left_over] == ["own", "school"]
    (said,) = register.audited("kept-days-over")
    assert said["subject"] == "drafts"
    assert said["details"] == {"count": 1, "kept_days": 30, "ids": [left.case["case_id"]]}
    nameless = "UPDATE audit SET details = details - 'ids' WHERE act = 'kept-days-over'"
    with psycopg.connect(register.database.owner_url, row_factory=dict_row) as owner:
        assert list(standing.owners(owner)) == []
        owner.execute(nameless)  # As an older sweep said it.
        assert list(standing.owners(owner)) == []
        owner.execute("DELETE FROM audit WHERE act = 'kept-days-over'")
        (gone_whole,) = standing.owners(owner)
        owner.rollback()
    assert gone_whole.code == "history-gone"
    assert left.case["case_id"] in gone_whole.says
    gone = await shown(register, "drafts")
    assert (gone["held"], gone["gone"], gone["last_went_on"]) == (0, 1, "2026-10-25")


@pytest.mark.shows("S15")
async def test_a_draft_that_somebody_who_was_found_is_to_be_helped_by_stays(
    register: Register,
) -> None:
    await a_known_household(register, "h-1", 11)
    warned = a_warning("W1", 12, kind="new-hardship", village=VILLAGE)
    await brought(register, "warnings", a_list("warnings", [warned]))
    written = await Walk(register).open()
    await written.do(CHEN_HONG, "write", application=an_application())
    nobodys = await Walk(register).open()
    leads = Ledger(register, "lead")
    (leads.entry,) = (await register.get("/registers/lead", LIN_HAI)).json()["items"]
    kept = [written.path, await _opened(leads)]
    village = ("village", VILLAGE)
    visit = await Ledger(register, "lead").open(LIN_HAI, about=village, **found(name="李伟"))
    assert await _opened(visit) == written.path, "the lead goes on with what is being written"
    call = await answered(register)
    asked = {"programme": "temporary", "village": VILLAGE, "id_number": id_number(5)}
    done = await call.do(SUN_YAN, "open-case", **asked)
    kept.append(f"/cases/{done['history'][-1]['words']['case_id']}")
    later(register, 31)
    assert await swept(register, "drafts") == {"drafts": 1}
    assert [(await register.get(each, LIN_HAI)).status_code for each in kept] == [200] * 3
    assert (await register.get(nobodys.path, LIN_HAI)).status_code == 404


async def _opened(lead: Ledger) -> str:
    """The path of the application a lead leads to."""
    await lead.look(LIN_HAI)
    await lead.do(LIN_HAI, "contact", contacted_on="2026-09-25", findings="属实")
    opened = await lead.do(LIN_HAI, "open-application")
    return f"/cases/{opened['history'][-1]['words']['case_id']}"


async def test_who_applied_for_nothing_is_forgotten_and_whoever_carries_messages_is_told(
    register: Register,
) -> None:
    came = await admitted(register, 1)
    wrote = await Phone(register, await admitted(register, 3, "13900001235")).written()
    left = await Phone(register, await admitted(register, 4, "13900001236")).begin()
    await _handed_on(register)
    later(register, 20)
    assert (await admitted(register, 1)).person == came.person
    later(register, 29)
    assert await swept(register, "drafts", "applicants") == {"drafts": 1, "applicants": 1}
    later(register, 1)
    assert await swept(register, "applicants") == {"applicants": 1}
    (stays,) = register.rows("SELECT id FROM applicant")
    assert str(stays["id"]) == wrote.caller.person
    said = register.told("applicants-forgotten")
    forgotten = [each["body"]["applicant_ids"] for each in said]
    assert forgotten == [[left.caller.person], [came.person]]
    again = await admitted(register, 1)
    assert again.person != came.person, "whoever comes again is somebody new"
    assert await swept(register, "applicants") == {"applicants": 0}


async def _handed_on(register: Register) -> None:
    while register.rows("SELECT FROM applicant WHERE handed_on_at IS NULL"):
        await reaching.hand_on(register.app.state.context)


async def test_the_database_takes_nothing_away_that_was_handed_in(register: Register) -> None:
    walk = await Walk(register).accepted()
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege, match="no draft")
    with psycopg.connect(register.database.runtime_url) as runtime, refused:
        runtime.execute("SELECT forget_drafts(ARRAY[%s]::uuid[])", [walk.case["case_id"]])
    with psycopg.connect(register.database.reader_url) as reader, pytest.raises(psycopg.Error):
        reader.execute("SELECT forget_drafts('{}')")


async def test_keyed_rows_and_people_stay_while_an_alert_stands_on_them(
    register: Register,
) -> None:
    await a_register(register)
    await delivered(register, "deaths", (id_number(2), "2026-09-02"))
    first = await compared(register)
    later(register, 30)
    newer = {"month": "2026-11", "as_of": "2026-10-24"}
    await delivered(register, "deaths", (id_number(2), "2026-09-02"), **newer)
    await compared(register, "2026-11")
    later(register, 401)
    kinds = ("keyed-lists", "compared-people")
    assert await swept(register, *kinds) == dict.fromkeys(kinds, 0)
    (alert,) = await alerts(register)
    await register.change("UPDATE alert SET closed_at = now()")
    assert await swept(register, *kinds) == dict.fromkeys(kinds, 1)
    assert len(files_of(register, "feeds")) == len(files_of(register, "population")) == 1
    behind = f"/comparisons/{first['comparison_id']}/feeds/deaths/matched"
    assert (await register.get(behind, MAKER)).json()["type"] == "/problems/no-such-list"
    counts = (await register.get(f"/comparisons/{first['comparison_id']}", MAKER)).json()
    deaths = next(each for each in counts["feeds"] if each["feed"] == "deaths")
    assert deaths["people_matched"] == 1
    why = (await register.get(f"/alerts/{alert['alert_id']}", MAKER)).json()
    assert why["workings"], "why it was raised is told from facts that stay"
    assert await swept(register, *kinds) == dict.fromkeys(kinds, 0), "the newest stay for good"


async def test_what_came_of_a_delivery_that_nobody_closes_goes_and_so_does_its_answer(
    register: Register,
) -> None:
    police, path = agency("deaths"), "/feeds/deaths/chunked-deliveries"
    rows = {"rows": [{"id_number": id_number(1), "died_on": "2026-09-01"}]}

    async def sent(tail: str, words: dict[str, Any]) -> httpx.Response:
        headers = register.headers(police)
        return await register.client.post(f"{path}{tail}", json=words, headers=headers)

    for closes in (True, False):
        opened = (await sent("", {"month": MONTH, "as_of": AS_OF})).json()
        one = f"/{opened['delivery_id']}"
        for number in (1, 2):
            assert (await sent(f"{one}/chunks/{number}", rows)).is_success
        if closes:
            assert (await sent(f"{one}/closing", {"chunks": 2})).is_success
            await work(register)
            assert await swept(register, "delivered-lists") == {"delivered-lists": 1}
    assert len(files_of(register, "deliveries")) == 2, "what was keyed left no chunk"
    assert (await shown(register, "open-deliveries"))["held"] == 1
    assert await swept(register, "open-deliveries") == {"open-deliveries": 0}
    later(register, 2)
    assert await swept(register, "open-deliveries") == {"open-deliveries": 1}
    assert files_of(register, "deliveries") == []
    assert (await sent(f"{one}/chunks/3", rows)).json()["type"] == "/problems/not-open"
    (last, _) = (await register.get("/feeds/deaths/deliveries", MAKER)).json()["items"]
    assert (last["status"], "重新报送" in last["refused_because"]) == ("refused", True)
    many = [await sent("", {"month": MONTH, "as_of": AS_OF}) for _ in range(deliveries.OPEN_MAX)]
    assert {each.status_code for each in many} == {201}
    refused = await sent("", {"month": MONTH, "as_of": AS_OF})
    assert (refused.status_code, refused.json()["most"]) == (409, deliveries.OPEN_MAX)
    answers = await shown(register, "answers")
    assert (answers["held"] > deliveries.OPEN_MAX, answers["kept_days"]) == (True, 7)
    await register.change("UPDATE idempotency SET created_at = created_at - interval '8 days'")
    assert await idempotency.forget_old(register.app.state.database) == answers["held"]
    assert (await shown(register, "answers"))["held"] == 0


async def test_a_file_of_the_province_goes_when_nothing_of_it_waits_for_an_answer(
    register: Register,
) -> None:
    await a_known_household(register, "h-1", 11)
    content = a_list("warnings", [a_warning("W1")])
    came = await brought(register, "warnings", content)
    odd = a_list("provincial-numbers", [{"household_number": "h-9", "provincial_number": "S9"}])
    assert (await bring(register, "provincial-numbers", odd)).json()["state"] == "refused"
    later(register, 1097)
    assert await swept(register, "exchange-files") == {"exchange-files": 1}
    again = await bring(register, "provincial-numbers", odd)
    assert again.json()["state"] == "refused", "what was refused and went may come anew"
    (item,) = (await register.get("/exchange/items", SUN_YU)).json()["items"]
    path = f"/exchange/items/{item['item_id']}"
    done = await post(
        register, f"{path}/answer", SUN_YU, outcome="still-qualifies", remark="核实无误"
    )
    assert done.status_code == 200, done.text
    assert await swept(register, "exchange-files") == {"exchange-files": 1}
    for which in ("content", "answers"):
        read = await register.get(f"/exchange/files/{came['file_id']}/{which}", SUN_YU)
        assert read.json()["type"] == "/problems/no-such-file"
    known = await brought(register, "warnings", content)
    assert known["content_deleted_at"]


async def test_rows_of_a_list_and_what_visits_left_go_once_their_cases_are_done(
    register: Register,
) -> None:
    rows = a_file(a_pupil(4), a_pupil(5, village="nowhere"))
    pupils = await bring_people(register, rows)
    await accept(register, pupils)
    device, walk = Device(register), await Walk(register).accepted()
    await device.takes_along()
    await device.brings(device.visit(walk.case))
    later(register, 200)
    kinds = ("people-lists", "survey-lists", "survey-packages")
    assert await swept(register, *kinds) == dict(zip(kinds, (0, 2, 0), strict=True))
    await register.change("UPDATE case_file SET closed_at = now()")
    assert await swept(register, *kinds) == dict(zip(kinds, (1, 0, 1), strict=True))
    assert register.rows("SELECT FROM offline_survey") != []
    (left,) = {
        (each["content_sealed"], each["person_index"])
        for each in register.rows("SELECT content_sealed, person_index FROM people_list_row")
    }
    assert left == ("", None)
    whole = staff("sun-yan", {"requests:take"}, "511425")
    found = (await register.get(f"/people-lists/{pupils['list_id']}", whole)).json()
    assert found["counts"] == {"faulty": 1, "waiting": 0, "opened": 1, "known": 0}
    assert (await bring_people(register, rows))["type"] == "/problems/list-gone"


async def test_who_may_read_what_is_kept_and_everything_says_why(register: Register) -> None:
    items = (await register.get("/retention", HE_PING)).json()["items"]
    assert len(items) == len(all_kinds())
    assert all(each[word]["zh"] for each in items for word in ("from", "stays", "source"))
    stranger = staff("liu-qiang", {"cases:survey"}, "511425001")
    assert (await register.get("/retention", stranger)).status_code == 403
