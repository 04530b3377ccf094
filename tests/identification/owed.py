"""What is owed in a month by everything that was decided, as the law reckons it for a run."""

from typing import Any

from tests.identification.register import Register, benefits


async def decided_for(register: Register, month: str) -> dict[str, dict[str, Any]]:
    """By household what speaks for a month, as benefits fetches it: of what is decided for it, what
    was recorded last."""
    rows = register.rows(
        "SELECT DISTINCT ON (household_id) id FROM determination"
        " WHERE programme IS NULL AND from_month <= %s ORDER BY household_id, id DESC",
        month,
    )
    found = {}
    for row in rows:
        answer = await register.client.get(
            "/determinations",
            params={"determination_id": str(row["id"])},
            headers=register.headers(benefits(), "benefits"),
        )
        (words,) = answer.json()["items"]
        found[str(words["household_id"])] = words
    return found


async def owed(register: Register, month: str, *programmes: str) -> dict[str, int | None]:
    """What each of some programmes comes to in a month over all households; none, where it is held
    for anybody; and nothing of what pays nothing."""
    law = register.app.state.casework.law()
    total: dict[str, int | None] = {}
    for words in (await decided_for(register, month)).values():
        for answer in law.assess(words, month, programmes=programmes):
            if answer.held or answer.amount_fen:
                so_far = total.get(answer.programme, 0)
                known = so_far is not None and answer.amount_fen is not None
                total[answer.programme] = so_far + answer.amount_fen if known else None
    return total
