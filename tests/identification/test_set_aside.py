"""A roster that cannot go in is set aside, and no other waits behind it for ever."""

import io
import zipfile
from pathlib import Path
from uuid import UUID

from services.identification.importing import rosters
from services.identification.importing.working import run_import
from tests.identification.makers import a_household, a_person, a_workbook, on_dibao, rows_of
from tests.identification.register import Register, standing
from tests.trial import NatsAt, TrialDatabase

FIRST = a_workbook(rows_of(a_household("h-1", a_person(1), **on_dibao())))
SECOND = a_workbook(rows_of(a_household("h-2", a_person(2))))


async def test_one_that_falls_again_and_again_lets_the_next_go_in_and_goes_on_when_sent_again(
    trial_database: TrialDatabase, tmp_path: Path, nats_server: NatsAt
) -> None:
    async with standing(tmp_path, trial_database, nats_server, import_children=0) as register:
        first = (await register.upload(FIRST)).json()["import_id"]
        second = (await register.upload(SECOND)).json()["import_id"]
    lies = rosters.upload_path(tmp_path / "files", UUID(first))
    away = lies.rename(lies.with_name("away"))
    async with standing(
        tmp_path, trial_database, nats_server, import_children=1, import_falls_max=2
    ) as register:
        assert (await register.finished(second))["status"] == "imported"
        stopped = await register.finished(first)
        assert (stopped["status"], stopped["refused_because"]) == ("refused", "import-stopped")
        assert [one["code"] for one in stopped["problems"]] == ["import-stopped"]
        away.rename(lies)
        again = (await register.upload(FIRST)).json()
        assert (again["import_id"], again["status"]) == (first, "importing")
        found = await register.finished(first)
    assert (found["status"], found["problems"], found["people"]) == ("imported", [], 1)


async def test_accounts_refused_for_good_stop_the_import_and_nothing_is_lost(
    register: Register,
) -> None:
    register.neighbours.refuses = True
    found = await register.imported(FIRST)
    assert (found["status"], found["refused_because"]) == ("refused", "handing-refused")
    assert (await register.imported(SECOND))["status"] == "imported"
    assert len(register.rows("SELECT subject FROM outbox")) == 1, "nobody is told of half a roster"
    register.neighbours.refuses = False
    found = await register.imported(FIRST)
    assert (found["status"], found["problems"]) == ("imported", [])
    assert len(register.neighbours.accounts) == 1
    assert len(register.rows("SELECT subject FROM outbox")) == 2


async def test_a_row_numbered_beyond_any_sheet_is_refused_and_blocks_nobody(
    register: Register,
) -> None:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(FIRST)) as good,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for part in good.infolist():
            content = good.read(part).replace(b'<row r="2"', b'<row r="99999999999"')
            bad.writestr(part.filename, content)
    import_id = (await register.upload(packed.getvalue())).json()["import_id"]
    assert await run_import(register.settings, UUID(import_id)) == 0
    found = await register.finished(import_id)
    assert (found["status"], found["refused_because"]) == ("refused", "roster-unreadable")
    assert "行号" in found["problems"][0]["reason"]
