"""`python -m policies <command>`: ask the law, read it, check it."""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Final

COMMANDS: Final = {
    "assess": ("policies.desk.assess", "what the law says of one household, with its workings"),
    "facts": ("policies.desk.schema", "the facts a rule may know, as JSON Schema"),
    "check": ("policies.colleague.check", "read packs and places as a careful colleague would"),
    "simulate": ("policies.desk.simulate", "two policies over a population, and what differs"),
    "coverage": ("policies.desk.coverage", "write what became of every rule of the texts"),
    "site": ("policies.site", "write the law as pages to be read"),
}
"""Each command by its word: the room that does it, imported only when asked, and what it does."""


def main(arguments: Sequence[str]) -> int:
    """Hand the rest of the words to the command named first; 2 when none is."""
    offered = {word: each for word, each in COMMANDS.items() if find_spec(each[0])}
    if not arguments or arguments[0] not in offered:
        return _explain(arguments, {word: says for word, (_, says) in offered.items()})
    room = import_module(offered[arguments[0]][0])
    code: int = room.main(arguments[1:])
    return code


def _explain(arguments: Sequence[str], offered: dict[str, str]) -> int:
    """What can be asked: on the way out when that was the question, else as a refusal."""
    lines = [f"  {word:<10}{says}" for word, says in offered.items()]
    page = "\n".join(["python -m policies <command> …", "", *lines, ""])
    if arguments and arguments[0] in {"-h", "--help"}:
        sys.stdout.write(page)
        return 0
    if arguments:
        page = f"there is no command {arguments[0]}\n\n{page}"
    sys.stderr.write(page)
    return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
