"""Fen, the one unit of money: whole numbers, never a fraction of one."""

import re
from typing import Final, NewType

from shared.problems import Malformed

Fen = NewType("Fen", int)

FEN_PER_YUAN: Final = 100

_YUAN = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,2}))?")
_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("", "拾", "佰", "仟")
_GROUPS: Final = ("", "万", "亿", "万亿")


class NotAnAmount(Malformed):
    """This is not an amount in yuan."""


def yuan_text(fen: int) -> str:
    """Fen as yuan with two decimals, for files and pages: 58600 → "586.00"."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{yuan}.{rest:02d}"


def parse_yuan(text: str) -> Fen:
    """Yuan as written by a person or a bank, in fen; more than two decimals is refused."""
    match = _YUAN.fullmatch(text.strip())
    if match is None:
        raise NotAnAmount("an amount is digits with at most two decimals, such as 586.00")
    sign, yuan, decimals = match.groups()
    fen = int(yuan) * FEN_PER_YUAN + int((decimals or "0").ljust(2, "0"))
    return Fen(-fen if sign else fen)


def capital_numerals(fen: int) -> str:
    """The amount in the capital numerals (大写) that a funding application must carry.

    Source: the form of 正确填写票据和结算凭证的基本规定 (People's Bank of China, 1997).
    """
    if fen < 0:
        return "负" + capital_numerals(-fen)
    yuan, rest = divmod(fen, FEN_PER_YUAN)
    jiao, odd_fen = divmod(rest, 10)
    words = _whole(yuan) + "元" if yuan else ""
    if not rest:
        return (words or "零元") + "整"
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif yuan:
        words += "零"
    return words + (_DIGITS[odd_fen] + "分" if odd_fen else "整")


def _whole(number: int) -> str:
    """A positive whole number in capital numerals, group by group of four digits."""
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    words, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group == 0:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):
            words += "零"
        words += _group(group) + _GROUPS[place]
        gap = False
    return words


def _group(group: int) -> str:
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return words
