"""Values and reckonings as a clerk reads them out, in both languages."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from policies.engine.ways import Way
from policies.reading import grammar
from policies.reading.documents import month_text
from policies.reading.facts import NOT_APPLICABLE
from policies.reading.words import Code, Words

_UNIT_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "fen": (" 元", " yuan"),
    "months": (" 个月", " months"),
    "years": (" 岁", " years"),
    "days": (" 天", " days"),
    "basis_points": ("%", "%"),
}
_MARK: Final = "\0"
"""Stands about the number of a gap while a text is put together; no word has it."""
_CHOICES: Final = {0: ("否", "no"), 1: ("是", "yes")}
_SIGNS: Final[Mapping[type[ast.AST], str]] = {
    ast.Add: "+",
    ast.Sub: "−",
    ast.Mult: "×",
    ast.FloorDiv: "÷",
    ast.Eq: "=",
    ast.NotEq: "≠",
    ast.Lt: "<",
    ast.LtE: "≤",
    ast.Gt: ">",
    ast.GtE: "≥",
}
_SPOKEN: Final[Mapping[str, tuple[str, str]]] = {
    "and": ("且", "and"),
    "or": ("或", "or"),
    "not": ("非 ", "not "),
    "min": ("取小", "the lesser of "),
    "max": ("取大", "the greater of "),
    "abs": ("绝对值", "the size of "),
    "days_of": ("当月天数", "the days of "),
    "month_of": ("所在月份", "the month of "),
    "round_up": ("向上取整至", "rounded up to "),
    "round_down": ("向下取整至", "rounded down to "),
    "share_of": ("按比例", "the share of "),
    "ratio_of": ("比率", "the ratio of "),
    "part_of": ("分期额", "the part of "),
    "years_between": ("相隔整年数", "whole years between "),
    "mod": ("除后余数", "the remainder after division by"),
    "holds": ("成立", "holds"),
    "fails": ("不成立", "does not hold"),
}


@dataclass(frozen=True)
class Shown:
    """One named thing in a reckoning: its label, unit and codes."""

    label: Words
    unit: str
    codes: Mapping[int, Code]

    def words(self, value: int) -> Words:
        """A value of it."""
        return value_words(value, self.unit, self.codes)


def value_words(value: int, unit: str, codes: Mapping[int, Code]) -> Words:
    """A value with its unit: 1110.00 yuan, 2026-10, rural, 3 months."""
    if unit in {"code", "flag"} and value in codes:
        return codes[value].words
    if unit == "flag" and value in _CHOICES:
        return Words(*_CHOICES[value])
    if value == NOT_APPLICABLE and unit in {"code", "date", "month"}:
        return Words("不适用", "not applicable")
    after = _UNIT_WORDS.get(unit, ("", ""))
    text = value_text(value, unit)
    return Words(text + after[0], text + after[1])


def value_text(value: int, unit: str) -> str:
    """A value without its unit."""
    if unit == "fen":
        sign = "-" if value < 0 else ""
        return f"{sign}{abs(value) // 100}.{abs(value) % 100:02d}"
    if unit == "date":
        return f"{value // 10000:04d}-{value // 100 % 100:02d}-{value % 100:02d}"
    if unit in {"hundredths", "basis_points"}:
        return _decimal(value)
    return month_text(value) if unit == "month" else str(value)


def _decimal(hundredths: int) -> str:
    """Hundredths as a plain decimal, without noughts that say nothing: 70, 2.5, 0.03."""
    sign = "-" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{sign}{whole}.{rest:02d}".rstrip("0") if rest else f"{sign}{whole}"


@dataclass(frozen=True)
class Gap:
    """Where a value is put into a text: whose, of a table by which key, and how it is shown."""

    name: str
    key: str | None
    shown: Shown


@dataclass(frozen=True)
class Template:
    """A reckoning in one language, with a gap wherever a household puts its own value."""

    text: str
    gaps: tuple[Gap, ...]


class Rendering:
    """One rule's arithmetic along one way, in one language."""

    def __init__(
        self, way: Way, shown: Mapping[str, Shown], result: Shown, *, chinese: bool
    ) -> None:
        self._way = way
        self._shown = shown
        self._result = result
        self._tongue = 0 if chinese else 1
        self._texts: dict[str, str] = {}
        self._gaps: list[Gap] = []

    def of(self, function: ast.FunctionDef) -> Template:
        """The template of a rule that came to its end."""
        text = self._follow(grammar.body(function), None) or ""
        parts = text.split(_MARK)
        gaps = tuple(self._gaps[int(part)] for part in parts[1::2])
        return Template("%s".join(part.replace("%", "%%") for part in parts[::2]), gaps)

    def _follow(self, statements: list[ast.stmt], asked: ast.expr | None) -> str | None:
        """The text of what is returned; `asked` is the condition that led here."""
        for statement in statements:
            if isinstance(statement, ast.Return) and statement.value is not None:
                return self._result_text(statement.value, asked)
            if isinstance(statement, ast.Assign):
                target = statement.targets[0]
                assert isinstance(target, ast.Name)
                self._texts[target.id] = self._text(statement.value, inner=True)
            if isinstance(statement, ast.If):
                taken = statement.body if self._way.holds(statement.test) else statement.orelse
                asked = statement.test
                text = self._follow(taken, asked)
                if text is not None:
                    return text
        return None

    def _result_text(self, node: ast.expr, asked: ast.expr | None) -> str:
        """What is returned; a bare value says nothing, so its condition is put beside it."""
        if isinstance(node, ast.IfExp):
            taken = node.body if self._way.holds(node.test) else node.orelse
            return self._result_text(taken, node.test)
        text = self._constant(node, self._result) or self._text(node)
        if asked is None or not isinstance(node, ast.Constant | ast.Name | ast.Subscript):
            return text
        verdict = self._spoken("holds" if self._way.holds(asked) else "fails")
        asked_text = f"{self._text(asked)} {verdict}"
        return f"{text}（{asked_text}）" if self._tongue == 0 else f"{text} ({asked_text})"

    def _constant(self, node: ast.expr, shown: Shown | None) -> str | None:
        """A constant in the words of what it is compared with or given as."""
        if isinstance(node, ast.Constant):
            value = node.value
        elif isinstance(node, ast.Name) and node.id in grammar.CONSTANTS:
            value = grammar.CONSTANTS[node.id]
        else:
            return None
        assert isinstance(value, int)
        words = value_words(value, shown.unit, shown.codes) if shown else Words(*[str(value)] * 2)
        return words.zh if self._tongue == 0 else words.en

    def _text(self, node: ast.expr, *, inner: bool = False) -> str:
        match node:
            case ast.Constant():
                return self._constant(node, None) or ""
            case ast.Name(id=name):
                return self._constant(node, None) or self._texts.get(name) or self._entry(name)
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id=key)):
                return self._entry(name, key)
            case ast.BinOp():
                return self._operation(node, inner=inner)
            case ast.Compare(left=left, ops=operators, comparators=others):
                return self._comparison(left, operators[0], others[0])
            case ast.BoolOp(op=joint):
                word = self._spoken("and" if isinstance(joint, ast.And) else "or")
                asked = self._asked(node)
                text = f" {word} ".join(self._text(value, inner=True) for value in asked)
                return f"({text})" if inner and len(asked) > 1 else text
            case ast.UnaryOp(op=operator, operand=operand):
                sign = "−" if isinstance(operator, ast.USub) else self._spoken("not")
                return sign + self._text(operand, inner=True)
            case ast.IfExp(test=test, body=first, orelse=second):
                return self._text(first if self._way.holds(test) else second, inner=inner)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._call(name, arguments)
            case _:
                raise AssertionError(ast.unparse(node))

    def _operation(self, node: ast.BinOp, *, inner: bool) -> str:
        if self._is_of_hundredths(node):
            return self._text(node.left, inner=inner)
        sign = _SIGNS.get(type(node.op)) or self._spoken("mod")
        first = self._text(node.left, inner=_binds_less(node.left, node.op, right=False))
        second = self._text(node.right, inner=_binds_less(node.right, node.op, right=True))
        return f"({first} {sign} {second})" if inner else f"{first} {sign} {second}"

    def _is_of_hundredths(self, node: ast.BinOp) -> bool:
        """Whether a hundred divides out what is kept in hundredths, and is shown in wholes."""
        match node:
            case ast.BinOp(
                left=ast.BinOp(left=ast.Name(id=name), op=ast.Mult()),
                op=ast.FloorDiv(),
                right=ast.Constant(value=100),
            ):
                return name in self._shown and self._shown[name].unit == "hundredths"
            case _:
                return False

    def _asked(self, node: ast.BoolOp) -> list[ast.expr]:
        """The conditions up to the one that decides: what stands after it may not even be known."""
        places = range(len(node.values))
        decides = next(place for place in places if self._way.decided(node, place))
        return node.values[: decides + 1]

    def _comparison(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> str:
        sides = [
            self._constant(side, self._shown_of(other)) or self._text(side, inner=True)
            for side, other in ((left, right), (right, left))
        ]
        return f" {_SIGNS[type(operator)]} ".join(sides)

    def _call(self, name: str, arguments: list[ast.expr]) -> str:
        if name in {"round_up", "round_down"}:
            amount, step = (self._text(each) for each in arguments)
            return f"{amount} {self._spoken(name)}{step}"
        comma = "、" if self._tongue == 0 else ", "
        return f"{self._spoken(name)}({comma.join(self._text(each) for each in arguments)})"

    def _shown_of(self, node: ast.expr) -> Shown | None:
        named = node.value if isinstance(node, ast.Subscript) else node
        return self._shown.get(named.id) if isinstance(named, ast.Name) else None

    def _entry(self, name: str, key: str | None = None) -> str:
        """A name with its value, which is left open."""
        shown = self._shown[name]
        label = shown.label.zh if self._tongue == 0 else shown.label.en
        self._gaps.append(Gap(name, key, shown))
        return f"{label} {_MARK}{len(self._gaps) - 1}{_MARK}"

    def _spoken(self, name: str) -> str:
        return _SPOKEN[name][self._tongue]


def _binds_less(node: ast.expr, operator: ast.operator, *, right: bool) -> bool:
    """Whether a part needs brackets beside this operator."""
    if not isinstance(node, ast.BinOp):
        return True
    if isinstance(node.op, ast.Mod):
        return True
    sums = (ast.Add, ast.Sub)
    if isinstance(operator, sums):
        return right and isinstance(operator, ast.Sub) and isinstance(node.op, sums)
    return right or isinstance(node.op, sums)
