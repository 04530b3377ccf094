"""What every page is: whole, small, running nothing, and leading nowhere in vain."""

import re
from html.parser import HTMLParser
from typing import Any

import httpx
from lxml import html

from gateway.refilled import is_served
from gateway.routes import PREFIX, TABLE
from tests.gateway.visits import Door


class _Shape(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.inputs: list[dict[str, str | None]] = []
        self.labels: set[str | None] = set()
        self.inside_label = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append(tag)
        assert not [name for name in named if name.startswith("on")], attrs
        if named.get("id"):
            self.ids.append(str(named["id"]))
        if tag == "label":
            self.labels.add(named.get("for"))
            self.inside_label += 1
        if tag in {"input", "select"} and named.get("type") != "hidden":
            self.inputs.append({**named, "labelled": "yes" if self.inside_label else None})

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self.inside_label -= 1


def _shape(page: httpx.Response) -> _Shape:
    shape = _Shape()
    shape.feed(page.text)
    return shape


async def are_sound(
    door: Door, browser: httpx.AsyncClient, paths: tuple[str, ...], bytes_max: int
) -> None:
    """Every one of these pages is there, whole, small, runs nothing, and leads nowhere in vain."""
    for path in paths:
        page = await browser.get(path)
        assert page.status_code == 200, (path, page.text)
        is_sound(page, bytes_max)
        leads_somewhere(door, page)


def leads_somewhere(door: Door, page: httpx.Response) -> None:
    """Each link and each form of a page has a route: a page of ours, or a row of the table."""
    tree: Any = html.document_fromstring(page.text)
    ways = [("GET", str(link)) for link in tree.xpath("//a/@href")]
    ways += [(form.method, form.action or str(page.url)) for form in tree.forms]
    for method, address in ways:
        way = page.url.join(address)
        if way.scheme.startswith("http"):
            assert is_a_way(door, method, way.path), (page.url.path, method, address)


def is_a_way(door: Door, method: str, path: str) -> bool:
    """Whether anything is behind an address."""
    if path.startswith(f"{PREFIX}/"):
        return TABLE.match(method, path) is not None
    return is_served(door.app, method, path)


def is_sound(page: httpx.Response, bytes_max: int) -> None:
    """A page is small, runs nothing, is written safely, and labels each field."""
    assert len(page.content) <= bytes_max, page.url
    assert "<script" not in page.text, page.url
    assert "{{7*7}}" in page.text or "49" not in re.sub(r"[0-9a-f-]{30,}", "", page.text)
    assert "演示县：标准为历史数值。" in page.text
    shape = _shape(page)
    assert "script" not in shape.tags
    assert shape.tags.count("h1") == 1
    assert len(shape.ids) == len(set(shape.ids)), page.url
    for field in shape.inputs:
        labelled = field["labelled"] or field.get("id") in shape.labels
        assert labelled, (page.url, field)
