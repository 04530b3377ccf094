"""Random hands walk a table until every state was stood in and every act of it was done.

Whoever walks picks acts that were not done yet, somebody who may do them, and words that will do;
and now and then an act of another place, hands that may not, an old version, a word that is none.
What is lawful happens as the table says, once where two ask at once; whatever is refused says why,
and has changed nothing in the database.
"""

import asyncio
import os
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import httpx
import psycopg
from psycopg import sql

from services.identification.grammar.acts import Act, Field, Table
from services.identification.grammar.needs import Wanted
from shared.callers import Caller
from tests.identification.register import Register

SEED: Final = 20261126
REFUSALS: Final = {403, 404, 409, 422}
WRONG: Final = 0.25
"""How often something is tried beside that is to be refused."""
BEGUN_MAX: Final = 14
ASKED_MAX: Final = 400
STEPS_MAX: Final = 60
TRIES: Final = (10, 4, 3, 3)
"""How often an act is tried, one that is needed for it, one that is needed for that, and so on."""
BARRED_MAX: Final = 2
IN_VAIN_MAX: Final = 3
"""How many hands and words are tried against the same need."""
FAR: Final = 1000.0
LAST: Final = 20.0
"""How far away a new act counts that leads to nothing new: it is done when the rest was."""
NO_WORDS: Final[tuple[Any, ...]] = (None, "", -1, "x" * 5000, [], {"a": 1}, "2026-02-30")
OF_NOBODY: Final = (
    "outbox", "inbox", "alembic_version", "applicant", "retention_sweep", "roster_import",
    "comparison",
)  # fmt: skip
"""Tables that are written while nobody does anything: what is announced goes out, what was proven
is handed on, days are swept and months begun."""
BY_SOMEBODY: Final = " WHERE actor LIKE 'staff:%' OR actor LIKE 'citizen:%'"
"""Of the audit what people did, not what time does."""


