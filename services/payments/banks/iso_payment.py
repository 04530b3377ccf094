"""pain.001.001.09 by escaped templates: valid by its schema, a hundred times quicker than trees."""

from typing import Final
from xml.sax.saxutils import escape

from services.payments.banks.characters import Policy
from services.payments.banks.facts import EnvelopeFacts, LineFacts
from services.payments.banks.profiles import Agent, Iso20022Profile
from shared.money import yuan_text
from shared.months import COUNTY_ZONE

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
CURRENCY: Final = "CNY"
HOLDER_CHARACTERS_MAX: Final = 140


def column_fault(column: str, cleaned: str) -> str | None:
    """Why a cleaned value has no place in its element; None when it has."""
    if column == "holder" and len(cleaned) > HOLDER_CHARACTERS_MAX:
        return f"longer than {HOLDER_CHARACTERS_MAX} characters"
    return None


class Pain001Lines:
    """One pain.001 in the making: one payer account, one day, one block of payments."""

    def __init__(self, profile: Iso20022Profile, policy: Policy, envelope: EnvelopeFacts) -> None:
        self._profile = profile
        self._policy = policy
        self._envelope = envelope
        purpose = profile.payment.category_purpose
        self._type = (
            f"<PmtTpInf><CtgyPurp><Cd>{purpose}</Cd></CtgyPurp></PmtTpInf>" if purpose else ""
        )
        self._agent = f"<CdtrAgt>{_agent(profile.payment.creditor_agent)}</CdtrAgt>"

    def opening(self) -> bytes:
        """Everything before the first payment."""
        envelope, profile = self._envelope, self._profile
        made_at = envelope.made_at.astimezone(COUNTY_ZONE).isoformat(timespec="seconds")
        total = yuan_text(envelope.total_fen)
        name = escape(self._policy.clean(profile.payer.name))
        account = escape(profile.payer.accounts[envelope.fund])
        bearer = profile.payment.charge_bearer
        return self.encode(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<Document xmlns="{NAMESPACE}"><CstmrCdtTrfInitn>\n'
            f"<GrpHdr><MsgId>{envelope.batch}</MsgId><CreDtTm>{made_at}</CreDtTm>"
            f"<NbOfTxs>{envelope.count}</NbOfTxs><CtrlSum>{total}</CtrlSum>"
            f"<InitgPty><Nm>{name}</Nm></InitgPty></GrpHdr>\n"
            f"<PmtInf><PmtInfId>{envelope.batch}</PmtInfId><PmtMtd>TRF</PmtMtd>"
            f"<BtchBookg>{'true' if profile.payment.batch_booking else 'false'}</BtchBookg>"
            f"<NbOfTxs>{envelope.count}</NbOfTxs><CtrlSum>{total}</CtrlSum>{self._type}"
            f"<ReqdExctnDt><Dt>{envelope.pay_on.isoformat()}</Dt></ReqdExctnDt>"
            f"<Dbtr><Nm>{name}</Nm></Dbtr>"
            f"<DbtrAcct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>{CURRENCY}</Ccy></DbtrAcct>"
            f"<DbtrAgt>{_agent(profile.payment.debtor_agent)}</DbtrAgt>"
            + (f"<ChrgBr>{bearer}</ChrgBr>" if bearer else "")
            + "\n"
        )

    def line(self, serial: int, line: LineFacts) -> str:
        """One payment."""
        clean = self._policy.clean
        remark = clean(line.remark or self._envelope.remark)
        remittance = f"<RmtInf><Ustrd>{escape(remark)}</Ustrd></RmtInf>" if remark else ""
        return (
            f"<CdtTrfTxInf><PmtId><InstrId>{line.end_to_end_id}</InstrId>"
            f"<EndToEndId>{line.end_to_end_id}</EndToEndId></PmtId>"
            f'<Amt><InstdAmt Ccy="{CURRENCY}">{yuan_text(line.amount_fen)}</InstdAmt></Amt>'
            f"{self._agent}<Cdtr><Nm>{escape(clean(line.holder))}</Nm></Cdtr>"
            f"<CdtrAcct><Id><Othr><Id>{line.account_number}</Id></Othr></Id></CdtrAcct>"
            f"{remittance}</CdtTrfTxInf>\n"
        )

    def encode(self, text: str) -> bytes:
        """Text as UTF-8, which every ISO 20022 bank takes."""
        return text.encode("utf-8")

    def closing(self, last: bytes) -> bytes:
        """The last piece of the file."""
        return last + b"</PmtInf>\n</CstmrCdtTrfInitn></Document>\n"


def _agent(agent: Agent) -> str:
    """A bank, in the order the schema wants."""
    words = f"<BICFI>{agent.bic}</BICFI>" if agent.bic else ""
    if agent.member:
        system = agent.clearing_system
        words += (
            "<ClrSysMmbId>"
            + (f"<ClrSysId><Cd>{system}</Cd></ClrSysId>" if system else "")
            + f"<MmbId>{agent.member}</MmbId></ClrSysMmbId>"
        )
    if agent.name:
        words += f"<Nm>{escape(agent.name)}</Nm>"
    return f"<FinInstnId>{words}</FinInstnId>"
