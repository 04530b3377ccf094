"""Whose hands bring papers to a case: not a relative's, and not anybody's what officers write."""

from dataclasses import replace

import httpx
import pytest

from shared.callers import Caller
from tests.identification.caseworkers import (
    CHEN_HONG,
    JPEG,
    SUN_LEI,
    WANG_FANG,
    WORKER,
    YANG_MEI,
    ZHANG_LI,
    Walk,
    staff,
)
from tests.identification.makers import VILLAGE, id_number
from tests.identification.register import Register

OFFICERS = (
    "survey-form", "survey-photo", "comparison-report", "minutes", "posting-photo", "decision",
)  # fmt: skip


async def refusal(walk: Walk, by: Caller, kind: str) -> str:
    """Why somebody may not bring a paper."""
    answer = await brought(walk, by, kind)
    assert answer.status_code == 403, answer.text
    return str(answer.json()["type"])


async def brought(walk: Walk, by: Caller, kind: str) -> httpx.Response:
    return await walk.register.client.post(
        f"{walk.path}/papers",
        params={"kind": kind},
        content=JPEG + kind.encode(),
        headers=walk.register.headers(by),
    )


@pytest.mark.breaks("A paper is brought by who may")
async def test_who_takes_in_brings_what_applicants_bring_and_nothing_officers_write(
    register: Register,
) -> None:
    walk = await Walk(register).accepted()
    form = await walk.paper(WANG_FANG, "survey-form")
    for kind in OFFICERS:
        for by in (YANG_MEI, CHEN_HONG):
            assert await refusal(walk, by, kind) == "/problems/officers-paper", kind
    papers = {each["kind"]: each for each in (await walk.look())["papers"]}
    assert (papers["survey-form"]["document_id"], papers["survey-form"]["replaced"]) == (
        form,
        False,
    )
    operator = staff("operator", WORKER - {"cases:identify"}, VILLAGE)
    for by in (YANG_MEI, CHEN_HONG, operator, WANG_FANG):
        assert (await brought(walk, by, "income-proof")).status_code == 201, by.subject
    for kind in OFFICERS:
        assert (await brought(walk, ZHANG_LI, kind)).status_code == 201, kind


@pytest.mark.breaks("A paper is brought by who may")
async def test_nobody_brings_a_paper_to_a_case_of_a_relative_or_to_one_they_have_no_part_in(
    register: Register,
) -> None:
    walk = await Walk(register).accepted()
    assert await refusal(walk, SUN_LEI, "income-proof") == "/problems/not-in-your-hands"
    filing = {"relation": "sibling", "name": "李娜", "id_number": id_number(2, "20180910")}
    filed = await register.client.post(
        "/relatives", json=filing, headers=register.headers(WANG_FANG)
    )
    assert filed.status_code == 201, filed.text
    for by in (WANG_FANG, replace(WANG_FANG, subject="staff:wang-fang-2")):
        for kind in ("income-proof", "survey-form"):
            assert await refusal(walk, by, kind) == "/problems/near-relative", by.subject
