"""What happened in a month: summary.json for programs, a table for people, files beside them."""

import json
import shutil
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from shared.money import yuan_text

STATES: Final = ("settled", "returned", "refused", "unconfirmed", "waiting")
_ENVELOPE: Final = (
    "bank", "project", "attempt", "count", "total_fen", "file", "sha256", "format",
)  # fmt: skip


def compose(
    *,
    county: dict[str, Any],
    granted: dict[str, Any],
    paid: dict[str, Any],
    messages: dict[str, Any],
    proof: dict[str, Any],
    seconds: dict[str, float],
) -> dict[str, Any]:
    """The month in one document; its parts as the services said them."""
    held_lines = {name: paid["held_lines"][name] for name in ("count", "total_fen", "reasons")}
    return {
        "county": county["county"],
        "pay_month": granted["pay_month"],
        "people": county["people"],
        "households": county["households"],
        "granted": _sum_of(granted["granted"]),
        "by_programme": {
            name: _sum_of(one) for name, one in sorted(granted["by_programme"].items())
        },
        "recoveries": _sum_of(granted["recoveries"]),
        "held_households": granted["held_households"],
        "held_lines": held_lines,
        "envelopes": [_envelope(one) for one in paid["envelopes"] if one["sha256"]],
        **{state: _sum_of(paid[state]) for state in STATES},
        "messages": {name: messages[name] for name in ("sent", "delivered", "failed")},
        "checker": {"ok": proof["ok"], "findings": proof["findings"]},
        "policy_sha256": granted["policy_sha256"],
        "facts_sha256": granted["facts_sha256"],
        "seconds": seconds,
    }


def unaccounted_fen(summary: dict[str, Any]) -> int:
    """Granted less where it is now; anything but 0 is a fault."""
    there = sum(summary[state]["total_fen"] for state in (*STATES, "held_lines"))
    return int(summary["granted"]["total_fen"] - there)


def write(out: Path, summary: dict[str, Any], files: dict[str, Path]) -> None:
    """Write summary.json, and beside it every file it names, as the banks fetched them."""
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    for envelope in summary["envelopes"]:
        shutil.copyfile(files[envelope["sha256"]], out / envelope["file"])
    draft = out / ".summary.json"
    draft.write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(out / "summary.json")


def show(console: Console, summary: dict[str, Any], names: dict[str, str]) -> None:
    """The month as a table.

    Args:
        names: what each programme is called.
    """
    granted = Table(title=f"{summary['pay_month']} · granted", title_justify="left")
    for heading in ("programme", "lines", "yuan"):
        granted.add_column(heading, justify="left" if heading == "programme" else "right")
    for programme, one in summary["by_programme"].items():
        name = f"{names.get(programme, '')} {programme}".strip()
        granted.add_row(name, str(one["count"]), yuan_text(one["total_fen"]))
    whole = summary["granted"]
    granted.add_section()
    granted.add_row("granted", str(whole["count"]), yuan_text(whole["total_fen"]))
    console.print(granted)
    now = Table(title="where it is now", title_justify="left")
    for heading in ("state", "lines", "yuan"):
        now.add_column(heading, justify="left" if heading == "state" else "right")
    for state in ("settled", "returned", "refused", "unconfirmed", "waiting", "held_lines"):
        one = summary[state]
        now.add_row(
            state.replace("_lines", " before any file"), str(one["count"]),
            yuan_text(one["total_fen"]),
        )  # fmt: skip
    now.add_section()
    now.add_row("granted less all these", "", yuan_text(unaccounted_fen(summary)))
    console.print(now)


def _sum_of(one: dict[str, Any]) -> dict[str, int]:
    return {"count": int(one["count"]), "total_fen": int(one["total_fen"])}


def _envelope(one: dict[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in _ENVELOPE} | {"layout": one["layout"]}
