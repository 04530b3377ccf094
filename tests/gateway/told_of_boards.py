"""What identification and benefits answer of boards, with more beside it than a place may show."""

from typing import Any

from tests.gateway.told_of_cases import CASE, NASTY, VILLAGE

CANARIES = ("11010519491231002X", "13900001234", "柳溪村3组", "尿毒症", "李伟明")
_TOO_MUCH = dict(
    zip(("id_number", "phone", "address", "illness", "full_name"), CANARIES, strict=True)
)
PUBLIC_LIST: dict[str, Any] = {
    "village": VILLAGE,
    "posted": [
        {
            "name": "李*明" + NASTY,
            "members": 3,
            "category": "最低生活保障",
            "sum": "每人每月150.00元",
            "list": "村（社区）公示",
            "first_day": "2026-10-02",
            "last_day": "2026-10-08",
            **_TOO_MUCH,
        }
    ],
    "granted": [
        {"name": "吉**铁", "members": 1, "category": "高龄津贴", **_TOO_MUCH},
        {
            "name": "王*",
            "members": 2,
            "category": "最低生活保障",
            **_TOO_MUCH,
            "village": VILLAGE,
            "programme": "dibao",
            "beneficiary_id": CASE,
        },
    ],
}
_WHOLE = {"name": CANARIES[-1], "village": VILLAGE}
POSTING_LIST: dict[str, Any] = {
    "items": [
        {**PUBLIC_LIST["posted"][0], **_WHOLE, "number": 7, "found": "拟同意", "days": "七天"},
    ]
}
ON_PAPER: dict[str, Any] = {"items": [{**PUBLIC_LIST["granted"][1], **_WHOLE}]}
"""With whole names, and beside them what is on no list."""
BOARD_SUMS: dict[str, Any] = {
    "sums": [
        {"beneficiary_id": CASE, "programme": programme, "month": "2026-10", "amount_fen": fen}
        for programme, fen in (("dibao", 41_250), ("disability_living", 11_111))
    ],
}


def of_boards() -> dict[str, Any]:
    """Answers for the public page of a village, and for its boards at the desk."""
    return {
        f"identification GET /villages/{VILLAGE}/public-list": PUBLIC_LIST,
        f"identification GET /areas/{VILLAGE}/board": {"items": PUBLIC_LIST["granted"][1:]},
        f"identification GET /areas/{VILLAGE}/board-on-paper": ON_PAPER,
        f"identification GET /areas/{VILLAGE}/posting-list": POSTING_LIST,
        f"identification GET /areas/{VILLAGE[:9]}/posting-list": {"items": []},
        f"benefits GET /areas/{VILLAGE}/board-sums": BOARD_SUMS,
    }
