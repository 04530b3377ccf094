"""The models say what the migrations say, and what must stay cannot be changed."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from shared import migrations
from shared.database import run
from tests.gateway.visits import Door
from tests.trial import MakeDatabase


def test_models_and_migrations_agree_and_can_be_taken_back(make_database: MakeDatabase) -> None:
    database = make_database("gateway")
    migrations.drift("gateway", database.owner_url)
    migrations.downgrade("gateway", database.owner_url)
    migrations.upgrade("gateway", database.owner_url)


@pytest.mark.parametrize("table", ["passage", "audit"])
async def test_what_was_written_down_cannot_be_changed_or_taken_out(door: Door, table: str) -> None:
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET county = 'x'"):  # noqa: S608 # Names of this test only.
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with door.app.state.database.transaction() as session:
                await run(session, text(statement))
