"""What a page may not show to whoever reads Chinese: codes, ids, and what a template left over."""

import html
import re
from typing import Final

_NOT_READ: Final = re.compile(
    r"<(script|style)\b.*?</\1>|<(\w+)[^>]*\blang=\"en\"[^>]*>.*?</\2>", re.S
)
_TAG: Final = re.compile(r"<[^>]+>")
_LEFT_OVER: Final = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}"  # an id
    r"|\b[a-z]+(?:[-_][a-z]+)+\b"  # a code
    r"|\{\{|\bNone\b|\bnull\b|\bTrue\b|\bFalse\b"
    r"|\d{4}-\d\d-\d\dT"  # an instant as machines write it
)
_LINK: Final = re.compile(r'href="(/(?:staff|my)[^"#]*)"')


def left_over(page: str, *names: str) -> list[str]:
    """What is left over on a page beside these names, which people gave to accounts."""
    read = html.unescape(_TAG.sub(" ", _NOT_READ.sub(" ", page)))
    return sorted(set(_LEFT_OVER.findall(read)) - set(names))


def links(page: str) -> list[str]:
    """The pages a page leads to, but for the way out and what is printed."""
    found = map(html.unescape, _LINK.findall(page))
    return [link for link in found if "sign-out" not in link and ".pdf" not in link]
