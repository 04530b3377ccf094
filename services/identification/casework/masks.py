"""A case with ID numbers and its telephone masked; and the numbers in clear, which is audited.

Whoever handles a case needs a whole number seldom: to hold it against a card, or to ring. So a case
is read masked, and its numbers by a look-up that stands in the audit. A mask said back in an
application stands for what it hides, so that whoever corrects one word says no number anew.
"""

from collections.abc import Mapping
from typing import Any, Final

from services.identification import id_numbers, phones
from services.identification.casework.paths import called
from services.identification.casework.standing import Standing
from services.identification.grammar.acts import Words
from shared.problems import Malformed

PEOPLE: Final = {
    "members": Words("共同生活的人", "lives in the household"),
    "supporters": Words("不同住的赡养人、监护人", "supports or guards, and lives elsewhere"),
}
PROXY: Final = Words("代理人", "applies for the applicant")


class MaskUnknown(Malformed):
    """A masked number stands for the one that was there; of anybody new the whole is said."""


def masked(case: Mapping[str, Any]) -> dict[str, Any]:
    """A case as it is read: every ID number in it, and the telephone, masked."""
    found: dict[str, Any] = id_numbers.masked_within(case)
    application = found["application"]
    phone = application["phone"]
    return {**found, "application": {**application, "phone": phones.masked_to_officers(phone)}}


def in_clear(at: Standing) -> dict[str, Any]:
    """Everybody a case names with an ID number, what the acts of it say, and the telephone."""
    said = at.application
    people = [
        _person(words, each.name, each.relation, each.id_number)
        for role, words in PEOPLE.items()
        for each in getattr(said, role)
        if each.id_number
    ]
    if said.proxy is not None:
        people.append(_person(PROXY, said.proxy.name, said.proxy.relation, said.proxy.id_number))
    return {
        "case_id": str(at.case.id),
        "receipt": at.case.receipt,
        "phone": said.phone,
        "people": people,
        "acts": [
            {"act": each.act, "name": called(at.path, each.act).both(), "id_number": number}
            for each in at.acts
            for number in id_numbers.all_within(_besides_application(each.words))
        ],
    }


def unmasked(said: Any, at: Standing) -> Any:
    """An application as it was said, with the numbers its masks stand for.

    Raises:
        MaskUnknown: nobody with that key, or no telephone, was there under this mask.
    """
    if not isinstance(said, Mapping):
        return said
    stands = at.application
    known = {each.key: each.id_number for each in (*stands.members, *stands.supporters)}
    found = dict(said)
    for role in PEOPLE:
        if isinstance(said.get(role), list):
            found[role] = [_whole(each, known.get(_key(each))) for each in said[role]]
    if said.get("proxy"):
        found["proxy"] = _whole(said["proxy"], stands.proxy.id_number if stands.proxy else None)
    if "*" in str(said.get("phone") or ""):
        if said["phone"] != phones.masked_to_officers(stands.phone):
            raise MaskUnknown()
        found["phone"] = stands.phone
    return found


def _whole(said: Any, known: str | None) -> Any:
    """Somebody as they were said, with the whole number where a mask was said back."""
    if not isinstance(said, Mapping) or "*" not in str(said.get("id_number") or ""):
        return said
    if known is None or said["id_number"] != id_numbers.masked(known):
        raise MaskUnknown()
    return {**said, "id_number": known}


def _key(said: Any) -> str:
    return str(said.get("key")) if isinstance(said, Mapping) else ""


def _person(role: Words, name: str, relation: str, number: str) -> dict[str, Any]:
    return {"role": role.both(), "name": name, "relation": relation, "id_number": number}


def _besides_application(words: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said for name, said in words.items() if name != "application"}
