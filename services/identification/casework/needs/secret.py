"""Who looks at what another kept secret, and what waits for it."""

from collections.abc import Callable, Mapping
from typing import Final

from services.identification.casework.lists import kept_secret
from services.identification.casework.standing import Standing

NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "not-secret-before": lambda at: not kept_secret.said(at),
    "secret-to-be-looked-at": lambda at: bool(kept_secret.to_be_looked_at(at)),
    "secret-agreed": lambda at: not kept_secret.to_be_looked_at(at),
    "secret-by-another": kept_secret.may_agree,
    "secret-here": lambda at: bool(kept_secret.said(at)) and not kept_secret.is_to_end(at),
    "secret-to-end": kept_secret.is_to_end,
    "end-by-another": kept_secret.may_end,
}
"""Keeping a case secret, by the words the tables use."""
