"""Forms to be signed on paper, with what is known already in them: the letter of authorisation."""

from typing import Any, Final

from services.identification.casework import authorisations
from services.identification.casework.applications import Member
from services.identification.casework.papers import printing
from services.identification.casework.papers.letters import NoSuchLetter
from services.identification.casework.standing import Standing
from services.identification.desk import Desk
from services.identification.grammar.acts import Words
from services.identification.places import Place
from shared import audit
from shared.printing import legible

_NAMES: Final = {authorisations.AUTHORISATION: Words("核对授权书（待签）", "letter to be signed")}


def of_case(at: Standing) -> list[dict[str, Any]]:
    """The forms somebody has still to sign."""
    wanted = authorisations.AUTHORISE in at.path.acts and authorisations.unauthorised(at)
    names = _NAMES if wanted and not at.path.states[at.case.state].ends else {}
    return [{"form": form, "name": words.both()} for form, words in names.items()]


async def printed(desk: Desk, place: Place, at: Standing, form: str) -> bytes:
    """A form of a case as PDF, a line for everybody who has not signed; that it was printed is
    written down.

    Raises:
        NoSuchLetter: there is no such form, or nobody has to sign it.
    """
    if form not in {each["form"] for each in of_case(at)}:
        raise NoSuchLetter(f"nobody has to sign {form}")
    await audit.record(
        desk.session,
        at.case.county,
        actor=desk.caller.subject,
        act="case-form-printed",
        subject=str(at.case.id),
        details={"form": form},
    )
    words = {
        "title": "居民家庭经济状况核对授权书",
        "receipt": f"{at.path.words.zh}　编号 {at.case.receipt}",
        "text": agreed(place, "我们"),
        "columns": ["姓名", "与户主关系", "身份证号（本人填写）", "本人或监护人签字", "日期"],
        "rows": [_line(at, each) for each in authorisations.unauthorised(at)],
        "note": "不能自己签字的（无民事行为能力人等），由监护人签字并写明关系。",
    }
    return printing.sheet("authorisation", words)


def agreed(place: Place, who: str) -> str:
    """What whoever signs agrees to, on paper as on the phone; `who` is how they speak of
    themselves."""
    return (
        f"{who}同意{place.name}民政局和受理的乡镇（街道）向有关部门和机构查询、核对{who}的收入和财产，"
        "只用于这次申请和享受期间的复查。"
    )


def _line(at: Standing, member: Member) -> list[str]:
    signer = authorisations.signer_of(at, member)
    guardian = "" if signer is member else f"监护人 {signer.name}："
    return [legible(each) for each in (member.name, member.relation, "", guardian, "")]
