"""Rules as functions that ask for what they read when they come to it, and keep what they find.

A rule names everything it may need, and a household needs little of it. So each rule is written
anew as a function over the household's sheet and, if it is a person's, the member's: a parameter
becomes an entry of a sheet, filled by its own function the first time somebody asks. What stands
on the sheets in the end is what was reached: the trace that workings are told from. A function is
written and compiled when it is first asked for.

Rules may name their locals as they like: in here these are called `its_…`, and nothing else is.
"""

import ast
import copy
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeGuard

from policies.engine import demand
from policies.engine.bench import Missing, Reached, unreadable
from policies.engine.kernel import Kernel, Kind
from policies.reading import grammar
from policies.reading.facts import NOT_APPLICABLE, NOT_APPLICABLE_WORD, Fact, State
from policies.reading.packs import SUM, Rule

Sheet = list[Any]
"""Whose words are read, then (of a household) the sheets of its members, then every quantity in
its place: what it is, what is missing, or None where nobody has asked."""
Ask = Callable[..., Any]

WORDS: Final = 0
MEMBERS: Final = 1
_NEAR: Final = 2**30 - 1
"""What is nearer to nought than this is told to fit 64 bits in one step of the machine."""
_RECKONING: Final = (ast.BinOp, ast.USub, ast.Call)


class Script:
    """The functions of a kernel, and the place of each quantity on the sheets."""

    def __init__(self, kernel: Kernel) -> None:
        self.places: dict[str, tuple[bool, int]] = {}
        """Of each quantity whether it is a person's, and where it stands on the sheet."""
        self.names: tuple[list[str], list[str]] = ([], [])
        """What stands on a household's sheet, and on a person's, in order."""
        self._kernel = kernel
        self._space: dict[str, Any] = {
            **grammar.OPERATIONS,
            "Missing": Missing,
            "Reached": Reached,
            "added_up": self._added_up,
            "read": self._read,
            "sound": _sound,
            "stopped": self._stopped,
        }

    def include(self, names: Iterable[str]) -> None:
        """Find a place for quantities and for everything they are reckoned from."""
        for root in names:
            for name in () if root in self.places else self._kernel.closure(root):
                if name not in self.places:
                    is_personal = self._kernel.is_personal(name)
                    names = self.names[is_personal]
                    names.append(name)
                    self.places[name] = (is_personal, len(names) + MEMBERS)
                    self._space[f"ask_{name}"] = self._unwritten(name)

    def ask(self, name: str, household: Sheet, member: Sheet | None) -> Any:
        """What a quantity is, reckoned now if nobody has asked before."""
        is_personal, place = self.places[name]
        if not is_personal:
            found = household[place]
            return self._space[f"ask_{name}"](household) if found is None else found
        assert member is not None, name
        found = member[place]
        return self._space[f"ask_{name}"](household, member) if found is None else found

    def decision(self, programme: str, settled_by: Sequence[str]) -> Ask:
        """A programme's tests in their order, then its sum; only what was reached can hold.

        The function gives how many of its roots were passed, and what stood there.
        """
        steps = self._kernel.programmes[programme]
        self.include([*(rule.name for rule in steps.roots()), *settled_by])
        lines = [f"def decide_{programme}(h, m):", " at = 0", " try:"]
        for at, test in enumerate(steps.tests):
            lines += [
                f"  it = {self._asked(test.name)}",
                f"  if it < {test.passes_from}: return {at}, it",
                f"  at = {at + 1}",
            ]
        lines += [
            f"  amount = {self._asked(steps.award.name)}",
            f"  if amount < 0: return at, Missing('rule-fault-{steps.award.name}')",
        ]
        for name in settled_by:
            lines += [f"  it = {self._asked(name)}", "  if it.__class__ is Missing: return at, it"]
        lines += [f"  {self._asked(rule.name)}" for rule in (*steps.parts, *steps.explanations)]
        lines += ["  return at + 1, amount", " except Reached as what:"]
        lines += ["  return at, Missing(what.reason)"]
        return self._put("\n".join(lines), f"decide_{programme}")

    # What the functions are made of.

    def _unwritten(self, name: str) -> Ask:
        """Stands where a function will, and has it written when it is first asked for."""

        def ask(*whose: Any) -> Any:
            return self._write(name)(*whose)

        return ask

    def _write(self, name: str) -> Ask:
        kind = self._kernel.kind(name)
        called = f"ask_{name}"
        if kind is Kind.FACT:
            return self._put(self._fact(self._kernel.facts[name]), called)
        if kind is Kind.SUM:
            return self._put(self._sum(name), called)
        return self._put(self._rule(self._kernel.rules[name]), called)

    def _put(self, text: str | ast.Module, called: str) -> Ask:
        exec(compile(text, f"<{called}>", "exec"), self._space)  # noqa: S102  # Rules that the grammar has checked, and lines from here.
        function: Ask = self._space[called]
        return function

    def _asked(self, name: str) -> str:
        """The expression that asks for a quantity."""
        entry, whose = self._entry(name)
        if self._kernel.kind(name) in {Kind.NUMBER, Kind.MONTH}:
            return entry
        return f"(it if (it := {entry}) is not None else ask_{name}({whose}))"

    def _entry(self, name: str) -> tuple[str, str]:
        """The entry of a quantity, and the sheets its function is given."""
        is_personal, place = self.places[name]
        return (f"m[{place}]", "h, m") if is_personal else (f"h[{place}]", "h")

    def _fact(self, fact: Fact) -> str:
        """Whatever is written in the ordinary way is read here, all else by the fact itself."""
        entry, whose = self._entry(fact.name)
        ordinary = f"it.__class__ is int and {fact.lowest} <= it <= {fact.highest}"
        if fact.unit == "date":
            ordinary += " and 0 < it % 100 < 29 and 0 < it // 100 % 100 < 13"
        lines = [
            f"def ask_{fact.name}({whose}):",
            f" it = {entry[0]}[{WORDS}].get({fact.name!r})",
            f" if {ordinary}: pass",
            f" elif it == {NOT_APPLICABLE_WORD!r}: it = {NOT_APPLICABLE}" * fact.may_not_apply,
            f" else: it = read({fact.name!r}, it)",
            f" {entry} = it",
            " return it",
        ]
        return "\n".join(line for line in lines if line)

    def _sum(self, name: str) -> str:
        entry, whose = self._entry(name)
        lines = [
            f"def ask_{name}({whose}):",
            " try:",
            "  total = 0",
            f"  for m in h[{MEMBERS}]: total += {self._asked(name.removeprefix(SUM))}",
            f"  total = sound(total, {name.removeprefix(SUM)!r})",
            " except Reached:",
            f"  total = added_up({name!r}, h)",
            f" {entry} = total",
            " return total",
        ]
        return "\n".join(lines)

    def _rule(self, rule: Rule) -> ast.Module:
        entry, whose = self._entry(rule.name)
        lines = [
            f"def ask_{rule.name}({whose}):",
            " try: pass",
            " except Reached as what:",
            f"  return stopped({rule.name!r}, what.reason, {whose})",
            " except ZeroDivisionError:",
            f"  return stopped({rule.name!r}, 'rule-fault-{rule.name}', {whose})",
        ]
        module = ast.parse("\n".join(lines))
        function = module.body[0]
        assert isinstance(function, ast.FunctionDef)
        tried = function.body[0]
        assert isinstance(tried, ast.Try)
        asked: dict[str, ast.expr] = {}
        uses, certain = demand.uses(rule.tree), demand.certain(rule.tree)
        changed = {n.id for n in ast.walk(rule.tree) if _is_set(n)}
        tried.body = []
        for name in rule.parameters:
            expression = self._asked(name)
            if name in changed or (uses[name] > 1 and name in certain):
                tried.body += ast.parse(f"its_{name} = {expression}").body
                expression = f"its_{name}"
            asked[name] = ast.parse(expression, mode="eval").body
        tried.body += _Body(rule, entry, asked).statements()
        return ast.fix_missing_locations(module)

    # What they call when it is not as it mostly is.

    def _read(self, name: str, word: object) -> "int | Missing":
        value, state = self._kernel.facts[name].read(word)
        return value if state is State.KNOWN else unreadable(name, state)

    def _added_up(self, name: str, household: Sheet) -> Missing:
        """A sum over members of whom some cannot be read."""
        summed = name.removeprefix(SUM)
        parts = [self.ask(summed, household, member) for member in household[MEMBERS]]
        # The reason must not hang on the order of the members.
        return Missing(min(part.reason for part in parts if isinstance(part, Missing)))

    def _stopped(
        self, name: str, reason: str, household: Sheet, member: Sheet | None = None
    ) -> Missing:
        """A rule that could not go on; whoever explains it looks at all that it was given."""
        own = household if member is None else member
        own[self.places[name][1]] = found = Missing(reason)
        for parameter in self._kernel.rules[name].parameters:
            self.ask(parameter, household, member)
        return found


