"""The banks a courier works for, each with its own manners, in one form."""

from datetime import date
from pathlib import Path
from typing import Any, Protocol

import httpx

from demonstration.stand_ins.bank_files import agreed
from demonstration.stand_ins.cooperative import Cooperative
from demonstration.stand_ins.courier_diary import BankMessage
from demonstration.stand_ins.mock_bank import MockBank


class Bank(Protocol):
    """What the courier asks of a bank."""

    @property
    def mailbox(self) -> str:
        """Where its messages are numbered; banks behind one agent share one."""

    def advance_to(self, day: date) -> date:
        """Let its days pass; the day it has come to."""

    def has(self, batch: str, content: bytes) -> bool:
        """Whether it has had this file."""

    def hand_in(self, name: str, content: bytes) -> dict[str, Any]:
        """Give it a file; what it says at once."""

    def messages(self, after: int) -> list[BankMessage]:
        """What it has said, all of it after a number at least."""


def bank_of(words: dict[str, Any]) -> Bank:
    """The bank a config describes."""
    if words["kind"] == "mock-bank":
        return MockBankVisited(words)
    if words["kind"] == "cooperative":
        return CooperativeVisited(words)
    raise ValueError(f"{words['code']}: a bank is a mock-bank or a cooperative")


class MockBankVisited:
    """mock-bank: its mailbox is emptied by reading, so what may be lost is read over again."""

    def __init__(self, words: dict[str, Any]) -> None:
        self._bank = MockBank(words["url"], Path(words["db"]))
        self._code = words["code"]
        self._accounts = agreed(Path(words["profile"]))["payer"]["accounts"]
        self._agent: str = words["url"]
        self._is_open = False
        self._read_all = True

    @property
    def mailbox(self) -> str:
        return self._agent

    def advance_to(self, day: date) -> date:
        if not self._is_open:
            self._bank.open_payer_accounts(self._code, self._accounts)
            self._is_open = True
        return self._bank.advance_to(day)

    def has(self, batch: str, content: bytes) -> bool:
        return self._bank.has(content)

    def hand_in(self, name: str, content: bytes) -> dict[str, Any]:
        return self._bank.hand_in(content)

    def messages(self, after: int) -> list[BankMessage]:
        try:
            taken = self._bank.take_messages()
            if self._read_all:
                taken = self._bank.all_messages()
            self._read_all = False
        except httpx.HTTPError:
            self._read_all = True
            raise
        return [
            BankMessage(
                number=message["id"],
                bank=_bank_of_account(message["account"]),
                name=f"{message['type']}-{message['id']}.xml",
                content=message["body"].encode(),
            )
            for message in taken
        ]


class CooperativeVisited:
    """The co-operative: messages are numbered and stay."""

    def __init__(self, words: dict[str, Any]) -> None:
        self._bank = Cooperative(words["url"])
        self._code = words["code"]
        self._agent = f"{words['url']}/{words['code']}"

    @property
    def mailbox(self) -> str:
        return self._agent

    def advance_to(self, day: date) -> date:
        return self._bank.advance_to(day)

    def has(self, batch: str, content: bytes) -> bool:
        return self._bank.has(self._code, batch)

    def hand_in(self, name: str, content: bytes) -> dict[str, Any]:
        return self._bank.hand_in(self._code, content, name)

    def messages(self, after: int) -> list[BankMessage]:
        return [
            BankMessage(number, self._code, name, content)
            for number, name, content in self._bank.messages(self._code, after)
        ]


def _bank_of_account(account: str | None) -> str | None:
    """The bank whose payer account it is; the clerk names them <bank>.<fund>."""
    code, dot, _ = (account or "").partition(".")
    return code if dot else None
