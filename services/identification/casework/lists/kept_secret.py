"""What was said of keeping a case secret: hidden at once by one, looked at by another, and ended by
two.

Somebody puts it down as secret, and whom it is about is off every list from then on. Another looks
at it: they agree, leave it off the lists where it is to be posted, or ask that it ends. That it
ends is asked by one and done by another, who may also say that it stays.
"""

from collections.abc import Collection
from typing import Final

from services.identification.casework.standing import END, KEEP, Standing
from services.identification.grammar.history import Done

AGREE: Final = "agree-secret"
ASK_END: Final = "ask-end-secret"
SKIP: Final = "skip-posting"
SAID: Final = frozenset({KEEP, AGREE, ASK_END, END, SKIP})
"""Acts that say something of it."""
LOOKS: Final = frozenset({AGREE, END})
"""Acts of whoever looks at what another said."""


def said(at: Standing) -> list[Done]:
    """What was said of it since it was last put down as secret; nothing where it is not."""
    began = [place for place, each in enumerate(at.acts) if each.act == KEEP]
    since = [each for each in at.acts[began[-1] :] if each.act in SAID] if began else []
    return [] if any(each.act == END for each in since) else since


def to_be_looked_at(at: Standing) -> list[Done]:
    """What nobody else has looked at yet: that it is secret, or that this ends. Whoever leaves it
    off the lists has looked at that it is secret; not at what somebody said against it."""
    waits: list[Done] = []
    for each in said(at):
        if each.act in {KEEP, ASK_END}:
            waits.append(each)
        elif each.act == AGREE or not _asked(waits):
            waits = []
    return waits


def may_agree(at: Standing) -> bool:
    """Who keeps it secret, or asked that it ends, does not say alone that it stays so."""
    return at.caller.person not in _people(to_be_looked_at(at))


def is_to_end(at: Standing) -> bool:
    """Whether somebody asked that it ends, and nobody has looked at it."""
    return bool(_asked(to_be_looked_at(at)))


def may_end(at: Standing) -> bool:
    """Whoever asked that it ends does not end it."""
    return at.caller.person not in _people(_asked(to_be_looked_at(at)))


def _asked(waits: Collection[Done]) -> list[Done]:
    return [each for each in waits if each.act == ASK_END]


def _people(acts: Collection[Done]) -> set[str]:
    return {each.person for each in acts}
