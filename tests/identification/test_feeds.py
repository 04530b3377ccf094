"""Lists come in by file and in chunks, keyed as they arrive; what cannot be kept is named."""

from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import xlsxwriter
import yaml

from services.identification.comparison import feeds
from services.identification.comparison.working import run_work
from services.identification.place_settings import PlaceSettings
from services.identification.retention.kinds import all_kinds
from services.identification.retention.sweeping import sweep
from shared.callers import Caller
from tests.identification.lists import (
    AS_OF,
    HEADINGS,
    ID,
    MAKER,
    MONTH,
    a_list,
    a_register,
    agency,
    compared,
    delivered,
    officer,
    send,
    work,
)
from tests.identification.makers import id_number
from tests.identification.register import Register


def wrong(number: str) -> str:
    """The same with another check digit."""
    return number[:17] + ("1" if number[17] != "1" else "2")


async def test_what_is_not_kept_is_named_by_row_and_reason_and_the_counts_add_up(
    register: Register,
) -> None:
    found = await delivered(
        register,
        "deaths",
        (id_number(1), "2026-09-01"),
        (wrong(id_number(2)), "2026-09-01"),
        ("5114251965", "2026-09-01"),
        (id_number(3), "2026-02-30"),
        ("", "2026-09-01"),
        (f"  {id_number(4).lower()} ", "20260903"),
        *((id_number(order), "2026-09-04") for order in range(10, 24)),
    )
    assert (found["status"], found["rows"], found["rows_kept"]) == ("kept", 20, 16)
    assert found["rows_rejected"] == found["rows"] - found["rows_kept"] == 4
    assert [(each["row"], each["column"], each["reason"]) for each in found["rejects"]] == [
        (3, "id_number", "id-check-digit"),
        (4, "id_number", "id-form"),
        (5, "died_on", "date-bad"),
        (6, "id_number", "missing"),
    ]
    assert sum(found["reject_reasons"].values()) == 4

    again = await send(register, "deaths", a_list("deaths", (id_number(1), "2026-09-01")))
    other = await send(register, "deaths", a_list("deaths", (id_number(1), "2026-09-01")))
    assert again.json()["delivery_id"] == other.json()["delivery_id"] != found["delivery_id"]
    later = await send(register, "deaths", b"x", as_of="2026-12-01")
    assert later.status_code == 422
    assert later.json()["type"] == "/problems/day-unlikely"


@pytest.mark.breaks("The same list again is no fresher")
async def test_the_same_list_is_fresher_only_where_somebody_says_it_has_not_changed(
    register: Register,
) -> None:
    content = a_list("deaths", (id_number(1), "2026-09-01"))
    first = (await send(register, "deaths", content, as_of="2026-09-01")).json()
    by_accident = await send(register, "deaths", content, as_of="2026-09-24")
    assert by_accident.json()["type"] == "/problems/same-as-before"
    assert by_accident.json()["as_of"] == "2026-09-01"
    twice = [
        (await send(register, "deaths", content, as_of=day, unchanged="true")).json()
        for day in ("2026-09-24", "2026-09-24", "2026-08-20")
    ]
    assert len({each["delivery_id"] for each in twice}) == 1, "sent again it is the same"
    assert (twice[0]["as_of"], twice[0]["same_as"]) == ("2026-09-24", first["delivery_id"])
    assert twice[0]["received_by"] == MAKER.subject
    await work(register)
    feeds = {each["feed"]: each for each in (await register.get("/feeds", MAKER)).json()["items"]}
    assert (feeds["deaths"]["last"]["as_of"], feeds["deaths"]["fresh"]) == ("2026-09-24", True)

    police = agency("deaths")
    path = "/feeds/deaths/chunked-deliveries"
    for day, words, status in (
        ("2026-09-10", {}, 200), ("2026-09-20", {}, 409), ("2026-09-21", {"unchanged": True}, 200)
    ):  # fmt: skip
        said = {"month": MONTH, "as_of": day}
        opened = await register.client.post(path, json=said, headers=register.headers(police))
        one = f"{path}/{opened.json()['delivery_id']}"
        rows = {"rows": [{"id_number": id_number(1), "died_on": "2026-09-01"}]}
        await register.client.post(f"{one}/chunks/1", json=rows, headers=register.headers(police))
        closed = await register.client.post(
            f"{one}/closing", json={"chunks": 1, **words}, headers=register.headers(police)
        )
        assert closed.status_code == status, closed.text


