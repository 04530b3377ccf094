"""The banks' courier: fetches payout files at the county's door and brings the banks' answers back.

`python -m demonstration.stand_ins.courier --config FILE`. One process may serve several banks; each
bank has its own client id and key (private_key_jwt) and sees its own files only. Config is JSON:

    {"door": "http://127.0.0.1:8000", "folder": "/…/courier", "clock": "file:/…/clock",
     "county_keys": "/…/public.json", "county_key": "payments-files", "every_seconds": 0.5,
     "banks": [{"code": "qscb", "client_id": "qscb-courier", "key": "/…/qscb.jwk",
                "profile": "/…/qscb.yaml", "kind": "mock-bank", "url": "http://…", "db": "/…"},
               {"code": "qsrcc", …, "kind": "cooperative", "url": "http://…"}]}

What it does over and over, each step written down before and after in its SQLite diary:
1. When the civil date of the demonstration's clock has moved, lets the bank's day move too.
2. Asks the door for envelopes; fetches file, manifest and signature of a new one; checks signature,
   hash, size, count and total; keeps them.
3. Writes "handing", hands the file to the bank, writes "handed". After a kill in between it asks
   the bank whether it has the file, and hands it in again only if the bank never heard of it.
4. Takes the bank's messages into the diary and posts them to the door, oldest first, each under a
   key made from its name and content, until the door has taken or refused it.

`status.json` in its folder says how far it is: {"pid", "round", "today", "days": {bank: its day, or
"" while there is trouble}, "waiting": {"files", "messages"}: how many are under way, "files" and
"messages" by state, "refused", "bounced", "not_taken", "troubles"}.
"""

import argparse
import contextlib
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any, Final

import httpx

from demonstration.stand_ins.courier_banks import Bank, bank_of
from demonstration.stand_ins.courier_diary import Diary, Handed
from demonstration.stand_ins.courier_door import Door, EnvelopeRefused
from shared.clock import Clock, ClockUnreadable

_EVERY_SECONDS: Final = 0.5


class Courier:
    """One courier with its diary, the banks it works for and the county's door."""

    def __init__(self, config: dict[str, Any]) -> None:
        folder = Path(config["folder"])
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._status = folder / "status.json"
        self._status.unlink(missing_ok=True)
        self._diary = Diary(folder)
        self._clock = Clock.open(config["clock"])
        self._rounds: list[tuple[str, Bank, Door]] = [
            (words["code"], bank_of(words), Door(config, words)) for words in config["banks"]
        ]
        self._today = self._clock.today()
        self._round = 0
        self._troubles: dict[str, str] = {}

    def go_round(self) -> None:
        """Visit every bank once; trouble at one is noted and keeps nobody else waiting."""
        days: dict[str, str] = {}
        with contextlib.suppress(ClockUnreadable):
            self._today = self._clock.today()
        for code, bank, door in self._rounds:
            try:
                days[code] = self._visit(code, bank, door)
                self._troubles.pop(code, None)
            except (httpx.HTTPError, OSError, ValueError, KeyError) as trouble:
                days[code] = ""
                self._troubles[code] = f"{type(trouble).__name__}: {trouble}"[:300]
        self._round += 1
        self._say(days)

    def close(self) -> None:
        """Shut the diary."""
        self._diary.close()

    def _visit(self, code: str, bank: Bank, door: Door) -> str:
        today = bank.advance_to(self._today)
        self._fetch(code, door)
        self._hand_in(code, bank)
        self._collect(bank)
        self._deliver(code, door)
        return today.isoformat()

    def _fetch(self, code: str, door: Door) -> None:
        """Take home what is new at the door; what does not fit its manifest is left there."""
        for envelope in door.envelopes():
            if self._diary.knows(envelope["id"]):
                continue
            try:
                content, manifest = door.fetch(envelope)
            except EnvelopeRefused as refusal:
                self._diary.note_trouble(envelope["id"], str(refusal))
                continue
            self._diary.keep_file(code, envelope["id"], manifest, content)

    def _hand_in(self, code: str, bank: Bank) -> None:
        """Bring each fetched file to the bank, once."""
        for file in self._diary.files(code, "handing"):
            if bank.has(file.batch, file.content):
                self._diary.move(file.envelope_id, "handed", '{"found": "the bank had it"}')
            else:
                self._hand_one(bank, file)
        for file in self._diary.files(code, "fetched"):
            self._hand_one(bank, file)

    def _hand_one(self, bank: Bank, file: Handed) -> None:
        self._diary.move(file.envelope_id, "handing", "{}")
        answer = bank.hand_in(file.name, file.content)
        self._diary.move(file.envelope_id, "handed", json.dumps(answer, ensure_ascii=False))

    def _collect(self, bank: Bank) -> None:
        """Write down what the bank has to say before anything else is done with it."""
        ours = {code for code, _, _ in self._rounds}
        for message in bank.messages(self._diary.last_message(bank.mailbox)):
            self._diary.keep_message(bank.mailbox, message, ours=message.bank in ours)

    def _deliver(self, code: str, door: Door) -> None:
        """Bring messages to the door in their order; behind one it cannot take now all wait."""
        for message in self._diary.undelivered(code):
            state, answer = door.post_result(message.name, message.content)
            self._diary.delivered(message.identity, state, answer)

    def _say(self, days: dict[str, str]) -> None:
        draft = self._status.with_suffix(".draft")
        words = {
            "pid": os.getpid(),
            "round": self._round,
            "today": self._today.isoformat(),
            "days": days,
            "troubles": self._troubles,
            **self._diary.counts(),
        }
        draft.write_text(json.dumps(words, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        draft.replace(self._status)


def argv(config: Path) -> list[str]:
    """How it is started, from the root of the repository."""
    return [sys.executable, "-m", "demonstration.stand_ins.courier", "--config", str(config)]


def status(folder: Path) -> dict[str, Any]:
    """How far the courier in a folder is; empty before its first round."""
    with contextlib.suppress(OSError, ValueError):
        words: dict[str, Any] = json.loads((folder / "status.json").read_text(encoding="utf-8"))
        return words
    return {}


def main() -> None:
    """Go round until told to stop."""
    parser = argparse.ArgumentParser(prog="courier")
    parser.add_argument("--config", type=Path, required=True)
    config = json.loads(parser.parse_args().config.read_text(encoding="utf-8"))
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    courier = Courier(config)
    try:
        while not stopping.is_set():
            begun = time.monotonic()
            courier.go_round()
            every = float(config.get("every_seconds", _EVERY_SECONDS))
            stopping.wait(max(0.0, every - (time.monotonic() - begun)))
    finally:
        courier.close()


if __name__ == "__main__":
    main()
