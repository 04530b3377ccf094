"""Refusals as pages: what was refused and what to do about it, in the reader's language."""

import re
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from gateway.pages import pages_of
from shared.problems import NotFound, Problem

router = APIRouter()

SLUG: Final = re.compile(r"[a-z][a-z-]{1,60}")


@dataclass(frozen=True, slots=True)
class Said:
    """A refusal in words: what happened, and what to do."""

    title: str
    what: str


BY_STATUS: Final = {
    401: Said("请先登录", "登录时间已过，请重新登录。"),
    403: Said("这一步不归您办", "您的岗位没有这项权限，或者表单已过期。请回到上一页重新打开。"),
    404: Said("没有这一页", "网址不对，或者这里没有您要找的内容。"),
    409: Said("现在不能这样办", "别人可能先办了，或者还差一步。请回到上一页看看现在的状态。"),
    413: Said("文件太大", "请把文件分小一些再传。"),
    422: Said("填的内容有问题", "请回到上一页，改好再提交。"),
    429: Said("太快了", "请过一会儿再试。"),
    503: Said("系统这会儿接不上", "您填的没有丢。请过一会儿，回到上一页再试一次。"),
}
OTHERWISE: Final = Said("出了点问题", "已经记下来了。请过一会儿再试，或打电话问我们。")
ANOTHER_PERSON: Final = Said("要换一个人", "同一个人不能办两步。请另一位有权限的同事来办。")
LIST_DIFFERS: Final = Said("名单变了", "您看过的名单和现在的不一样。请重新看一遍，再签。")
BY_SLUG: Final = {
    "needs-another-person": ANOTHER_PERSON,
    "another-person-needed": ANOTHER_PERSON,
    "another-person-verifies": ANOTHER_PERSON,
    "list-differs": LIST_DIFFERS,
    "facts-have-moved": Said("情况有变化", "算好以后又有人去世或有新的发放。请重算，再签。"),
    "maker-first": Said("经办先签", "请经办先签字，负责人后签。"),
    "already-signed": Said("已经签过了", "这个岗位已经有人签字。"),
    "not-calculated": Said("还没有算好", "请等算好以后再签。"),
    "regular-run-open": Said("正常批次还没签完", "本月正常批次签完以后，才能开补充批次。"),
    "no-appropriation": Said("还没有拨款", "请财政先记下这笔资金的拨款凭证。"),
    "appropriation-spent": Said("拨款不够", "这笔资金剩下的不够。请财政补记拨款。"),
    "voucher-recorded": Said("凭证记过了", "这个凭证号在本月这笔资金里已经记过。"),
    "payouts-frozen": Said("发放已冻结", "请先弄清原因，由财政解冻，写明理由。"),
    "envelope-moved": Said("信封的状态变了", "别人先办了一步。请重新打开看看。"),
    "run-not-ordered": Said("名单还没交到支付", "刚签的名单正在交过来。过一会儿再做信封。"),
    "account-changed": Said("账户变了", "信封里有账户改过。请作废这个信封，重新做。"),
    "bank-contradicts": Said("银行的话前后不一", "银行可能已经付过。请作废这个信封，先问银行。"),
    "beneficiary-died": Said("有人去世了", "信封里有人在这之前去世。请作废这个信封，重新做。"),
    "account-decided": Said("账户核对过了", "这个账户已经核对过，或者正在写进银行文件。"),
    "paper-missing": Said("少凭据", "别人的账户收钱，要写明看过的凭据。"),
    "run-has-moved": Said("批次的状态变了", "别人先办了一步。请重新打开看看。"),
    "roster-unreadable": Said("名册读不出来", "请用空白模板填好，存成 xlsx 或 csv 再传。"),
    "county-wide-only": Said("要全县的权限", "名册是全县的，请县里有权限的同事来办。"),
    "bank-unknown": Said("没有这家银行", "请看银行代码填得对不对。"),
    "form-forged": Said("表单已过期", "请回到上一页，重新打开再填。"),
    "not-an-amount": Said("金额写法不对", "金额只写数字，最多两位小数，例如 586.00。"),
    "too-many-applications": Said("申请得太多了", "请到村委会或镇民政办，工作人员帮您办。"),
    "nothing-to-appeal": Said("现在不能申诉", "期限可能过了。请到镇民政办问问还能怎么办。"),
    "signed-on-paper": Said("要在纸上签字", "请在纸质授权书上签字，拍下来传上来，或交给村委会。"),
    "authorisation-missing": Said("还缺授权书", "每个成年成员都要先签核对授权书，才能委托核对。"),
    "asked-already": Said("已经委托核对过了", "上一次还没有答复，请等省平台的核对报告。"),
    "nothing-to-send": Said("没有要发的", "现在没有等着发出去的内容。"),
    "answered-already": Said("已经答复过了", "这一条已有答复，照原来的反馈省平台。"),
    "already-entered": Said("已经在库里了", "这个人已在低收入人口库的一个类别里，请查出来再办。"),
    "only-by-decision": Said("要有认定决定", "低保和特困只按认定决定进出，请去办申请或退出。"),
    "nothing-to-file": Said("没有要报的", "这个乡镇的人都已经报县了。"),
    "name-differs": Said(
        "身份证号和名字对不上", "名册上这个号码是另一个名字。请退回，让申请人改了重新申请。"
    ),
    "number-doubtful": Said("身份证号不对", "号码校验不过，不能照此确认。请核对身份证。"),
    "lives-elsewhere": Said("有人在别的户里", "名册上这户里有人在另一户。请先办变更，再来确认。"),
    "others-live-there": Said("名册上这户还有别人", "申请里没写全。请退回补上，或先办变更。"),
    "not-of-the-household": Said("不是这一户的人", "写的人不住在这一户。请核对。"),
    "not-of-the-register": Said(
        "还没有身份证号", "临时编码不能领钱。申请的人、领钱的人要有身份证号。"
    ),
    "another-accepts": Said("名单太长，要别人来接收", "请县里另一位有权限的同事核对后接收。"),
    "ones-own": Said("自己的亲属要别人来核实", "请县里另一位有权限的同事核实。"),
    "not-granted": Said("本来就没有享受", "最后一次决定里没有这一项。请核对退出项目和本人。"),
    "nothing-to-undo": Said("没有可恢复的", "这个事项没有改变过这户的决定。"),
    "given-this-month": Said("这个月已经给过", "一次性救助一户一个月一次。请下个月再定。"),
    "on-dibao-already": Said("已经在低保里", "这一户在低保，不能再有别的身份。"),
    "outside-the-band": Said(
        "金额不在幅度内", "二类户的金额要在本地幅度以内，幅度写在表上。不高于下限的要写理由。"
    ),
    "moved-on": Said("别人先办了一步", "请重新打开，看看现在到哪一步。"),
    "not-here": Said("这一步不在这里办", "现在的状态不能这样办。请重新打开看看。"),
    "not-yet": Said("还差一步", "前面有一样还没办好。请重新打开，看“还不能办”后面写的。"),
    "not-yours": Said(
        "这一步要别人办", "不归您办，或者您已经办过别的一步。请另一位有权限的同事来办。"
    ),
    "act-not-understood": Said(
        "填的内容有问题", "有一项没填，或写法不对。请回到上一页，改好再提交。"
    ),
    "no-such-case": Said("没有这件申请", "编号不对，或者不在您的辖区。"),
    "about-nobody": Said(
        "没说是谁的申请", "新申请要选村（社区）；已在册的户要填户号；申诉要有原来的编号。"
    ),
    "no-such-village": Said("没有这个村（社区）", "请从名单里选。"),
    "no-such-account": Said("没有人用这个名字登录", "请照登录名写。"),
    "no-paper": Said("这不是材料", "材料要是照片（JPEG、PNG）或 PDF，不能是空的。"),
    "nothing-to-draw": Said("没有可抽的", "这一级现在没有待办的这类申请。"),
    "too-far-ahead": Said("太早了", "复核只能开这个月、下个月和以前欠下的。"),
    "sampled-already": Said("已经抽过", "一轮只抽一次。"),
    "not-all-found": Said("还有户没结果", "每一户都有结果了，这一轮才能结束。"),
    "too-few-signed": Said("签字的人不够", "要两个人签，各签各的名。"),
    "round-closed": Said("这一轮已经结束", "请看结果，或开始新的一轮。"),
    "lists-missing": Said("名单还没到齐", "必须的名单到了才能比对。请看比对页上缺哪几份。"),
    "list-unreadable": Said("名单读不出来", "请照这份名单的列填好，存成 xlsx 或 csv 再传。"),
    "runs-still-open": Said("批次还没签完", "本月各项正常批次都签完，报表才能定。"),
    "sums-differ": Said("数对不上", "有一处的数对不上，对上以前不打印。请看页上标的差额。"),
    "no-such-month": Said("月份写法不对", "月份写成 2026-10 这样。"),
}


