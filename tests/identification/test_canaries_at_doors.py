"""Numbers that come in at a desk, on a phone or on a list stand nowhere in clear either."""

from typing import Any
from uuid import uuid4

import pytest

from tests.identification.caseworkers import LIU_QIANG, WANG_FANG, Walk, an_application
from tests.identification.citizens import Phone, admitted
from tests.identification.devices import Device
from tests.identification.ledgers import Ledger
from tests.identification.lists import a_list as a_feed
from tests.identification.lists import send, work
from tests.identification.makers import VILLAGE, id_number
from tests.identification.province import a_list, bring
from tests.identification.register import Register
from tests.identification.test_canaries import every_row
from tests.identification.test_complaints import DOOR
from tests.identification.test_discovery import LIN_HAI, found
from tests.identification.test_exchange import a_warning
from tests.identification.test_people_lists import a_file, a_pupil
from tests.identification.test_people_lists import bring as bring_pupils
from tests.identification.test_requests import take


class Planted:
    """Numbers of made-up people; each is planted once."""

    def __init__(self) -> None:
        self.numbers: list[str] = []

    def id_number(self, born: str = "19680412") -> str:
        self.numbers.append(id_number(600 + len(self.numbers), born))
        return self.numbers[-1]

    def phone(self) -> str:
        self.numbers.append(f"1390017{len(self.numbers):04d}")
        return self.numbers[-1]


async def test_what_comes_in_by_the_newer_doors_is_nowhere_in_clear(
    register: Register, capfd: pytest.CaptureFixture[str]
) -> None:
    planted = Planted()
    await _on_a_phone(register, planted)
    await _at_the_desk(register, planted)
    await _on_lists(register, planted)
    await _without_a_network(register, planted)
    assert len(planted.numbers) > 15
    said = every_row(register.database.owner_url) + "".join(capfd.readouterr())
    assert "XS-2026-0001" in said
    assert [number for number in planted.numbers if number in said] == []
    files = [path for path in register.settings.files_dir.rglob("*") if path.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        assert [each for each in planted.numbers if each.encode() in content] == [], path.name


async def _on_a_phone(register: Register, planted: Planted) -> None:
    """Somebody applies, files what they reported, and takes a photo."""
    caller = await admitted(register, 1, planted.phone())
    phone = await Phone(register, caller).begin()
    await phone.say("person", name="李娜", relation="子女", id_number=planted.id_number("20180910"))
    await phone.say("hardship", reason=f"电话{planted.phone()}")
    await phone.paper("id-card", b"\xff\xd8\xff" + planted.id_number().encode())
    reporter = {"reporter": "王芳", "reporter_phone": planted.phone()}
    words = {"topic": "late", "text": planted.id_number(), "accused_kind": "nobody", **reporter}
    answer = await register.client.post(
        "/registers/complaint/outside",
        json={"area": VILLAGE[:9], "words": words},
        headers=register.headers(DOOR),
    )
    assert answer.status_code == 201, answer.text


async def _at_the_desk(register: Register, planted: Planted) -> None:
    """A request at one door, a lead, and a relative put on record."""
    people = [{**an_application()["members"][0], "id_number": planted.id_number()}]
    application = an_application(members=people, phone=planted.phone())
    assert (await take(register, application=application)).status_code == 201
    lead = found(id_number=planted.id_number(), phone=planted.phone())
    await Ledger(register, "lead").open(LIN_HAI, about=("village", VILLAGE), **lead)
    relations = (await register.get("/relatives", WANG_FANG)).json()["relations"]
    relation = next(iter(relations))
    words = {"relation": relation, "name": "孙强", "id_number": planted.id_number()}
    answer = await register.client.post(
        "/relatives", json=words, headers=register.headers(WANG_FANG)
    )
    assert answer.status_code == 201, answer.text


async def _on_lists(register: Register, planted: Planted) -> None:
    """A school's list, the province's, and another department's, with rows that are wrong too."""
    pupils = a_file(
        a_pupil(1, id_number=planted.id_number("20120910"), guardian_id=planted.id_number()),
        a_pupil(2, id_number=planted.id_number("20120910"), village="9"),
    )
    assert (await bring_pupils(register, pupils))["status"] == 201
    warned = planted.id_number()
    said = [a_warning("W-1", id_number=warned), a_warning("W-2", warned_on=warned)]
    for each in said:
        answer = await bring(register, "warnings", a_list("warnings", [each]))
        assert answer.status_code == 201, answer.text
    dead: list[tuple[Any, ...]] = [(planted.id_number(), "2026-09-02"), (warned, planted.phone())]
    assert (await send(register, "deaths", a_feed("deaths", *dead))).status_code == 202
    await work(register)


async def _without_a_network(register: Register, planted: Planted) -> None:
    """A visit made offline, whose words and photo name numbers."""
    people = [{**an_application()["members"][0], "id_number": planted.id_number()}]
    walk = await Walk(register).accepted(members=people)
    device = Device(register)
    await device.takes_along(WANG_FANG, LIU_QIANG)
    photo = b"\xff\xd8\xff" + planted.id_number().encode()
    visit = device.visit(walk.case, photos=[photo], findings=planted.phone())
    brought = await device.brings(visit, photos=[photo], package_id=str(uuid4()))
    assert brought["results"][0]["outcome"] == "taken-in", brought
