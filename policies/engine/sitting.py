"""One month's law, ready for households: whoever comes is read, decided, and answered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from policies.engine.answers import Answer, FailedTest, Part, Programme
from policies.engine.asking import MEMBERS, WORDS, Script, Sheet
from policies.engine.bench import Bench, Missing
from policies.engine.phrases import Phrasebook
from policies.engine.telling import Telling, Workings
from policies.engine.trace import NO_MEMBER, Trace
from policies.engine.workings import Explained
from policies.reading.documents import month_index
from policies.reading.packs import Source
from policies.reading.programmes import MONEY

_HEAD: Final = MEMBERS + 1
_new: Final = tuple.__new__
"""Makes a named tuple without the function that would take its parts one by one."""


class Sitting:
    """The numbers of a month, the functions of its rules, and how its programmes are decided."""

    def __init__(
        self,
        bench: Bench,
        script: Script,
        programmes: Mapping[str, Programme],
        sources: Mapping[str, Source],
    ) -> None:
        self.bench = bench
        self._script = script
        self._programmes = programmes
        self._book = Phrasebook(bench.kernel, bench.month, sources)
        self._procedures: dict[str, Procedure] = {}
        self._blank: tuple[Sheet, Sheet] = ([], [])

    def assess(self, household: Mapping[str, Any], names: Iterable[str]) -> list[Answer]:
        """One answer a beneficiary and programme: the household, and each member of the month."""
        procedures = [self._procedures.get(name) or self._prepare(name) for name in names]
        trace = self._read(household)
        telling = Telling(self._book, trace)
        answers = []
        for procedure in procedures:
            if procedure.is_personal:
                for member, person_id in enumerate(trace.person_ids):
                    answers.append(procedure.answer(telling, trace, member, person_id))
            else:
                household_id = str(household["household_id"])
                answers.append(procedure.answer(telling, trace, NO_MEMBER, household_id))
        trace.close()
        return answers

    def value(self, name: str, household: Mapping[str, Any], person_id: str | None) -> Any:
        """One quantity, or what is missing."""
        self._script.include([name])
        trace = self._read(household)
        member = None if person_id is None else trace.members[trace.person_ids.index(person_id)]
        return self._script.ask(name, trace.household, member)

    def explain(self, names: Sequence[str], household: Mapping[str, Any]) -> Explained:
        """Quantities of the household with everything they were reckoned from."""
        self._script.include(names)
        trace = self._read(household)
        found = {name: self._script.ask(name, trace.household, None) for name in names}
        values = {
            name: value.reason if isinstance(value, Missing) else int(value)
            for name, value in found.items()
        }
        rules = [self.bench.kernel.rules[name] for name in names]
        workings = Telling(self._book, trace).lines(rules, NO_MEMBER)
        trace.close()
        return Explained(values, workings)

    def _prepare(self, name: str) -> "Procedure":
        procedure = Procedure(self.bench, self._script, self._programmes[name])
        self._procedures[name] = procedure
        return procedure

    def _read(self, household: Mapping[str, Any]) -> Trace:
        """A household and its members of the month, with nothing reckoned yet."""
        month = self.bench.month
        blank, blank_member = self._blanks()
        sheet, sheets, person_ids = blank.copy(), [], []
        for each in household["members"]:
            since, until = each.get("since"), each.get("until")
            if (since and month_index(since) > month) or (until and month > month_index(until)):
                continue
            member = blank_member.copy()
            member[WORDS] = each["facts"]
            sheets.append(member)
            person_ids.append(str(each["person_id"]))
        sheet[WORDS], sheet[MEMBERS] = household["facts"], sheets
        return Trace(
            self._script,
            sheet,
            sheets,
            person_ids,
            household.get("determination_id"),
            household.get("decided_on"),
        )

    def _blanks(self) -> tuple[Sheet, Sheet]:
        """Sheets with the month and its numbers, and room for everything a procedure needs."""
        names, names_of_members = self._script.names
        blank, blank_member = self._blank
        if len(blank) < len(names) + _HEAD or len(blank_member) < len(names_of_members) + _HEAD:
            blank = [None] * _HEAD + [self.bench.given(name) for name in names]
            self._blank = (blank, [None] * (_HEAD + len(names_of_members)))
        return self._blank


class Procedure:
    """How one programme is decided and answered."""

    def __init__(self, bench: Bench, script: Script, programme: Programme) -> None:
        terms, declared = programme.terms, programme.declared
        self.is_personal = terms.is_personal
        self._declared, self._items = declared, programme.budget_items
        self._codes = bench.kernel.codes
        self._steps = steps = bench.kernel.programmes[programme.name]
        self._decide = script.decision(programme.name, terms.settled_by)
        asked = (*steps.tests, steps.award)
        self._roots = [asked[: at + 1] for at in range(len(asked))]
        self._roots.append((*asked, *steps.parts, *steps.explanations))
        # Thirteen answers are made in as many microseconds: what is the same in all of them, and
        # where it is, is looked up once.
        self._tests = [
            (test.name, test.threshold or 0, test.unit, test.otherwise) for test in steps.tests
        ]
        self._count = len(steps.tests)
        self._name, self._kind = programme.name, programme.beneficiary_kind
        self._fund, self._gives, self._period = programme.fund, declared.gives, declared.period

    def answer(self, telling: Telling, trace: Trace, member: int, beneficiary_id: str) -> Answer:
        """What the programme says of a household or of one of its members."""
        sheet = trace.members[member] if self.is_personal else None
        at, found = self._decide(trace.household, sheet)
        workings = Workings(telling, self._roots[at], member)
        eligible: bool | None = False
        amount_fen: int | None = 0
        held, failed, budget_item, quantity, unit = None, None, None, None, "fen"
        payee = self._declared.payee
        parts: tuple[Part, ...] = ()
        if found.__class__ is Missing:
            eligible, amount_fen, held = None, None, found.reason
        elif at < self._count:
            name, threshold, in_unit, otherwise = self._tests[at]
            failed = _new(FailedTest, (name, threshold - found, in_unit, otherwise))
        else:
            eligible = True
            if self._gives == MONEY:
                amount_fen = found
            else:
                quantity = found
            unit = self._steps.award.unit
            if self._items is not None:
                budget_item = self._items[trace.value("registration")]
            if self._declared.payee_by is not None:
                payee = self._payee(trace, member)
            if self._steps.parts:
                parts = self._parts(trace, found, member)
        return _new(
            Answer,
            (
                self._name,
                self._kind,
                beneficiary_id,
                eligible,
                amount_fen,
                held,
                failed,
                budget_item,
                self._fund,
                self._gives,
                self._period,
                payee,
                quantity,
                unit,
                parts,
                workings,
            ),
        )

    def _payee(self, trace: Trace, member: int) -> str:
        """Into whose hands it goes; where a coded quantity decides, by that quantity."""
        declared = self._declared
        assert declared.payee_by is not None
        code = trace.value(declared.payee_by, member)
        return declared.payee_of(code, self._codes(declared.payee_by))

    def _parts(self, trace: Trace, award: int, member: int) -> tuple[Part, ...]:
        """The shares of an award; a share whose reckoning lacks a number is named without a sum."""
        found = []
        for rule in self._steps.parts:
            fen = trace.value(rule.name, member)
            if not isinstance(fen, Missing) and fen < 0:
                fen = Missing(f"rule-fault-{rule.name}")
            missing = isinstance(fen, Missing)
            found.append(
                Part(
                    name=rule.name,
                    words=rule.label,
                    to=rule.to,
                    paid_by=rule.paid_by,
                    amount_fen=None if missing else fen,
                    held=fen.reason if missing else None,
                )
            )
        _check_whole(found, award, self._steps.award.name)
        return tuple(found)


def _check_whole(parts: Sequence[Part], award: int, name: str) -> None:
    for named in ("to", "paid_by"):
        shares = [each.amount_fen for each in parts if getattr(each, named)]
        known = [share for share in shares if share is not None]
        assert not shares or len(known) < len(shares) or sum(known) == award, (
            f"the parts of {name} by {named} are not the whole"
        )
