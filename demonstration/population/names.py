"""Names as a register has them: Han, minority names with ·, and characters few fonts know."""

from random import Random
from typing import Final

from demonstration.population.shares import Shares

_SURNAMES: Final = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任沈姚卢"
    "姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_COMPOUND: Final = ("欧阳", "司马", "诸葛", "上官")
_MEN: Final = (
    "伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆国建文志德福贵成林松云海山根生富安康正义"
)
_WOMEN: Final = (
    "芳娜敏静丽艳娟霞秀燕玲桂英兰凤洁梅琳素云莲真环雪荣爱妹香月莺媛红春菊珍玉萍蓉琼群淑碧"
)
_RARE: Final = "𠮷䶮㛃"
_YI: Final = ("阿约", "吉克", "沙马", "阿尔", "曲比", "吉木", "海来", "马海", "俄木", "阿苏")
_YI_GIVEN: Final = ("拉铁", "伍沙", "日古", "布都", "子布", "阿依", "木呷", "尔古", "石一", "依洛")
_LONG: Final = (
    "买买提",
    "吐尔逊",
    "阿卜杜热合曼",
    "古丽巴哈尔",
    "艾合买提江",
    "帕提古丽",
    "努尔麦麦提",
)
_LONGEST: Final = 12


def family_name(rng: Random) -> str:
    """A Han surname; the first ones are the commonest."""
    if rng.random() < 0.004:
        return rng.choice(_COMPOUND)
    return _SURNAMES[int(len(_SURNAMES) * rng.random() ** 1.7)]


def given_name(rng: Random, shares: Shares, male: bool) -> str:
    """A Han given name of one or two characters, now and then with a rare one."""
    letters = _MEN if male else _WOMEN
    given = rng.choice(letters)
    if rng.random() < 0.82:
        given += rng.choice(letters)
    if rng.random() * 1000 < shares.names["rare_character_per_thousand"]:
        given = given[0] + rng.choice(_RARE) if len(given) > 1 else rng.choice(_RARE)
    return given


def minority_name(rng: Random, shares: Shares) -> str:
    """A name with the middle dot: a short one, or one of twelve characters and more."""
    if rng.random() * 1000 >= shares.names["long_minority_per_thousand"]:
        return f"{rng.choice(_YI)}·{rng.choice(_YI_GIVEN)}"
    parts = [rng.choice(_LONG), rng.choice(_LONG)]
    while sum(map(len, parts)) + len(parts) - 1 < _LONGEST:
        parts.append(rng.choice(_LONG))
    return "·".join(parts)
