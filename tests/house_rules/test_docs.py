"""What the pages say is there."""

import importlib
import re
from pathlib import Path

import pytest

from tests.house_rules.sources import PROCESSES, ROOT, SERVICES, named, tracked

PAGES = tracked(".md")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    for target in re.findall(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)", text):
        if "://" in target or target.startswith("mailto:"):
            continue
        assert (page.parent / target).exists(), f"{target} is not there"


@pytest.mark.parametrize("process", PROCESSES)
def test_every_process_has_a_page_that_names_its_knobs(process: str) -> None:
    package = process if process == "gateway" else f"services.{process}"
    settings = importlib.import_module(f"{package}.settings").Settings
    page = ROOT / package.replace(".", "/") / "README.md"
    text = page.read_text(encoding="utf-8")
    own = set(settings.model_fields) - set(_common())
    assert not {knob for knob in own if f"{process}_{knob}".upper() not in text.upper()}


def test_the_map_and_the_page_of_a_process_name_each_event_it_says() -> None:
    the_map = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for said in tracked(".json"):
        if said.parent == ROOT / "docs" / "events":
            publisher, event, _ = said.stem.split(".")
            page = (ROOT / "services" / publisher / "README.md").read_text(encoding="utf-8")
            (row,) = (line for line in the_map.splitlines() if line.startswith(f"| [{publisher}]"))
            assert f"`{event}`" in row
            assert f"{publisher}.{event}" in page


@pytest.mark.parametrize("service", SERVICES)
def test_every_knob_says_what_it_is(service: str) -> None:
    settings = importlib.import_module(f"services.{service}.settings").Settings
    assert not [name for name, knob in settings.model_fields.items() if not knob.description]


@pytest.mark.parametrize("path", tracked(".py", ".md"), ids=named)
def test_code_names_only_runbooks_that_exist(path: Path) -> None:
    for name in re.findall(r"docs/runbooks/([a-z0-9-]+\.md)", path.read_text(encoding="utf-8")):
        assert (ROOT / "docs" / "runbooks" / name).exists()


def _common() -> dict[str, object]:
    from shared.settings import ProcessSettings

    return dict(ProcessSettings.model_fields)
