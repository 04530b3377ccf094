"""The pages of the law: a programme, a place, the facts, the sources, and what links them."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt

from policies.engine.cases import read_cases
from policies.engine.kernel import Kernel
from policies.engine.law import Law
from policies.engine.readable import value_words
from policies.reading.documents import month_text
from policies.reading.facts import Fact
from policies.reading.loading import load
from policies.reading.numbers import Dated, Number
from policies.reading.packs import SUM, Pack, Rule
from policies.reading.words import Words

NATION: Final = "nation"
_HERE: Final = Path(__file__).resolve().parent
_PACKS: Final = _HERE.parent
_LATEST: Final = "2199-12"
_LINK: Final = re.compile(r'href="([^"]+)"')


@dataclass(frozen=True)
class Amount:
    """One entry of a number: whose, for which code, since when, how far it is to be trusted."""

    place: str
    place_words: Words
    code: Words | None
    since: str
    shown: Words
    standing: str
    source: str
    where: str
    note: str


@dataclass(frozen=True)
class Book:
    """Every place's law, the nation's first."""

    laws: Mapping[str, Law]

    @classmethod
    def read(cls, places_dir: Path | None = None) -> "Book":
        """The law of every place there is.

        Raises:
            PackFault: a pack or a place is faulty.
        """
        folder = places_dir or _PACKS / "places"
        codes = sorted(path.parent.name for path in folder.glob("*/place.yaml"))
        laws = {NATION: load(NATION)}
        return cls(laws | {code: load(code, places_dir) for code in codes if code != NATION})

    def pages(self) -> Iterator[tuple[str, str]]:
        """(name, content) of every file of the site."""
        packs = sorted(self.nation.packs.values(), key=lambda p: (p.programme is None, p.name))
        giving = [pack for pack in packs if pack.programme]
        yield "law.css", (_HERE / "law.css").read_text(encoding="utf-8")
        yield "index.html", self._page("index.html", packs=packs, giving=giving, laws=self.laws)
        yield "facts.html", self._page("facts.html", facts=self._facts())
        yield "sources.html", self._page("sources.html", sources=self._sources())
        for pack in packs:
            yield f"packs/{pack.name}.html", self._pack_page(pack)
        for code, law in self.laws.items():
            yield f"places/{code}.html", self._page("place.html", up="../", code=code, law=law)

    @property
    def nation(self) -> Law:
        return self.laws[NATION]

    @cached_property
    def _kernel(self) -> Kernel:
        return self.nation.kernel(_LATEST)

    @cached_property
    def _homes(self) -> dict[str, str]:
        """The page, with anchor, of each named thing, from the root of the site."""
        found = {fact: f"facts.html#{fact}" for fact in self.nation.facts}
        for pack in self.nation.packs.values():
            names = [*(rule.name for rule in pack.rules), *pack.numbers]
            found |= {name: f"packs/{pack.name}.html#{name}" for name in names}
        return found

    @cached_property
    def _users(self) -> dict[str, list[str]]:
        """Who reads each named thing."""
        found: dict[str, list[str]] = {}
        for name, rule in self._kernel.rules.items():
            for parameter in rule.parameters:
                found.setdefault(parameter.removeprefix(SUM), []).append(name)
        return found

    @cached_property
    def _environment(self) -> Environment:
        made = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.filters.update(label=self._label)
        return made

    def _page(self, template: str, up: str = "", **shown: Any) -> str:
        linked = {"home_of": lambda name: f"{up}{self._homes[name]}", "up": up}
        users = lambda name: self._users.get(name, [])  # noqa: E731  # A name of the templates.
        return self._environment.get_template(template).render(
            **linked, users_of=users, offered_by=self._offered_by, **shown
        )

    def _label(self, name: str) -> Words:
        name = name.removeprefix(SUM)
        if name in self.nation.facts:
            return self.nation.facts[name].label
        if name in self._kernel.rules:
            return self._kernel.rules[name].label
        if name in self._kernel.numbers:
            return self._kernel.numbers[name].declaration.label
        return Words("本月", "this month")

    def _offered_by(self, programme: str) -> list[str]:
        return [c for c, law in self.laws.items() if programme in law.programmes and c != NATION]

    def _pack_page(self, pack: Pack) -> str:
        cases = list(read_cases(pack.path / "cases", self.nation))
        return self._page(
            "pack.html",
            up="../",
            pack=pack,
            prose=_prose(pack),
            rules=[
                (each, _text(each), each.since and month_text(each.since)) for each in pack.rules
            ],
            known=self._homes,
            numbers={name: self._amounts(name) for name in pack.numbers},
            facts=pack.facts.values(),
            cases=cases,
        )

    def _amounts(self, name: str) -> list[Amount]:
        """Every entry of a number, the nation's first."""
        found = []
        for code, law in self.laws.items():
            number = law.numbers[name]
            own = [
                (key, dated)
                for key, dated in number.entries()
                if code == NATION or dated.path.parent.name == code
            ]
            found += [_amount(law, number, key, dated) for key, dated in own]
        return found

    def _facts(self) -> dict[str, list[Fact]]:
        """The facts by whose they are."""
        facts = self.nation.facts.values()
        return {each: [f for f in facts if f.entity == each] for each in ("household", "person")}

    def _sources(self) -> dict[str, dict[str, Any]]:
        """Each source with what names it."""
        found: dict[str, dict[str, Any]] = {}
        for law in self.laws.values():
            for key, source in law.sources.items():
                found.setdefault(key, {"source": source, "rules": [], "numbers": []})
        for rule in self._kernel.rules.values():
            found[rule.source.split()[0]]["rules"].append(rule.name)
        for name in self._kernel.numbers:
            for key in dict.fromkeys(amount.source for amount in self._amounts(name)):
                found[key]["numbers"].append(name)
        return found


def _amount(law: Law, number: Number, code: int | None, dated: Dated) -> Amount:
    declared = number.declaration
    key, _, where = dated.source.partition(" ")
    return Amount(
        place=law.place.code,
        place_words=law.place.words,
        code=None if code is None else declared.codes[code].words,
        since=month_text(dated.since),
        shown=value_words(dated.amount, declared.unit, declared.choices),
        standing=dated.standing.name.lower(),
        source=key,
        where=where,
        note=dated.note,
    )


def _text(rule: Rule) -> str:
    """What a rule says, without its docstring and marks."""
    statements = rule.tree.body[1:]
    return "\n".join(ast.unparse(each) for each in statements)


def _prose(pack: Pack) -> str:
    """A pack's own page as HTML, without its first heading: the site has its own."""
    text = (pack.path / "README.md").read_text(encoding="utf-8")
    text = re.sub(r"\A# .*\n", "", text)
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    wide = '<div class="wide" tabindex="0" role="region" aria-label="table"><table>'
    return _linked(html.replace("<table>", wide).replace("</table>", "</table></div>"))


def _linked(html: str) -> str:
    """The links of a pack's prose, as they go on the site."""

    def turned(found: re.Match[str]) -> str:
        target = found[1]
        if target.endswith("/README.md") and target.startswith("../"):
            return f'href="{target.removeprefix("../").removesuffix("/README.md")}.html"'
        if target.endswith("sources.yaml"):
            return 'href="../sources.html"'
        return 'href="../index.html"' if not target.startswith("#") else found[0]

    return _LINK.sub(turned, html)
