"""Numbers of real people stand in no raw row, event, log or file, however they came in."""

import json
from pathlib import Path

import psycopg

from demonstration.population import workbook
from demonstration.population.canaries import Canaries
from demonstration.population.roster import Population
from demonstration.population.shares import villages
from services.identification.place_settings import PlaceSettings
from services.identification.retention.kinds import all_kinds
from services.identification.retention.sweeping import sweep
from tests.identification.register import Register


async def test_planted_numbers_are_nowhere_in_clear(register: Register, tmp_path: Path) -> None:
    canaries = Canaries(5)
    households = canaries.watch(Population(1_500, 5).households())
    workbook.write(tmp_path / "roster.xlsx", households, villages("511425"))
    canaries.write(tmp_path / "canaries.json")
    found = await register.imported((tmp_path / "roster.xlsx").read_bytes())
    assert (found["status"], found["problems"]) == ("imported", [])
    assert found["people"] == 1_500

    planted = json.loads((tmp_path / "canaries.json").read_text())
    numbers = [number for kind in planted.values() for number in kind]
    assert len(planted["id_numbers"]) == 50
    assert len(numbers) > 100
    text = every_row(register.database.owner_url)
    assert found["import_id"] in text
    assert [number for number in numbers if number in text] == []
    files = [path for path in register.settings.files_dir.rglob("*") if path.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        assert [number for number in numbers if number.encode() in content] == [], path.name

    # The accounts did arrive where they belong.
    handed = {account["account_number"] for account in register.neighbours.accounts}
    assert set(planted["account_numbers"]) <= handed


async def test_uploads_go_when_their_time_is_over(register: Register, tmp_path: Path) -> None:
    workbook.write_csv(tmp_path / "roster.csv", Population(60, 5).households(), "utf-8")
    await register.imported((tmp_path / "roster.csv").read_bytes())
    context = register.app.state.context
    assert len(list((register.settings.files_dir / "uploads").glob("*"))) == 1
    files = next(each for each in all_kinds() if each.name == "roster-files")
    assert await sweep(context, PlaceSettings.read(), files) == 1
    assert [p for p in register.settings.files_dir.rglob("*") if p.is_file()] == []


async def test_a_reading_role_sees_no_names(register: Register, tmp_path: Path) -> None:
    workbook.write_csv(tmp_path / "roster.csv", Population(60, 5).households(), "utf-8")
    await register.imported((tmp_path / "roster.csv").read_bytes())
    with psycopg.connect(register.database.reader_url) as reader:
        assert reader.execute("SELECT count(*) FROM person").fetchone() == (0,)
        assert reader.execute("SELECT count(*) FROM household").fetchone() != (0,)


def every_row(url: str) -> str:
    """Every row of every table, as text."""
    texts: list[str] = []
    with psycopg.connect(url) as owner:
        tables = owner.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        for (table,) in tables:
            query = psycopg.sql.SQL("SELECT t::text FROM {} t").format(
                psycopg.sql.Identifier(table)
            )
            texts.extend(row[0] for row in owner.execute(query))
    return "\n".join(texts)
