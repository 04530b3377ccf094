"""What is on file before a case goes on, and before its file closes."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from services.identification.casework.papers import archive
from services.identification.casework.standing import Standing
from services.identification.grammar.acts import Words


def _file_complete(at: Standing) -> bool:
    return not archive.missing(at)


def _papers_filed(at: Standing) -> bool:
    return not archive.wanted_to_decide(at)


def _papers_ready(at: Standing) -> bool:
    """Nothing incomplete goes up for granting, unless the place leaves it to the decision."""
    later = at.settings.word("papers_complete_before") == "decision"
    return later or not _is_for_it(at.words) or _papers_filed(at)


def _is_for_it(words: Mapping[str, Any]) -> bool:
    """Whether an act that sends it on to the county is for granting: by its opinion, or by what was
    read out of a certificate."""
    if "nursing" in words:
        return bool(words["living"] or words["nursing"])
    return bool(words.get("opinion", "grant") == "grant")


def _file_open(at: Standing) -> bool:
    return not archive.is_closed(at)


NEEDS: Final[Mapping[str, Callable[[Standing], bool]]] = {
    "file-complete": _file_complete,
    "papers-filed": _papers_filed,
    "papers-ready": _papers_ready,
    "file-open": _file_open,
    "file-closed": archive.is_closed,
}
"""What is on file, by the words the tables use."""
CLOSER: Final[Mapping[str, Callable[[Standing], Words]]] = {
    "file-complete": archive.missing_in_words,
}
"""What is said of it with what it comes to here."""
