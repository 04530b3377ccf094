"""Packages taken in: each visit by itself, once, whatever comes again or in another order."""

import asyncio
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from services.identification.casework import cases, reading
from services.identification.casework.papers import documents
from services.identification.casework.standing import WRITINGS, Standing
from services.identification.casework.visits import LATE, WRITTEN_SINCE
from services.identification.desk import Desk
from services.identification.models import OfflineSurvey, SurveyIssue, SurveyUpload
from services.identification.offline import packages, worklists
from services.identification.offline.packages import Package, Survey
from services.identification.sealed_papers import NoPaper, PaperTooLarge, PictureTooWide
from shared.callers import Caller, Kind
from shared.database import run
from shared.problems import Conflict, Forbidden, Problem

PHOTO: Final = "survey-photo"
INDEX_COLUMN: Final = "offline_survey.content"
SCOPE: Final = "cases:survey"
SURVEY: Final = "survey"
_PEOPLE: Final = {True: "same-people", False: "other-people"}
Endings = Mapping[str, Sequence[datetime]]
"""By account, when it lost the right to make visits."""


class SignaturesWanting(Conflict):
    """A visit is signed by the investigators who made it, each by the key of their own list."""


class SignedAfterTheEnd(Forbidden):
    """Whoever signed it might make no visits any more when they did."""


class SignedAtNoTime(Conflict):
    """A visit is signed while its list holds, and before it is brought."""


class SurveyDiffers(Conflict):
    """This visit is on record already, and says something else."""


async def take_in(desk: Desk, files: Path, content: bytes, ended: Endings) -> dict[str, Any]:
    """Take in every visit of a package that can be, and say of each what became of it.

    Each is done wholly or not at all, and apart from the others. What was taken in before is
    known, so a package may be sent again, in parts or in another order. `ended` says which accounts
    lost the right to make visits, and when.

    Raises:
        PackageUnreadable, PackageTooLarge: nothing of it was taken in.
    """
    package, photos = await asyncio.to_thread(packages.read, content)
    await reading.hold(desk, {each.case_id for each in package.surveys})
    results = [await _one(desk, files, package, each, photos, ended) for each in package.surveys]
    desk.session.add(
        SurveyUpload(
            county=desk.caller.county,
            package_id=package.package_id,
            device=package.device,
            sha256=hashlib.sha256(content).hexdigest(),
            uploaded_by=desk.caller.subject,
            uploaded_at=desk.now,
            results=results,
        )
    )
    await desk.session.flush()
    counted = {
        outcome: sum(each["outcome"] == outcome for each in results)
        for outcome in ("taken-in", "came-late", "known", "refused")
    }
    await desk.note("survey-package-uploaded", str(package.package_id), counted)
    return {"package_id": str(package.package_id), **counted, "results": results}


async def listed(desk: Desk, limit: int = 50) -> list[dict[str, Any]]:
    """The packages the caller brought, the newest first, with what became of each visit."""
    statement = (
        select(SurveyUpload)
        .where(col(SurveyUpload.uploaded_by) == desk.caller.subject)
        .order_by(col(SurveyUpload.id).desc())
        .limit(limit)
    )
    return [
        {
            "package_id": str(each.package_id),
            "device": each.device,
            "uploaded_at": each.uploaded_at.isoformat(),
            "results": each.results,
        }
        for each in await desk.session.exec(statement)
    ]


async def _one(
    desk: Desk,
    files: Path,
    package: Package,
    survey: Survey,
    photos: Mapping[str, bytes],
    ended: Endings,
) -> dict[str, Any]:
    """One visit; its own part of the transaction is undone where it is refused."""
    said = {"survey_id": str(survey.survey_id), "case_id": str(survey.case_id)}
    try:
        async with desk.session.begin_nested():
            became = await _taken_in(desk, files, package, survey, photos, ended)
    except Problem as problem:
        return {
            **said,
            "outcome": "refused",
            "reason": problem.slug(),
            "why": problem.title(),
            "needs": problem.members.get("needs", []),
        }
    return {**said, **became}


async def _taken_in(
    desk: Desk,
    files: Path,
    package: Package,
    survey: Survey,
    photos: Mapping[str, bytes],
    ended: Endings,
) -> dict[str, Any]:
    """What became of the visit; if it is new it is on record, signed, with its photos. What was
    taken in once is known for good, whatever has become of its lists.

    Raises:
        SignaturesWanting, SignedAfterTheEnd, SignedAtNoTime, SurveyDiffers, and whatever an act may
            raise.
    """
    index = desk.keys.blind_index(survey.signed.decode(), column=INDEX_COLUMN)
    if await _is_known(desk, survey, index):
        return {"outcome": "known"}
    signers = await _signers(desk, survey)
    at = await cases.stand(_as(desk, signers[0]), survey.case_id, lock=True)
    if not await _claim(desk, package, survey, index):
        return {"outcome": "known"}
    for signer in signers:
        _refuse_if_ended(desk, survey, signer, ended)
    since = _written_since(at, survey)
    words = {**survey.words, **since, "survey_id": str(survey.survey_id)}
    act = LATE if since or _comes_late(at, survey) else SURVEY
    at = await cases.do(_as(desk, signers[0]), survey.case_id, act, at.case.version, words)
    for signer in signers[1:]:
        at = await cases.do(
            _as(desk, signer),
            survey.case_id,
            "sign-survey",
            at.case.version,
            {"survey_id": str(survey.survey_id)},
        )
    outcome = "came-late" if act == LATE else "taken-in"
    not_kept = await _keep_photos(_as(desk, signers[0]), files, survey, photos)
    return {"outcome": outcome, **since, **({"photos_not_kept": not_kept} if not_kept else {})}


