"""A round that was begun by mistake."""

from tests.identification.caseworkers import HE_JUN, OTHER_TOWN_HEAD, ZHANG_LI, in_month
from tests.identification.makers import a_csv, a_household, a_person, on_dibao, rows_of
from tests.identification.register import COUNTY, Register
from tests.identification.rounds import begun, found, post


async def test_a_round_begun_by_mistake_is_called_off_before_anybody_was_looked_at(
    register: Register,
) -> None:
    await register.imported(a_csv(rows_of(a_household("h-1", a_person(1), **on_dibao()))))
    in_month(register, 1)
    of_county = await begun(register, HE_JUN, area=COUNTY)
    of_town = await begun(register)
    path, words = f"/rounds/{of_town}/calling-off", {"reason": "选错了年份"}
    for by, round_id, said in (
        (ZHANG_LI, of_county, "area-not-yours"),
        (OTHER_TOWN_HEAD, of_town, "begun-by-another"),
    ):
        refused = await post(register, f"/rounds/{round_id}/calling-off", by, **words)
        assert (refused.status_code, refused.json()["type"]) == (403, f"/problems/{said}")
    assert (await post(register, path, ZHANG_LI, reason="")).status_code == 422
    assert (await found(register, of_county)).status_code == 201
    late = await post(register, f"/rounds/{of_county}/calling-off", HE_JUN, **words)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/found-already")
    ended = await post(register, path, HE_JUN, **words)
    assert (ended.json()["closed"], ended.json()["called_off"]) == (True, "选错了年份")
    assert (await found(register, of_town)).json()["type"] == "/problems/round-closed"
    assert (await post(register, path, HE_JUN, **words)).json()["type"] == "/problems/round-closed"
    (row,) = register.audited("round-called-off")
    assert (row["actor"], row["details"]) == (HE_JUN.subject, words)
