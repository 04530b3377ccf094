"""Words an entry is found by: a choice, a text, each of several lines; kept as keys only.

What an entry says stays sealed. Whoever reads the table of tags sees which entries say the same of
something, and not what.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func
from sqlmodel import col, select

from services.identification.desk import Desk
from services.identification.grammar.acts import Words
from services.identification.models import RegisterEntry, RegisterTag
from services.identification.registers.standing import seen_by
from services.identification.registers.tables import RegisterTable
from shared.database import new_id

COLUMN: Final = "register_tag.word_index"
BEFORE: Final = " before"
"""Behind the name of a field: what an entry said under it, and may say no more."""
NOT_YET: Final = Words("尚无", "none yet")


async def keep(
    desk: Desk, table: RegisterTable, entry: RegisterEntry, said: Mapping[str, Any]
) -> None:
    """The tags of what an entry says now, in the place of those of what it said; of what its table
    remembers those become tags of what was said before."""
    if not table.found_by:
        return
    theirs = col(RegisterTag.entry_id) == entry.id
    before = select(col(RegisterTag.name), col(RegisterTag.word_index)).where(theirs)
    tags = {
        (f"{plain}{BEFORE}", bytes(index))
        for name, index in (await desk.session.exec(before)).all()
        for plain in [name.removesuffix(BEFORE)]
        if plain in table.remembered
    }
    for name in table.found_by:
        tags |= {(name, _index(desk, name, word)) for word in _words(said.get(name))}
    await desk.session.exec(delete(RegisterTag).where(theirs))
    for name, index in sorted(tags):
        tag = RegisterTag(
            id=new_id(), county=entry.county, entry_id=entry.id, name=name, word_index=index
        )
        desk.session.add(tag)
    await desk.session.flush()


def silent(name: str) -> ColumnElement[bool]:
    """The entries that say nothing of something yet."""
    tagged = select(col(RegisterTag.entry_id)).where(col(RegisterTag.name) == name)
    return ~col(RegisterEntry.id).in_(tagged)


def saying(desk: Desk, name: str, *words: str) -> ColumnElement[bool]:
    """The entries that say one of these words of something."""
    return _tagged(desk, name, words, [name])


def having_said(desk: Desk, name: str, *words: str) -> ColumnElement[bool]:
    """The entries that say one of these words of something, or said it before."""
    return _tagged(desk, name, words, [name, f"{name}{BEFORE}"])


def _tagged(
    desk: Desk, name: str, words: Iterable[str], under: Sequence[str]
) -> ColumnElement[bool]:
    indexes = [_index(desk, name, word) for word in words]
    tagged = select(col(RegisterTag.entry_id)).where(
        col(RegisterTag.word_index).in_(indexes), col(RegisterTag.name).in_(under)
    )
    return col(RegisterEntry.id).in_(tagged)


async def counts(
    desk: Desk, table: RegisterTable, where: Iterable[ColumnElement[bool]]
) -> list[dict[str, Any]]:
    """How many entries say each of what may be chosen, and how many none of it yet.

    They add up to all the entries; the query opens those behind a number.
    """
    found, where = [], list(where)
    whole = select(func.count()).select_from(RegisterEntry).where(*where)
    all_of_them = (await desk.session.exec(whole)).one()
    for name in seen_by(desk.caller, table, dict.fromkeys(table.found_by)):
        field = table.fields[name]
        if not field.choices:
            continue
        by_index = {_index(desk, name, word): word for word in field.choices}
        statement = (
            select(col(RegisterTag.word_index), func.count())
            .join(RegisterEntry, col(RegisterEntry.id) == col(RegisterTag.entry_id))
            .where(col(RegisterTag.name) == name, *where)
            .group_by(col(RegisterTag.word_index))
        )
        counted = {
            by_index.get(bytes(index)): int(count)
            for index, count in (await desk.session.exec(statement)).all()
        }
        found.append(
            {
                "field": name,
                "words": field.words.both(),
                "choices": [
                    {
                        "word": word,
                        "words": words.both(),
                        "count": counted.get(word, 0),
                        "query": {"found": f"{name}:{word}"},
                    }
                    for word, words in field.choices.items()
                ]
                + [
                    {
                        "word": "",
                        "words": NOT_YET.both(),
                        "count": all_of_them - sum(counted.values()),
                        "query": {"found": f"{name}:"},
                    }
                ],
            }
        )
    return found


def _words(said: Any) -> list[str]:
    if said is None:
        return []
    return [str(each) for each in said] if isinstance(said, list) else [str(said)]


def _index(desk: Desk, name: str, word: str) -> bytes:
    """The key of a word; letters of one size, and no blanks, so that it is found as it is said."""
    plain = "".join(word.split()).casefold()
    return desk.keys.blind_index(f"{name}:{plain}", column=COLUMN)
