"""The made-up lists of other departments: lists as they are asked for, with a few hits."""

from datetime import date

from demonstration import lists
from demonstration.population.roster import Population
from services.identification.comparison.feeds import read_feeds
from shared.months import Month

OCTOBER, TODAY = Month(2026, 10), date(2026, 10, 6)


def rows_of(month: Month = OCTOBER) -> dict[str, list[tuple[str, ...]]]:
    return lists.made(Population(1_000, 5).households(), month, TODAY)


def test_every_list_has_the_columns_its_department_sends() -> None:
    feeds = read_feeds(None)
    for name, headings in lists.HEADINGS.items():
        columns = feeds[name].columns.values()
        known = {heading for each in columns for heading in each.headings}
        assert set(headings) <= known
        assert all(set(each.headings) & set(headings) for each in columns if not each.optional)
    assert {name for name, feed in feeds.items() if feed.when_stale.value == "stop"} <= set(
        lists.HEADINGS
    )
    assert rows_of().keys() == lists.HEADINGS.keys()


def test_a_few_living_people_on_dibao_stand_on_them_and_others_the_next_month() -> None:
    homes = list(Population(1_000, 5).households())
    poor = {
        each.id_number
        for home in homes
        if home.dibao
        for each in home.people
        if each.died_on is None and each.until is None
    }
    rows = rows_of()
    assert rows == rows_of()
    hits = {row[0] for name in ("deaths", "vehicles", "property") for row in rows[name]} & poor
    assert len(hits) == 6
    assert len(rows["vehicles"]) == 3 + lists.STRANGERS
    dead = {row[0] for row in rows["deaths"]}
    assert dead != {row[0] for row in rows_of(Month(2026, 11))["deaths"]}


def test_where_nobody_is_on_dibao_nobody_is_found() -> None:
    rows = lists.made([], OCTOBER, TODAY)
    assert not any(rows.values())
