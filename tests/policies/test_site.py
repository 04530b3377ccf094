"""The law as pages: complete, linked, and readable on a phone."""

import re
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from lxml import html

from policies import site
from policies.reading.packs import Rule
from tests.policies.households import NATION


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, html.HtmlElement]:
    folder = tmp_path_factory.mktemp("law")
    site.write(folder)
    return {path: html.parse(path).getroot() for path in sorted(folder.rglob("*.html"))}


def test_every_link_leads_somewhere(pages: dict[Path, html.HtmlElement]) -> None:
    anchors = {path: set(root.xpath("//@id")) for path, root in pages.items()}
    for path, root in pages.items():
        for link in root.xpath("//a/@href"):
            target, anchor = urldefrag(link)
            there = (path.parent / target).resolve() if target else path
            assert there in pages, f"{path.name}: {link}"
            assert not anchor or anchor in anchors[there], f"{path.name}: {link}"


def test_no_page_names_an_anchor_twice(pages: dict[Path, html.HtmlElement]) -> None:
    for path, root in pages.items():
        ids = root.xpath("//@id")
        assert len(ids) == len(set(ids)), path.name


def test_every_programme_rule_number_fact_and_source_is_there(
    pages: dict[Path, html.HtmlElement],
) -> None:
    by_name = {path.name: set(root.xpath("//@id")) for path, root in pages.items()}
    for pack in NATION.packs.values():
        there = by_name[f"{pack.name}.html"]
        assert {rule.name for rule in pack.rules if not rule.since} <= there
        assert set(pack.numbers) <= there
    assert set(NATION.facts) <= by_name["facts.html"]
    assert set(NATION.sources) <= by_name["sources.html"]


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_a_rule_is_told_in_both_languages(pages: dict[Path, html.HtmlElement], tongue: str) -> None:
    texts = {path.stem: root.text_content() for path, root in pages.items()}
    rules: list[Rule] = [rule for pack in NATION.packs.values() for rule in pack.rules]
    for rule in rules:
        assert getattr(rule.sentence, tongue) in texts[rule.pack]


def test_a_number_shows_its_history_and_standing(pages: dict[Path, html.HtmlElement]) -> None:
    tekun = next(root for path, root in pages.items() if path.name == "tekun.html")
    told = tekun.text_content()
    assert "2025-01" in told
    assert "360.00 元" in told
    assert "demonstration" in told


def test_a_phone_can_read_it(pages: dict[Path, html.HtmlElement]) -> None:
    for path, root in pages.items():
        assert root.xpath("//meta[@name='viewport']/@content") == [
            "width=device-width, initial-scale=1"
        ], path.name
        assert not root.xpath("//script")
        assert not root.xpath("//table[not(ancestor::*[@class='wide'])]"), path.name
        assert root.xpath("//h1")
        assert root.get("lang") == "zh-CN"


def test_the_same_law_gives_the_same_pages(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    site.write(first)
    site.write(second)
    for path in first.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (second / path.relative_to(first)).read_bytes()


def test_a_folder_of_something_else_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.md").write_text("years of work", encoding="utf-8")
    assert site.main(["--out", str(tmp_path)]) == 1
    assert "holds something else" in capsys.readouterr().err
    assert (tmp_path / "thesis.md").read_text(encoding="utf-8") == "years of work"


def test_a_number_without_an_amount_says_that_a_place_sets_it(
    pages: dict[Path, html.HtmlElement],
) -> None:
    empty = [
        name
        for pack in NATION.packs.values()
        for name, number in pack.numbers.items()
        if not list(number.entries())
    ]
    told = " ".join(root.text_content() for root in pages.values())
    assert empty
    assert re.search("由地方设定|a place sets it", told)