class Rows:
    """Everything that lies in a database, as far as an act could have written it."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        found = self._connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind = 'r' AND NOT relname = ANY(%s) ORDER BY relname",
            [list(OF_NOBODY)],
        )
        # Whatever is written is of a later transaction; whatever is taken out is one row less.
        row = "SELECT {} AS of, count(*) || '/' || coalesce(max(xmin::text::bigint), 0) FROM {}"
        each = [
            sql.SQL(row).format(sql.Literal(name), sql.Identifier(name))
            + sql.SQL(BY_SOMEBODY if name == "audit" else "")
            for (name,) in found
        ]
        self._asked = sql.SQL(" UNION ALL ").join(each)

    def now(self) -> dict[str, str]:
        """By table, how many rows it has, and which transaction wrote there last."""
        return dict(self._connection.execute(self._asked).fetchall())

    def close(self) -> None:
        """Look no more."""
        self._connection.close()


@dataclass
class Walked(ABC):
    """Something that is walked along its table."""

    county: Register
    table: Table
    rows: Rows
    needs: Mapping[str, Wanted]
    """What is needed, in words, and which acts bring it about."""
    hands: Sequence[Caller]
    """Everybody there is."""
    chance: Random = field(default_factory=lambda: Random(seed()))  # noqa: S311  # Nothing is kept secret by it.
    without: Set[str] = frozenset()
    """Acts nobody does on this walk, and needs nobody meets otherwise."""
    now: dict[str, Any] = field(default_factory=dict)
    begun: int = 0
    begun_max: int = BEGUN_MAX
    asked: int = 0
    """How often an act was asked for since the beginning."""
    asked_max: int = ASKED_MAX
    done: set[str] = field(default_factory=set)
    """What was done of `goals`."""
    by_end: bool = False
    """Whether an act that may lead to several states is to lead to each."""
    stood: set[str] = field(default_factory=set)
    barred: Counter[str] = field(default_factory=Counter)
    """How often each act was tried in vain since the beginning: some need another beginning."""
    hopeless: set[tuple[str, int]] = field(default_factory=set)
    """What nobody could do, at which version."""
    waited_for: dict[str, str] = field(default_factory=dict)
    """What each act was refused for last."""

    @property
    def state(self) -> str:
        """Where it stands."""
        return str(self.now["state"])

    @property
    def left(self) -> tuple[list[str], list[str]]:
        """What nobody did yet, and the states it never stood in."""
        return sorted(self.goals() - self.done), sorted(self.table.states.keys() - self.stood)

    def goals(self) -> set[str]:
        """Every act that is to be done, by its name, or by each state it leads to."""
        acts = (each for each in self.table.acts.values() if each.name not in self.without)
        return {goal for each in acts for goal in self.goals_of(each)}

    def goals_of(self, act: Act) -> set[str]:
        """What there is to be done of an act."""
        return {self.goal(act, end) for end in act.way.ends()} if act.way else {act.name}

    def goal(self, act: Act, end: str) -> str:
        """An act that led to a state, as it is counted."""
        several = self.by_end and act.way is not None and len(set(act.way.ends())) > 1
        return f"{act.name} → {end}" if several else act.name

    def fields_of(self, act: Act) -> Mapping[str, Field]:
        """What an act asks for where this stands."""
        return act.fields

    async def check(self, by: Caller, act: Act) -> None:
        """Whatever is to hold once an act was done."""
        del by, act

    def today(self) -> str:
        """The day it is."""
        return str(self.county.app.state.clock.today())

    @abstractmethod
    async def begin(self) -> None:
        """A new one."""

    @abstractmethod
    async def ask(
        self, by: Caller, act: str, words: dict[str, Any], version: int
    ) -> httpx.Response:
        """Ask for an act."""

    @abstractmethod
    def may(self, by: Caller, act: Act) -> bool:
        """Whether somebody may do an act, as far as scope, area and who is accused go."""

    @abstractmethod
    async def word(self, act: Act, asked: Field, said: Mapping[str, Any]) -> Any:
        """A word that will do beside those that are said; None to say nothing."""

    async def remedy(self, need: str) -> bool:
        """Bring about what an act needs, where no act of the table does."""
        del need
        return False

    async def words(self, act: Act, *, wrong: bool = False) -> dict[str, Any]:
        """What an act asks for; or one of them no word at all."""
        said: dict[str, Any] = {}
        for name, each in self.fields_of(act).items():
            word = await self.word(act, each, said)
            if word is not None:
                said[name] = word
        if wrong and said:
            said[self.chance.choice(sorted(said))] = self.chance.choice(NO_WORDS)
        return said

    def acts_here(self) -> list[Act]:
        """What may be done where it stands."""
        return [each for each in self.table.acts_from(self.state) if each.name not in self.without]


def seed() -> int:
    """The same each time; another one is walked with WALK_SEED."""
    return int(os.environ.get("WALK_SEED", SEED))


async def walk_all(walked: Walked) -> None:
    """Walk until nothing is left, from one beginning after another."""
    while any(walked.left) and walked.begun < walked.begun_max:
        await _begin(walked)
        await _walk_one(walked)
    assert walked.left == ([], []), _what_is_left(walked)


async def walk_some(walked: Walked, count: int) -> None:
    """Walk once, only for some of what there is to be done, as chance picks it."""
    goals = walked.goals()
    walked.done = goals - {*walked.chance.sample(sorted(goals), count)}
    walked.stood = set(walked.table.states)
    await _begin(walked)
    await _walk_one(walked)
    assert walked.now["version"], f"nothing was done, with WALK_SEED={seed()}"


def _what_is_left(walked: Walked) -> str:
    """What was not done, what it waited for, and what to add where."""
    acts, states = walked.left
    why = [
        f"{act} (waits for {need}: {walked.needs[need].en})"
        if need in walked.needs
        else f"{act} ({need or 'never asked for'})"
        for act in acts
        for need in [walked.waited_for.get(act.partition(" ")[0], "")]
    ]
    return (
        f"after {walked.begun} beginnings, with WALK_SEED={seed()}, nobody did {why}, and it never"
        f" stood in {states}. Where an act of the table brings about what is waited for, say so"
        " with the words of the need (`by`); where a word must fit, say it in `word` of this walk,"
        " where a day or a paper must come, in `remedy`; where only another beginning or another"
        " setting of the place leads there, in `begin`."
    )


async def _begin(walked: Walked) -> None:
    walked.begun += 1
    walked.barred, walked.hopeless, walked.asked = Counter(), set(), 0
    await walked.begin()
    walked.stood.add(walked.state)


async def _walk_one(walked: Walked) -> None:
    """Act after act, as long as anything new can be come to."""
    here: Counter[str] = Counter()
    for _ in range(STEPS_MAX):
        if walked.asked >= walked.asked_max:
            return
        if walked.chance.random() < WRONG:
            await _try_wrongly(walked)
        rank = _ranks(walked, here)
        tried = (each for each in walked.acts_here() if walked.barred[each.name] < BARRED_MAX)
        act = min(tried, key=rank, default=None)
        if act is None or rank(act) >= FAR:
            return
        if await _do(walked, act):
            here[act.name] += 1
        else:
            walked.barred[act.name] += 1


def _ranks(walked: Walked, here: Counter[str]) -> Callable[[Act], float]:
    """How far from anything new an act leads: new ones that stay come first, ends come last."""
    acts, states = walked.left
    tried = [each for each in walked.table.acts.values() if walked.barred[each.name] < BARRED_MAX]
    new = {each.name for each in tried if walked.goals_of(each) & {*acts}}
    fresh = {state for each in new for state in walked.table.acts[each].sources}
    far = _distances(walked, {*states, *fresh})

    def rank(act: Act) -> float:
        ends = set(act.way.ends()) - {walked.state} if act.way else set()
        if not ends:
            return walked.chance.random() if act.name in new else FAR
        nearest = min(far[end] for end in ends)
        if act.name in new:
            nearest = min(nearest, LAST)
        again = 4 * here[act.name] + (0 if act.name in new else 5 + 10 * act.aside)
        return nearest + 1 + again + walked.chance.random()

    return rank


def _distances(walked: Walked, wanted: Set[str]) -> dict[str, float]:
    """How many acts lie between each state and one that is wanted."""
    far = {name: 0.0 if name in wanted else FAR for name in walked.table.states}
    for _ in far:
        for act in walked.table.acts.values():
            if act.name not in walked.without and walked.barred[act.name] < BARRED_MAX:
                ends = act.way.ends() if act.way else ()
                nearest = min((far[end] for end in ends), default=FAR) + 1
                for name in act.sources:
                    far[name] = min(far[name], nearest)
    return far


async def _do(walked: Walked, act: Act, depth: int = 0) -> bool:
    """Have an act done by whoever may, with words that will do; whether it was."""
    hands = [each for each in walked.hands if walked.may(each, act)]
    walked.chance.shuffle(hands)
    in_vain: Counter[str] = Counter()
    for attempt in range(TRIES[depth] if hands else 0):
        if walked.asked >= walked.asked_max:
            break
        by = hands[attempt % len(hands)]
        # Whoever else may do it does, in the same moment.
        at_once = depth == 0 and not walked.goals_of(act) & walked.done
        beside = [hands[(attempt + 1) % len(hands)]] if at_once else []
        answer = await _ask(walked, [by, *beside], act, await walked.words(act))
        if answer.status_code == 200:
            return True
        problem = answer.json()
        need = next(iter(problem.get("needs", [])), problem["type"])
        walked.waited_for[act.name] = need
        if not await _bring_about(walked, need, depth):
            in_vain[need] += 1
            if in_vain[need] >= IN_VAIN_MAX:
                break
    walked.hopeless.add((act.name, walked.now["version"]))
    return False


async def _bring_about(walked: Walked, need: str, depth: int) -> bool:
    """Have done what an act needs, by other acts of the table or else; whether anything was."""
    brought = need not in walked.without and await walked.remedy(need)
    for name in walked.needs[need].by if need in walked.needs and depth + 1 < len(TRIES) else ():
        act = walked.table.acts.get(name)
        here = act is not None and act in walked.acts_here()
        if here and (name, walked.now["version"]) not in walked.hopeless:
            brought |= await _do(walked, walked.table.acts[name], depth + 1)
    return brought


async def _ask(
    walked: Walked, hands: Sequence[Caller], act: Act, words: dict[str, Any], *, older: int = 0
) -> httpx.Response:
    """Ask for an act, all hands at once: what happens is lawful, as the table says, and once; or
    nothing has changed."""
    walked.asked += 1
    before, stored = walked.now, walked.rows.now()
    version = before["version"] - older
    asked = await asyncio.gather(*(walked.ask(by, act.name, words, version) for by in hands))
    done = [(by, each) for by, each in zip(hands, asked, strict=True) if each.status_code == 200]
    for each in asked:
        if each.status_code != 200:
            _insist_on_reason(act, each)
    if not done:
        changed = {name for name, rows in walked.rows.now().items() if stored.get(name) != rows}
        assert not changed, f"{act.name} was refused and changed {sorted(changed)}: {asked[0].text}"
        return asked[0]
    ((by, answer),) = done
    lawful = before["state"] in act.sources and walked.may(by, act) and not older
    assert lawful, f"{by.person} did {act.name} at {before['state']}"
    walked.now = answer.json()
    assert walked.now["version"] == before["version"] + 1
    ends = set(act.way.ends()) if act.way else {before["state"]}
    assert walked.state in ends, f"{act.name} led to {walked.state}"
    walked.done.add(walked.goal(act, walked.state))
    walked.stood.add(walked.state)
    await walked.check(by, act)
    return answer


def _insist_on_reason(act: Act, answer: httpx.Response) -> None:
    """A refusal says what it is, and all that is missing in both languages."""
    assert answer.status_code in REFUSALS, f"{act.name}: {answer.text}"
    problem = answer.json()
    assert problem["title"], answer.text
    missing = problem.get("missing", [])
    assert len(missing) == len(problem.get("needs", [])), answer.text
    assert all(each["zh"] and each["en"] for each in missing), answer.text


async def _try_wrongly(walked: Walked) -> None:
    """An act of another place, by hands that may not, of an old version, or with no word."""
    here, acts = walked.acts_here(), list(walked.table.acts.values())
    may = [(by, each) for each in acts for by in walked.hands if walked.may(by, each)]
    fit = [(by, each) for by, each in may if each in here]
    elsewhere = [(by, each) for by, each in may if walked.state not in each.sources]
    unfit = [(by, each) for each in here for by in walked.hands if not walked.may(by, each)]
    tries: list[tuple[Sequence[tuple[Caller, Act]], dict[str, Any], set[str]]] = [
        (elsewhere, {}, {"not-here"}),
        (unfit, {}, {"not-yours", "forbidden", "no-such-case", "no-such-entry", "no-such-alert"}),
        (fit if walked.now["version"] else [], {"older": 1}, {"moved-on"}),
    ]
    some, how, reasons = walked.chance.choice(tries)
    if some:
        by, act = walked.chance.choice(some)
        answer = await _ask(walked, [by], act, await walked.words(act), **how)
        reason = answer.json()["type"].rpartition("/")[2]
        assert reason in reasons, f"{act.name} by {by.person} at {walked.state}: {answer.text}"
    if fit:
        by, act = walked.chance.choice(fit)
        await _ask(walked, [by], act, await walked.words(act, wrong=True))