async def test_workbooks_old_encodings_and_chunks_say_the_same(
    register: Register, tmp_path: Path
) -> None:
    rows = [(id_number(order), "2026-09-01") for order in (1, 2, 3)]
    book = xlsxwriter.Workbook(tmp_path / "d.xlsx")
    sheet = book.add_worksheet("名单")
    for number, row in enumerate([HEADINGS["deaths"], *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    for content in (
        (tmp_path / "d.xlsx").read_bytes(),
        a_list("deaths", *rows, encoding="gb18030"),
    ):
        assert (await send(register, "deaths", content)).status_code == 202
    police = agency("deaths")
    opened = await register.client.post(
        "/feeds/deaths/chunked-deliveries",
        json={"month": MONTH, "as_of": "2026-09-24"},
        headers=register.headers(police),
    )
    path = f"/feeds/deaths/chunked-deliveries/{opened.json()['delivery_id']}"

    async def post(tail: str, words: Any) -> Any:
        return await register.client.post(
            f"{path}/{tail}", json=words, headers=register.headers(police)
        )

    said = [{"id_number": number, "died_on": day} for number, day in rows]
    assert (await post("chunks/1", {"rows": said[:2]})).json() == {"number": 1, "rows": 2}
    missing = await post("closing", {"chunks": 2})
    assert (missing.status_code, missing.json()["missing"]) == (409, [2])
    await post("chunks/2", {"rows": [*said[2:], {"id_number": "odd", "died_on": "x"}]})
    # Sent again it replaces itself.
    await post("chunks/2", {"rows": said[2:]})
    assert (await post("closing", {"chunks": 2})).status_code == 200
    assert (await post("chunks/3", {"rows": said})).json()["type"] == "/problems/not-open"
    await work(register)
    found = (await register.get("/feeds/deaths/deliveries", MAKER)).json()["items"]
    assert [(each["status"], each["rows"], each["rows_kept"]) for each in found] == [
        ("kept", 3, 3)
    ] * 3


async def test_a_delivery_that_keeps_nothing_or_too_little_leaves_the_last_good_one(
    register: Register,
) -> None:
    good = await delivered(register, "deaths", (id_number(1), "2026-09-01"), as_of="2026-09-20")
    bad = (wrong(id_number(order)) for order in range(1, 3))
    nothing = await delivered(register, "deaths", *((number, "2026-09-01") for number in bad))
    assert (nothing["status"], nothing["rows"], nothing["rows_kept"]) == ("refused", 2, 0)
    assert nothing["reject_reasons"] == {"id-check-digit": 2}
    assert (await delivered(register, "deaths"))["status"] == "refused"
    half = [id_number(order) if order % 2 else "1" for order in range(1, 11)]
    too_many = await delivered(register, "deaths", *((each, "2026-09-01") for each in half))
    assert (too_many["status"], too_many["rows_rejected"]) == ("refused", 5)
    keyed = (register.settings.files_dir / "feeds").glob("*.parquet")
    assert [path.stem for path in keyed] == [good["delivery_id"]]
    feeds = (await register.get("/feeds", MAKER)).json()["items"]
    deaths = next(each for each in feeds if each["feed"] == "deaths")
    assert deaths["last"]["delivery_id"] == good["delivery_id"]


async def test_a_row_said_twice_counts_once_and_is_named(register: Register) -> None:
    await a_register(register)
    await delivered(register, "deaths", (id_number(9), "2026-09-01"))
    rows = [(id_number(3), "u-1", "1000.00"), (id_number(4), "u-1", "1000.00")]
    twice = await delivered(register, "public-payroll", *rows, *rows, (id_number(3), "u-2", "1.00"))
    assert (twice["status"], twice["rows"], twice["rows_kept"]) == ("kept", 5, 3)
    assert [(each["row"], each["reason"]) for each in twice["rejects"]] == [
        (4, "repeated"), (5, "repeated"),
    ]  # fmt: skip
    # However often a list repeats itself, it is no worse for it.
    again = await delivered(register, "public-payroll", *(rows[:1] * 40))
    assert (again["status"], again["rows_kept"]) == ("kept", 1)
    bill = (id_number(6), "v-1", "住院", "500.00", "2026-08")
    bills = await delivered(register, "hospital-bills", (*bill, "n-1"), (*bill, "n-2"), (*bill, ""))
    assert bills["rows_kept"] == 3


async def test_that_there_is_nobody_this_month_is_said_and_counts(register: Register) -> None:
    async def said(feed: str, as_of: str = AS_OF) -> httpx.Response:
        return await register.client.post(
            f"/feeds/{feed}/empty-deliveries",
            json={"month": MONTH, "as_of": as_of},
            headers=register.headers(agency(feed)),
        )

    assert (await said("vehicles")).json()["type"] == "/problems/never-empty"
    assert (await said("deaths", "2026-12-01")).status_code == 422
    await delivered(register, "deaths", (id_number(1), "2026-09-01"), as_of="2026-09-20")
    first, again = await said("deaths"), await said("deaths")
    assert first.json()["delivery_id"] == again.json()["delivery_id"], first.text
    await a_register(register)
    await work(register)
    (deaths,) = (each for each in (await compared(register))["feeds"] if each["feed"] == "deaths")
    assert (deaths["standing"], deaths["entries"]) == ("fresh", 0)
    assert deaths["delivery_id"] == first.json()["delivery_id"]


async def test_what_was_refused_may_come_again_as_it_was(
    register: Register, tmp_path: Path
) -> None:
    content = a_list("vehicles", (id_number(1), "川Z1", ""))
    national = yaml.safe_load(feeds.DEFAULTS.read_text())
    national["vehicles"]["columns"]["plate"]["headings"] = ["车牌号"]
    mistaken = tmp_path / "feeds.yaml"
    mistaken.write_text(yaml.safe_dump({"vehicles": national["vehicles"]}))
    first = (await send(register, "vehicles", content)).json()
    settings = register.settings.model_copy(update={"feeds_file": mistaken})
    assert await run_work(settings) == 0
    again = (await send(register, "vehicles", content)).json()
    assert (again["status"], again["delivery_id"] != first["delivery_id"]) == ("received", True)
    await work(register)
    found = (await register.get("/feeds/vehicles/deliveries", MAKER)).json()["items"]
    assert [each["status"] for each in found] == ["kept", "refused"]


async def test_the_same_chunks_twice_are_one_delivery(register: Register) -> None:
    async def post(tail: str, words: Any) -> dict[str, Any]:
        headers = register.headers(agency("deaths"))
        path = f"/feeds/deaths/chunked-deliveries{tail}"
        answer = await register.client.post(path, json=words, headers=headers)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    closed = []
    for _ in range(2):
        opened = await post("", {"month": MONTH, "as_of": AS_OF})
        path = f"/{opened['delivery_id']}"
        await post(f"{path}/chunks/1", {"rows": [{"id_number": id_number(1), "died_on": "x"}]})
        closed.append((await post(f"{path}/closing", {"chunks": 1}))["delivery_id"])
    assert closed[0] == closed[1]
    found = (await register.get("/feeds/deaths/deliveries", MAKER)).json()["items"]
    assert [each["status"] for each in found] == ["refused", "received"]
    assert closed[0] in found[0]["refused_because"]


@pytest.mark.breaks("An agency's own list counts first")
async def test_nobody_else_writes_into_a_list_an_agency_is_sending(register: Register) -> None:
    police = agency("deaths")
    path = "/feeds/deaths/chunked-deliveries"

    async def post(by: Caller, tail: str, words: Any) -> httpx.Response:
        return await register.client.post(tail, json=words, headers=register.headers(by))

    opened = await post(police, path, {"month": MONTH, "as_of": AS_OF})
    path += f"/{opened.json()['delivery_id']}"
    rows = [{"id_number": id_number(order), "died_on": "2026-09-01"} for order in (1, 2)]
    assert (await post(police, f"{path}/chunks/1", {"rows": rows})).status_code == 200
    for tail, words in (("chunks/1", {"rows": rows[:1]}), ("closing", {"chunks": 1})):
        refused = await post(MAKER, f"{path}/{tail}", words)
        assert (refused.status_code, refused.json()["type"]) == (
            403, "/problems/not-your-delivery",
        )  # fmt: skip
    assert register.audited("feed-chunk-replaced") == []
    assert (await post(police, f"{path}/chunks/1", {"rows": rows})).status_code == 200
    (replaced,) = register.audited("feed-chunk-replaced")
    assert (replaced["actor"], replaced["details"]["chunk"]) == (police.subject, 1)
    closed = (await post(police, f"{path}/closing", {"chunks": 1})).json()
    assert (closed["status"], closed["from_agency"]) == ("received", True)


@pytest.mark.shows("S04")
async def test_an_agency_has_to_do_with_its_own_list_and_a_town_with_none(
    register: Register,
) -> None:
    content = a_list("vehicles", (id_number(1), "川Z1", ""))
    assert (await send(register, "vehicles", content, by=agency("deaths"))).status_code == 403
    assert (await send(register, "vehicles", content, by=agency("vehicles"))).status_code == 202
    mine = (await register.get("/feeds", agency("vehicles"))).json()["items"]
    assert [each["feed"] for each in mine] == ["vehicles"]
    town = officer("li", "feeds:deliver", "feeds:read", area="511425001")
    assert (await register.get("/feeds", town)).status_code == 403
    assert (await send(register, "odd", content)).status_code == 404
    unreadable = await send(register, "vehicles", "身份证号\n1\n".encode())
    await work(register)
    path = f"/feeds/vehicles/deliveries/{unreadable.json()['delivery_id']}"
    found = (await register.get(path, MAKER)).json()
    assert (found["status"], found["refused_because"]) == ("refused", "缺少这一列：号牌号码")


async def test_numbers_of_lists_are_nowhere_in_clear(register: Register) -> None:
    numbers = [id_number(order, "19770707") for order in range(1, 30)]
    rows = [(number, f"川Z{order:05d}", "") for order, number in enumerate(numbers)]
    bad = wrong(id_number(99, "19770707"))
    await delivered(register, "vehicles", *rows, (bad, "川Z99999", ""))
    planted = [*numbers, bad, "川Z00007", "川Z99999"]
    with psycopg.connect(register.database.owner_url) as owner:
        tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in tables.fetchall():
            query = psycopg.sql.SQL("SELECT t::text FROM {} t").format(
                psycopg.sql.Identifier(table)
            )
            text = "\n".join(row[0] for row in owner.execute(query))
            assert [each for each in planted if each in text] == [], table
    files = [path for path in register.settings.files_dir.rglob("*") if path.is_file()]
    assert any(path.suffix == ".parquet" for path in files)
    for path in files:
        content = path.read_bytes()
        assert [each for each in planted if each.encode() in content] == [], path.name
    context = register.app.state.context
    uploads = next(each for each in all_kinds() if each.name == "delivered-lists")
    assert await sweep(context, PlaceSettings.read(), uploads) == 1
    assert list((register.settings.files_dir / "deliveries").glob("*")) == []


@pytest.mark.parametrize("second", [ID, "公民身份号码"])
async def test_a_list_that_names_two_numbers_a_row_is_asked_which_is_meant(
    register: Register, second: str
) -> None:
    """The first may be who reported the death."""
    rows = f"{ID},申报人,{second},死亡日期\n{id_number(1)},李伟,{id_number(9)},2026-09-02\n"
    answer = await send(register, "deaths", rows.encode())
    await work(register)
    path = f"/feeds/deaths/deliveries/{answer.json()['delivery_id']}"
    found = (await register.get(path, MAKER)).json()
    assert found["status"] == "refused"
    assert f"{ID}、{second}" in found["refused_because"]


async def test_nobody_died_on_a_day_to_come(register: Register) -> None:
    rows = [(id_number(order), "2026-09-04") for order in range(10, 24)]
    found = await delivered(register, "deaths", (id_number(2), "2099-09-02"), *rows)
    assert [(each["row"], each["reason"]) for each in found["rejects"]] == [(2, "date-future")]
    prison = (id_number(2), "2026-09-02", "2099-09-02")
    assert (await delivered(register, "prisoners", prison))["rows_kept"] == 1, "until when is known"


async def test_a_closing_that_counts_too_few_chunks_is_refused_and_loses_none(
    register: Register,
) -> None:
    async def post(tail: str, words: Any) -> httpx.Response:
        headers = register.headers(agency("deaths"))
        path = f"/feeds/deaths/chunked-deliveries{tail}"
        return await register.client.post(path, json=words, headers=headers)

    one = f"/{(await post('', {'month': MONTH, 'as_of': AS_OF})).json()['delivery_id']}"
    for number in (1, 2, 3):
        rows = {"rows": [{"id_number": id_number(number), "died_on": "2026-09-01"}]}
        await post(f"{one}/chunks/{number}", rows)
    few = await post(f"{one}/closing", {"chunks": 1})
    assert (few.status_code, few.json()["type"]) == (409, "/problems/chunks-uncounted")
    assert few.json()["uncounted"] == [2, 3]
    closed = (await post(f"{one}/closing", {"chunks": 3})).json()
    await work(register)
    found = await register.get(f"/feeds/deaths/deliveries/{closed['delivery_id']}", MAKER)
    assert (found.json()["status"], found.json()["rows_kept"]) == ("kept", 3)


@pytest.mark.breaks("An agency's own list counts first")
async def test_an_agency_vouches_for_no_other_day_than_it_says(register: Register) -> None:
    content = a_list("deaths", (id_number(1), "2026-08-01"))
    brought = (await send(register, "deaths", content, as_of=AS_OF)).json()
    police = agency("deaths")
    own = (await send(register, "deaths", content, as_of="2026-08-01", by=police)).json()
    assert (own["as_of"], own["from_agency"]) == ("2026-08-01", True)
    assert own["delivery_id"] != brought["delivery_id"]
    again = (await send(register, "deaths", content, as_of="2026-08-01", by=police)).json()
    assert again["delivery_id"] == own["delivery_id"], "sent again it is the same"
    listed = (await register.get("/feeds/deaths/deliveries", MAKER)).json()["items"]
    assert [each["from_agency"] for each in listed] == [True, False]
    same = (await send(register, "deaths", content, as_of=AS_OF, by=police)).json()
    assert (same["delivery_id"], same["from_agency"]) == (brought["delivery_id"], True)
