"""A bank's answer, read whole or refused whole, with the place where it is wrong.

Nothing is applied here: the caller stages the file, compares ids, amounts and bank with its own
rows, and applies it in one transaction. The same payment may be spoken of by several messages (a
pacs.004, the camt.054 credit beside it and the day's camt.053 all say "returned"), so hearing of it
again must change nothing.
"""

from collections.abc import Iterable
from typing import Final

from services.payments.banks import delimited_results, iso_messages, iso_results
from services.payments.banks.facts import Outcome, ResultFile, ResultRefused
from services.payments.banks.profiles import DelimitedProfile, Profile

BYTES_MAX: Final = 64 * 1024 * 1024


def read_result(profile: Profile, content: bytes | Iterable[bytes], name: str = "") -> ResultFile:
    """One message of this bank. `content` may be a stream of pieces; `name` is the file's name.

    Raises:
        ResultRefused: it is too large, broken, truncated, says a thing twice, contradicts its own
            totals, or is no message this bank's profile knows.
    """
    whole = _gather(content)
    if isinstance(profile, DelimitedProfile):
        read = delimited_results.read(profile, whole, name)
    else:
        read = iso_results.read(profile, iso_messages.parse(whole))
    _refuse_doubles(read)
    return read


def _gather(content: bytes | Iterable[bytes]) -> bytes:
    pieces = [content] if isinstance(content, bytes) else content
    whole = bytearray()
    for piece in pieces:
        whole += piece
        if len(whole) > BYTES_MAX:
            raise ResultRefused(f"the file is larger than {BYTES_MAX} bytes")
    if not whole:
        raise ResultRefused("the file is empty")
    return bytes(whole)


def _refuse_doubles(read: ResultFile) -> None:
    """A payment stands once in a message; only in a statement may it settle and come back."""
    seen: set[tuple[str, Outcome | None]] = set()
    may_come_back = read.kind.startswith("camt.")
    for number, item in enumerate(read.items, 1):
        key = (item.end_to_end_id, item.outcome if may_come_back else None)
        if key in seen:
            raise ResultRefused(f"its payment number {number} stands in it before")
        seen.add(key)
