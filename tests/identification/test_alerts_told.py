"""What our own lists raised, in the reports of a month and a quarter, as it stood then."""

from dataclasses import replace

from services.identification.comparison.kinds import DISMISSED, read_kinds
from services.identification.reports.definitions import Definitions
from tests.identification.caseworkers import in_month, later
from tests.identification.lists import MAKER
from tests.identification.register import Register
from tests.identification.reporters import STATISTICIAN, by_of, lines_of, records, report
from tests.identification.test_alerts import CHECKED, HEAD, OFFICER, act, raised

RAISED, ANSWERED, AFTER = (f"/reports/month/2026-{month:02}" for month in (9, 10, 12))


async def test_the_alerts_of_our_own_comparisons_are_told_as_they_stood_in_their_month(
    register: Register,
) -> None:
    subsidy = (await raised(register))["alert_disability"]
    assert (await act(register, subsidy, MAKER, "assign", officer="liu-qiang")).status_code == 200
    assert (await act(register, subsidy, OFFICER, "check", **CHECKED)).status_code == 200
    assert lines_of(await report(register, RAISED))["alerts-raised"]["number"] == 2
    later(register, 15)
    said = {"outcome": "deliver", "reasons": "主动办理"}
    assert (await act(register, subsidy, HEAD, "act", **said)).status_code == 200
    then = lines_of(await report(register, RAISED))
    assert by_of(then["alerts-raised"], "kind") == {"alert_death": 1, "alert_disability": 1}
    assert by_of(then["alerts-raised"], "stage") == {"open": 2}, "as it stood when it ended"
    assert then["alerts-answered"]["number"] == 0
    in_month(register, 1)
    told = lines_of(await report(register, ANSWERED))
    assert told["alerts-raised"]["number"] == 0
    assert by_of(told["alerts-answered"], "outcome") == {"deliver": 1}
    assert by_of(told["alerts-answered"], "days") == {"month": 1}
    assert by_of(told["alerts-overdue"], "kind") == {"alert_death": 1}, "nobody has it"
    today = register.app.state.clock.today().isoformat()
    over = {"looked_on": today, "now": "over", "findings": "已发放"}
    assert (await act(register, subsidy, OFFICER, "look-again", **over)).status_code == 200
    assert (await act(register, subsidy, HEAD, "close")).status_code == 200
    register.app.state.shelf.forget()
    assert lines_of(await report(register, ANSWERED)) == told
    quarter = lines_of(await report(register, "/reports/quarter/2026-Q4"))
    assert by_of(quarter["alerts"], "stage") == {"open": 1, "answered": 1}
    in_month(register, 1)
    after = lines_of(await report(register, AFTER))
    assert by_of(after["alerts-overdue"], "kind") == {"alert_death": 1}
    assert after["alerts-answered"]["number"] == 0


async def test_whose_an_alert_is_reads_in_a_report_who_has_to_do_with_alerts(
    register: Register,
) -> None:
    await raised(register)
    (death, _) = await records(register, "alerts-raised", path=RAISED)
    assert (death["name"], death["household_number"], death["receipt"]) == ("", "", "")
    seer = replace(STATISTICIAN, scopes=STATISTICIAN.scopes | {"alerts:check"})
    found = await records(register, "alerts-raised", seer, path=RAISED)
    assert [bool(each["name"]) for each in found] == [True, True]


def test_every_kind_of_alert_and_what_is_done_about_it_has_its_word_in_a_report() -> None:
    kinds, columns = read_kinds(), Definitions.read().books["alerts"]
    outcomes = {*kinds.path.acts["act"].fields["outcome"].choices, DISMISSED}
    assert columns["kind"].own.keys() == kinds.kinds.keys()
    assert columns["outcome"].own.keys() == outcomes
