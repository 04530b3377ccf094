"""Acts as pages show them: the form of one to be done, and one that was."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.identification.grammar.acts import Act, Field, Words
from services.identification.grammar.history import Done


def form_of(act: Act, missing: Sequence[str], needs: Mapping[str, Words]) -> dict[str, Any]:
    """An act as a form is drawn from it, with what must be there first and is not."""
    return {
        "act": act.name,
        "name": act.words.both(),
        "aside": act.aside,
        "fields": {name: field_of(field) for name, field in act.fields.items()},
        "missing": [{"need": name, **needs[name].both()} for name in missing],
    }


def done_of(done: Done, name: Words, words: Mapping[str, Any]) -> dict[str, Any]:
    """An act that was done, under its name, with as many of its words as are to be read."""
    return {
        "act": done.act,
        "name": name.both(),
        "from": done.from_state,
        "to": done.to_state,
        "by": done.actor,
        "on": done.done_on.isoformat(),
        "words": words,
    }


def said_of(fields: Mapping[str, Field], words: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Words each under the field they were asked for by, in the order of the table."""
    return [
        {"field": name, **field_of(field), "said": words[name]}
        for name, field in fields.items()
        if name in words
    ]


def field_of(field: Field) -> dict[str, Any]:
    """A field as it is asked for."""
    return {
        "type": field.type,
        **field.words.both(),
        "optional": field.optional,
        "most": field.most,
        "kind": field.kind,
        "choices": {key: each.both() for key, each in field.choices.items()},
    }