async def _keep_photos(
    visitor: Desk, files: Path, survey: Survey, photos: Mapping[str, bytes]
) -> list[dict[str, str]]:
    """File what was photographed, also where the file is closed; which are no pictures that are
    kept, and why. They were signed as they are, so none is ever brought anew, and the visit is kept
    without them.
    """
    not_kept = []
    for sha256 in survey.photos:
        content = photos[sha256]
        try:
            await documents.add(
                visitor, files, survey.case_id, PHOTO, None, content, documents.Hand.VISITOR
            )
        except (NoPaper, PaperTooLarge, PictureTooWide) as problem:
            not_kept.append({"sha256": sha256, "reason": problem.slug(), "why": problem.title()})
    return not_kept


def _written_since(at: Standing, survey: Survey) -> dict[str, str]:
    """Where the application was written anew since the list was taken along, the word that says
    whether the people who were visited are those it names now."""
    # Acts are counted by the version, so those behind the one that was seen came later.
    if not any(each.act in WRITINGS for each in at.acts[survey.seen_version :]):
        return {}
    before = at.written(survey.seen_version)[-1:]
    same = [each.names_the_people_of(at.application) for each in before]
    return {WRITTEN_SINCE: _PEOPLE[same[0]] if same else "unknown"}


def _comes_late(at: Standing, survey: Survey) -> bool:
    """The visits of its case are over, or it was made before the objection that began them anew."""
    if at.case.state not in at.path.acts[SURVEY].sources:
        return LATE in at.path.acts and at.case.state in at.path.acts[LATE].sources
    objection = at.last("object")
    visited_on = str(survey.words.get("visited_on", ""))
    return objection is not None and visited_on < objection.done_on.isoformat()


async def _is_known(desk: Desk, survey: Survey, index: bytes) -> bool:
    """Whether the visit is on record already.

    Raises:
        SurveyDiffers: it is, and something else was said under its id.
    """
    known = await desk.session.get(OfflineSurvey, survey.survey_id)
    if known is not None and known.content_index != index:
        raise SurveyDiffers()
    return known is not None


async def _claim(desk: Desk, package: Package, survey: Survey, index: bytes) -> bool:
    """Whether the id is new; of two packages at once the second waits for the first.

    Raises:
        SurveyDiffers: it is known, and something else was said under it.
    """
    claimed = await run(
        desk.session,
        insert(OfflineSurvey)
        .values(
            county=desk.caller.county,
            survey_id=survey.survey_id,
            case_id=survey.case_id,
            package_id=package.package_id,
            content_index=index,
            taken_in_at=desk.now,
        )
        .on_conflict_do_nothing()
        .returning(col(OfflineSurvey.survey_id)),
    )
    return claimed.first() is not None or not await _is_known(desk, survey, index)


async def _signers(desk: Desk, survey: Survey) -> list[SurveyIssue]:
    """Whoever signed the visit, each person once, by the key of a list that still holds.

    Raises:
        SignaturesWanting: one does not hold, or they are too few.
    """
    found: dict[str, SurveyIssue] = {}
    for signature in survey.signatures:
        known = await worklists.key_of(desk, signature.issue_id)
        if known is None:
            raise SignaturesWanting("a list is not known, or its days are over")
        issue, key = known
        mac = hmac.new(key, survey.signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(mac, signature.mac):
            raise SignaturesWanting("a signature is not of this visit")
        found.setdefault(issue.person, issue)
    if len(found) < desk.settings.number("investigators_min"):
        raise SignaturesWanting(f"{len(found)} signed")
    return list(found.values())


def _refuse_if_ended(desk: Desk, survey: Survey, signer: SurveyIssue, ended: Endings) -> None:
    """Whoever signed might do so then: a list taken before an account ended signs nothing after it.

    A visit that does not say when it was signed is signed as it is brought.
    """
    signed_at = survey.signed_on or desk.now
    if not signer.issued_at <= signed_at <= desk.now:
        raise SignedAtNoTime()
    if any(signer.issued_at <= end <= signed_at for end in ended.get(signer.subject, ())):
        raise SignedAfterTheEnd()


def _as(desk: Desk, signer: SurveyIssue) -> Desk:
    """The desk of whoever signed: what they may do is what they might when the list was theirs."""
    caller = Caller(
        signer.subject,
        Kind.STAFF,
        signer.county,
        signer.person,
        frozenset({SCOPE}),
        tuple(signer.areas),
    )
    return replace(desk, caller=caller)
