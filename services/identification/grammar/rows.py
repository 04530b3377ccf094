"""The row of an act that was done: written with its words sealed, and read as a later act finds it.

What an act says is bound to its table and its row: moved anywhere else it does not open.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from services.identification.desk import Desk
from services.identification.grammar.history import Done
from services.identification.grammar.moving import Movable
from services.identification.models.rows import ActRow, Row
from shared import audit
from shared.database import new_id
from shared.secrets import KeyRing

_COLUMN: Final = "words_sealed"


def write_down(
    desk: Desk,
    kind: type[ActRow],
    moved: Movable,
    act: str,
    before: str,
    words: Mapping[str, Any],
    **own: Any,
) -> tuple[Done, dict[str, str]]:
    """What the caller did now, under the version it led to: as a later act will find it, and as
    the audit row of it bears it out; `own` are a table's own columns."""
    act_id = new_id()
    row = kind(
        id=act_id,
        county=moved.county,
        number=moved.version,
        act=act,
        from_state=before,
        to_state=moved.state,
        actor=desk.caller.subject,
        person=desk.caller.person,
        done_at=desk.now,
        done_on=desk.today,
        words_sealed=desk.keys.encrypt(
            json.dumps(words, ensure_ascii=False),
            table=str(kind.__tablename__),
            column=_COLUMN,
            row=act_id,
        ),
        **own,
    )
    desk.session.add(row)
    done_now = Done(
        act,
        before,
        moved.state,
        desk.caller.subject,
        desk.caller.person,
        desk.today,
        desk.now,
        words,
    )
    return done_now, witness(row)


def witness(row: Row, *changing: str) -> dict[str, str]:
    """A row as its audit row bears it out, without the columns that may change."""
    return audit.witness(str(row.__tablename__), row.model_dump(exclude=set(changing)))


def words_of(keys: KeyRing, row: ActRow) -> dict[str, Any]:
    """The words of an act that was done."""
    words: dict[str, Any] = json.loads(
        keys.decrypt(row.words_sealed, table=str(row.__tablename__), column=_COLUMN, row=row.id)
    )
    return words


def done(keys: KeyRing, row: ActRow) -> Done:
    """An act that was done, with its words."""
    return Done(
        row.act,
        row.from_state,
        row.to_state,
        row.actor,
        row.person,
        row.done_on,
        row.done_at,
        words_of(keys, row),
    )
