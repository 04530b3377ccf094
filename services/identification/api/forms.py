"""Acts and their fields as pages draw forms from them."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.identification.grammar.acts import Act, Field, Words


def form_of(act: Act, missing: Sequence[str], needs: Mapping[str, Words]) -> dict[str, Any]:
    """An act as a form is drawn from it, with what must be there first and is not."""
    return {
        "act": act.name,
        "name": both(act.words),
        "fields": {name: field_of(field) for name, field in act.fields.items()},
        "missing": [{"need": name, **both(needs[name])} for name in missing],
    }


def field_of(field: Field) -> dict[str, Any]:
    """A field as it is asked for."""
    return {
        "type": field.type,
        **both(field.words),
        "optional": field.optional,
        "most": field.most,
        "kind": field.kind,
        "choices": {key: both(each) for key, each in field.choices.items()},
    }


def both(words: Words) -> dict[str, str]:
    """Both languages."""
    return {"zh": words.zh, "en": words.en}