class _Body(ast.NodeTransformer):
    """The statements of a rule, its names put into the terms of the sheets."""

    def __init__(self, rule: Rule, entry: str, asked: dict[str, ast.expr]) -> None:
        self._rule, self._entry, self._asked = rule, entry, asked
        body = grammar.body(rule.tree)
        self._reckons = any(
            isinstance(node, _RECKONING) for each in body for node in ast.walk(each)
        )

    def statements(self) -> list[ast.stmt]:
        module = ast.Module(copy.deepcopy(grammar.body(self._rule.tree)), [])
        self.generic_visit(module)
        return module.body

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self._asked and isinstance(node.ctx, ast.Load):
            return self._asked[node.id]
        if node.id in grammar.CONSTANTS:
            return ast.Constant(grammar.CONSTANTS[node.id])
        return ast.Name(f"its_{node.id}", node.ctx)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        return ast.Call(node.func, [self.visit(each) for each in node.args], [])

    def visit_Return(self, node: ast.Return) -> list[ast.stmt]:
        assert node.value is not None
        found, *after = ast.parse(self._ending()).body
        assert isinstance(found, ast.Assign)
        found.value = self.visit(node.value)
        return [found, *after]

    def _ending(self) -> str:
        lines = ["found = 0", f"{self._entry} = found", "return found"]
        if self._reckons:
            # What is missing stops here at the latest, for its own reason.
            check = f"if not {-_NEAR} < found < {_NEAR}: found = sound(found, {self._rule.name!r})"
            lines.insert(1, check)
        return "\n".join(lines)


def _is_set(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _sound(found: Any, name: str) -> Any:
    """What fits 64 bits, as it must for a county; all else is a fault of the rule."""
    return found if -(2**63) <= found < 2**63 else Missing(f"rule-fault-{name}")
