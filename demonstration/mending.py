"""14 Mended: people whose money did not arrive bring a new card, and are paid again.

Two of three come within the month; the others' money waits for them, and the summary says so.
"""

from typing import Any, Final
from uuid import UUID

from demonstration.month import CountyMonth
from demonstration.stand_ins.temper import numbers_like

COME_OF_THREE: Final = 2
PAGE: Final = 500
NAMES_AT_ONCE: Final = 100


async def mend(month: CountyMonth) -> None:
    """The people who come to the desk, the second person who verifies, and the next attempt."""
    with month.telling.step("mending", "people bring new cards, and are paid again") as step:
        coming = [one for one in await _failures(month) if _comes(one)]
        names = await _names(month, [one["beneficiary_id"] for one in coming])
        for done, one in enumerate(coming):
            step.at(done, len(coming))
            await _bring(month, one, names[one["beneficiary_id"]])
        if coming:
            await month.staff.maker.post(
                "/reissues",
                {"pay_month": str(month.pay_month)},
                key=f"demonstration-{month.pay_month}-reissue",
            )
    if coming:
        await month.release("next attempts")
        await month.answer()


async def _failures(month: CountyMonth) -> list[dict[str, Any]]:
    """What did not arrive, one entry a beneficiary."""
    found: dict[str, dict[str, Any]] = {}
    after: str | None = None
    while True:
        asked: dict[str, Any] = {"pay_month": str(month.pay_month), "limit": PAGE}
        if after is not None:
            asked["after"] = after
        page = await month.staff.maker.get("/failures", **asked)
        for one in page["items"]:
            if one["attempt"] == 1:
                found.setdefault(one["beneficiary_id"], one)
        after = page["next"]
        if after is None:
            return list(found.values())


def _comes(failure: dict[str, Any]) -> bool:
    """Whether this one comes to the desk within the month; always the same ones."""
    return int(failure["account"]["last4"]) % 3 < COME_OF_THREE


async def _names(month: CountyMonth, ids: list[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for start in range(0, len(ids), NAMES_AT_ONCE):
        chunk = sorted(ids[start : start + NAMES_AT_ONCE])
        said = await month.staff.maker.post(
            "/people/names", {"ids": chunk}, key=f"names-{month.pay_month}-{chunk[0]}-{len(chunk)}"
        )
        names |= said["names"]
    return names


async def _bring(month: CountyMonth, failure: dict[str, Any], name: str) -> None:
    """A new card, with its paper; and a second person who has the bank look at it."""
    beneficiary = failure["beneficiary_id"]
    card = next(numbers_like(f"621700{UUID(beneficiary).int % 10**13:013d}"))
    brought = await month.staff.maker.post(
        f"/payees/{beneficiary}/account",
        {
            "beneficiary_kind": failure["beneficiary_kind"],
            "relation": "self" if failure["beneficiary_kind"] == "person" else "household",
            "paper": "身份证和新卡",
            "since": str(month.pay_month),
            "holder_id": beneficiary,
            "holder_name": name,
            "bank": failure["account"]["bank"],
            "account_number": card,
        },
        key=f"brought-{month.pay_month}-{beneficiary}",
    )
    seen = await month.staff.head.get(f"/accounts/{brought['account_id']}")
    waiting = [each["relation_id"] for each in seen["payees"] if not each["verified"]]
    await month.staff.head.post(
        f"/accounts/{brought['account_id']}/verification",
        {"verified": True, "relation_ids": waiting},
        key=f"verified-{month.pay_month}-{brought['account_id']}",
    )
