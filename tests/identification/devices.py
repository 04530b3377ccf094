"""A tablet that investigators take along, and what becomes of the visits they bring."""

import hashlib
import hmac
import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any, Final
from uuid import uuid4

from shared.callers import Caller
from tests.identification.caseworkers import LIU_QIANG, WANG_FANG
from tests.identification.register import Register

SURVEYORS: Final = (WANG_FANG, LIU_QIANG)


class Device:
    """A tablet that two investigators take along."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.lists: dict[str, dict[str, Any]] = {}

    async def takes_along(self, *people: Caller) -> dict[str, Any]:
        """Each of them signs in once while there is a network."""
        for each in people or SURVEYORS:
            answer = await self.register.client.post(
                "/survey-work", json={}, headers=self.register.headers(each)
            )
            assert answer.status_code == 201, answer.text
            self.lists[each.person] = answer.json()
        return self.lists[(people or SURVEYORS)[0].person]

    def visit(
        self, case: dict[str, Any], *people: Caller, photos: Iterable[bytes] = (), **said: Any
    ) -> dict[str, Any]:
        """A visit that is made and signed with no network."""
        words = {
            "visited_on": "2026-09-25",
            "family_member": "李伟",
            "findings": "土坯房两间",
            "income_fen_yearly": 216000,
        }
        survey = {
            "survey_id": str(uuid4()),
            "case_id": case["case_id"],
            "seen_version": case["version"],
            "words": {**words, **said},
            "photos": [hashlib.sha256(each).hexdigest() for each in photos],
        }
        return self.signed(survey, *(people or SURVEYORS))

    def signed(self, survey: dict[str, Any], *people: Caller) -> dict[str, Any]:
        """The same under the names of these people."""
        bare = {name: word for name, word in survey.items() if name != "signatures"}
        said = json.dumps(bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        signatures = []
        for each in people:
            taken = self.lists[each.person]
            mac = hmac.new(bytes.fromhex(taken["key"]), said.encode(), "sha256").hexdigest()
            signatures.append({"issue_id": taken["issue_id"], "mac": mac})
        return {**bare, "signatures": signatures}

    async def brings(
        self,
        *surveys: dict[str, Any],
        photos: Iterable[bytes] = (),
        by: Caller = WANG_FANG,
        package_id: str | None = None,
        ended: Iterable[tuple[str, str]] = (),
    ) -> dict[str, Any]:
        """A package, when there is a network again; what became of it."""
        head = {
            "package_id": package_id or str(uuid4()),
            "device": "tablet-7",
            "surveys": list(surveys),
        }
        content = json.dumps(head).encode()
        if photos:
            sink = io.BytesIO()
            with zipfile.ZipFile(sink, "w") as file:
                file.writestr("package.json", content)
                for number, each in enumerate(photos):
                    file.writestr(f"photos/{number}.jpg", each)
            content = sink.getvalue()
        answer = await self.register.client.post(
            "/survey-packages",
            content=content,
            headers={**self.register.headers(by), "x-accounts-ended": json.dumps([*ended])},
        )
        found: dict[str, Any] = answer.json()
        return {**found, "status": answer.status_code}


def outcomes(brought: dict[str, Any]) -> list[str]:
    return [each.get("reason") or each["outcome"] for each in brought["results"]]
