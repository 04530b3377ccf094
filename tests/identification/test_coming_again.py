"""What was closed is asked again when the lists say more, or when assistance is granted anew."""

from typing import Any, Final

import pytest

from tests.identification.caseworkers import later
from tests.identification.lists import (
    MAKER,
    a_register,
    alerts,
    compared,
    delivered,
)
from tests.identification.makers import a_csv, a_household, a_person, id_number, on_dibao, rows_of
from tests.identification.register import Register
from tests.identification.test_alerts import CHECKED, HEAD, OFFICER, act, heard

PAY: Final = "alert_payroll"


async def pays(register: Register, yuan: int, employer: str = "u-1") -> dict[str, Any]:
    """A day later the payroll names somebody on dibao with this pay a month; who is compared."""
    later(register, 1)
    today = register.app.state.clock.today()
    await delivered(
        register, "public-payroll", (id_number(1), employer, f"{yuan}.00"), as_of=str(today)
    )
    return await compared(register)


async def waiting(register: Register) -> dict[str, dict[str, Any]]:
    """The alerts that are not closed, by kind."""
    return {each["kind"]: each for each in await alerts(register)}


async def settled(register: Register, outcome: str | None) -> None:
    """Whatever waits is answered, looked at and closed; without an outcome it is found not so."""
    for alert in await alerts(register):
        found = "so" if outcome else "not-so"
        how = {"outcome": outcome, "reasons": "核实"} if outcome else {"reasons": "名单有误"}
        for by, name, words in (
            (MAKER, "assign", {"officer": "liu-qiang"}),
            (OFFICER, "check", {**CHECKED, "found": found}),
            (HEAD, "act" if outcome else "dismiss", how),
            (HEAD, "close", {}),
        ):
            done = await act(register, alert, by, name, **words)
            assert done.status_code == 200, (name, done.text)
            if name == "assign":
                await heard(register, alert, "公益岗，收入已计")


async def asked_about_pay(register: Register) -> None:
    """Somebody on dibao stands on the payroll."""
    await a_register(register)
    await delivered(register, "deaths", (id_number(800), "2026-09-02"))
    await pays(register, 3_000)
    assert (await waiting(register)).keys() == {PAY}


async def decided(register: Register, number: int, **said: Any) -> None:
    """The household is decided about once more, by a roster."""
    later(register, 1)
    said |= {"decision_number": f"青民决〔2026〕{number}号", "decided_on": "2026-09-20"}
    content = a_csv(rows_of(a_household("h-1", a_person(1), a_person(2), **said)))
    assert (await register.imported(content))["status"] == "imported"


async def test_a_pay_that_grew_is_asked_about_again(register: Register) -> None:
    await asked_about_pay(register)
    await settled(register, "extend")
    usual, own = register.settings, register.settings.files_dir / "own.yaml"
    own.write_text("alert_grown_percent: 100", encoding="utf-8")
    register.settings = usual.model_copy(update={"casework_file": own})
    assert (await pays(register, 5_999))["alerts_new"] == 0, "not twice as much"
    register.settings = usual
    assert (await pays(register, 3_599))["alerts_new"] == 0, "not a fifth more"
    assert (await pays(register, 3_600))["alerts_new"] == 1
    found = await waiting(register)
    shown = (await register.get(f"/alerts/{found[PAY]['alert_id']}", MAKER)).json()
    assert "3600" in str(shown["workings"]).replace(",", ""), "what it weighs now"
    assert (await pays(register, 9_000))["alerts_new"] == 0, "once, until that is closed"


@pytest.mark.parametrize(("outcome", "comes"), [("extend", 1), (None, 0)])
async def test_whoever_is_granted_anew_is_asked_about_what_was_so(
    register: Register, outcome: str | None, comes: int
) -> None:
    await asked_about_pay(register)
    await settled(register, outcome)
    await decided(register, 7, from_month="2026-10")
    await decided(register, 8, **on_dibao())
    assert (await pays(register, 2_900))["alerts_new"] == comes
    await settled(register, outcome)
    assert (await pays(register, 2_800))["alerts_new"] == 0
