"""Fields that a service's table asks for: read from our forms, and said in words."""

from collections.abc import Mapping
from typing import Any, Final

from gateway.forms import Posted

LINES_MAX: Final = 60


def words_of(form: Posted, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a form says under each field: yuan become fen, what is empty is not said."""
    return {name: _word(form, name, field) for name, field in fields.items()}


def in_words(field: Mapping[str, Any], said: Any) -> str:
    """What is said under a field, as people read it; a sum of money is left to the page."""
    if said is None:
        return ""
    if field["type"] == "choice":
        return str(field["choices"].get(said, {}).get("zh", said))
    if field["type"] == "flag":
        return "是" if said else "否"
    return "；".join(map(str, said)) if isinstance(said, list) else str(said)


def _word(form: Posted, name: str, field: Mapping[str, Any]) -> Any:
    if field["type"] == "people":
        return [each.removeprefix(f"{name}-") for each in form.words if each.startswith(f"{name}-")]
    lines = LINES_MAX if field["type"] == "lines" else 1
    said = form.word(name, most=max(int(field["most"]), 200) * lines)
    if not said:
        return None
    return form.fen(name) if field["type"] == "fen" else said