def said_of(problem: Problem) -> Said:
    """A refusal in words."""
    kind = str(problem.document().get("type", "")).rpartition("/")[2]
    return BY_SLUG.get(kind) or BY_STATUS.get(problem.status, OTHERWISE)


def refusal_page(request: Request, problem: Problem) -> HTMLResponse:
    """The page for a refusal, with the way back."""
    document = problem.document()
    detail = f": {document['detail']}" if document.get("detail") else ""
    page = _page(
        request,
        said_of(problem),
        status=problem.status,
        english=f"{document.get('title', '')}{detail}",
        back=_back(request.url.path),
    )
    if problem.retry_after_seconds is not None:
        page.headers["Retry-After"] = str(problem.retry_after_seconds)
    return page


@router.get("/problems/{slug}")
async def explain(slug: str, request: Request) -> HTMLResponse:
    """What a problem's type stands for: the address that every problem document names."""
    if not SLUG.fullmatch(slug):
        raise NotFound()
    return _page(request, BY_SLUG.get(slug, OTHERWISE), english=slug.replace("-", " "), back="/")


def _page(
    request: Request, said: Said, *, english: str, back: str, status: int = 200
) -> HTMLResponse:
    return pages_of(request).render(
        request,
        "problem.html",
        status=status,
        title=said.title,
        what=said.what,
        english=english,
        back=back,
        at_the_desk=request.url.path.startswith("/staff"),
    )


def _back(path: str) -> str:
    """The page above: a form's refusal leads back to where the form stands."""
    parent = path.rsplit("/", 1)[0]
    if re.fullmatch(r"/staff/returns/.+", parent):
        return "/staff/returns"
    return parent if parent not in {"", "/static"} else "/"
