"""What is seen of a PDF though it hangs on its page – a seal, a filled field, a stamp – laid into
the page, so that nothing has to hang there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from math import isfinite
from typing import Any, Final

from pypdf import PageObject
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NullObject,
    StreamObject,
)

ANNOTATIONS_MAX: Final = 500
"""Of one page that are laid in; on a page with more it is said that something is not seen."""
_HIDDEN: Final = 2
_ON_PAPER: Final = 4
_NOT_ON_SCREEN: Final = 32
_KEPT: Final = {
    "/BBox", "/Matrix", "/Resources", "/Group", "/Filter", "/DecodeParms", "/Length",
}  # fmt: skip
"""What is kept of what an annotation looks like. Everything else may hold a file or lead to one."""
_NOTHING_SEEN: Final = {"/Link", "/Popup", "/PrinterMark", "/TrapNet"}
"""Kinds of which a page shows nothing where they do not say how they look."""
_TYPED: Final = {"/Tx", "/Ch"}
_UP_MAX: Final = 8


@dataclass(frozen=True)
class Laid:
    """The drawing of what hung on a page; whether some of it is seen by whoever opens the paper,
    and yet says not how it looks."""

    drawing: bytes
    some_unseen: bool


def take_off(page: PageObject, *, looks_are_stale: bool) -> Laid:
    """Take what hangs on a page off it, its looks into the page's resources, and say how they are
    drawn. Where `looks_are_stale`, whoever opens the paper sees what was typed and not the looks.
    """
    hung = _entry(page, "/Annots")
    drawings, unseen = list[bytes](), False
    if isinstance(hung, ArrayObject):
        resources = _copied(_entry(page, "/Resources"))
        forms = _copied(_entry(resources, "/XObject"))
        looks = _Looks(forms)
        for each in hung[:ANNOTATIONS_MAX]:
            drawn, told = _drawn(each.get_object(), looks, stale=looks_are_stale)
            drawings += drawn
            unseen |= not told
        unseen |= len(hung) > ANNOTATIONS_MAX
        # Of this page and of no other: several may share what they are drawn with.
        resources[NameObject("/XObject")] = forms
        page[NameObject("/Resources")] = resources
    page.pop("/Annots", None)
    return Laid(b"".join(drawings), unseen)


def lay_in(page: PageObject, drawing: bytes) -> None:
    """Draw over a page of a PDF that is being written, whatever the page itself left behind."""
    writer: Any = page.indirect_reference and page.indirect_reference.pdf
    content = _entry(page, "/Contents")
    parts = [] if content is None else [page.raw_get("/Contents")]
    parts = list(content) if isinstance(content, ArrayObject) else parts
    around = list[Any]()
    for said in (b"q\n", b"\nQ\n" + drawing):
        stream = DecodedStreamObject()
        stream.set_data(said)
        around.append(writer._add_object(stream))
    page[NameObject("/Contents")] = ArrayObject([around[0], *parts, around[1]])


def looks_are_stale(root: DictionaryObject) -> bool:
    """Whether a PDF says that its fields are to be drawn anew from what was typed into them."""
    form = _entry(root, "/AcroForm")
    said = isinstance(form, DictionaryObject) and _entry(form, "/NeedAppearances")
    return bool(getattr(said, "value", said))


class _Looks:
    """The looks of what hung on a page, among the forms it is drawn with."""

    def __init__(self, forms: DictionaryObject) -> None:
        self._forms, self._names = forms, dict[int, str]()

    def name(self, look: Any) -> str:
        """By what a look is drawn; each is added once, however often it hangs there."""
        form = look.get_object()
        if id(form) not in self._names:
            numbered = (f"/Hung{number}" for number in count(len(self._names)))
            name = next(each for each in numbered if each not in self._forms)
            for entry in form.keys() - _KEPT:
                del form[entry]
            form[NameObject("/Type")] = NameObject("/XObject")
            form[NameObject("/Subtype")] = NameObject("/Form")
            self._forms[NameObject(name)] = look
            self._names[id(form)] = name
        return self._names[id(form)]


def _drawn(annotation: Any, looks: _Looks, *, stale: bool) -> tuple[list[bytes], bool]:
    """How an annotation is drawn, and whether all that is seen of it is."""
    try:
        if not isinstance(annotation, DictionaryObject) or not _is_seen(annotation):
            return [], True
        left, foot, right, head = _box(annotation["/Rect"])
        if left == right or foot == head:
            return [], True  # A signature that is not to be seen has no room on the page.
        found, says = _look(annotation)
        if found is None:
            return [], says or not _has_something(annotation)
        told = not (stale and _typed(annotation))
        x, y, x_end, y_end = _turned(found.get_object())
        if x == x_end or y == y_end:
            return [], told
        across, up = (right - left) / (x_end - x), (head - foot) / (y_end - y)
        at = (across, 0.0, 0.0, up, left - x * across, foot - y * up)
        numbers = " ".join(f"{each:.6f}" for each in at)
        return [f"q {numbers} cm {looks.name(found)} Do Q\n".encode()], told
    except Exception:  # A stranger's PDF can be broken in any way: it is said.
        return [], False


def _is_seen(annotation: DictionaryObject) -> bool:
    flags = int(annotation.get("/F", 0))
    on_screen_or_paper = not flags & _NOT_ON_SCREEN or flags & _ON_PAPER
    return not flags & _HIDDEN and bool(on_screen_or_paper)


def _look(annotation: DictionaryObject) -> tuple[Any, bool]:
    """The look of an annotation as it stands, and whether it says how it looks at all."""
    looks = _entry(annotation, "/AP")
    if not isinstance(looks, DictionaryObject) or _entry(looks, "/N") is None:
        return None, False
    now, within = looks.raw_get("/N"), _entry(looks, "/N")
    if isinstance(within, StreamObject):
        return now, True
    state = str(annotation.get("/AS"))
    states = within if isinstance(within, DictionaryObject) else DictionaryObject()
    return states.raw_get(state) if state in states else None, states is within


def _has_something(annotation: DictionaryObject) -> bool:
    kind = annotation.get("/Subtype")
    return bool(_value(annotation)) if kind == "/Widget" else kind not in _NOTHING_SEEN


def _typed(annotation: DictionaryObject) -> bool:
    kinds = [str(each["/FT"]) for each in _upwards(annotation) if "/FT" in each]
    return bool(kinds) and kinds[0] in _TYPED and bool(_value(annotation))


def _value(annotation: DictionaryObject) -> Any:
    """What stands in a field, which several places of a page may show."""
    values = [_entry(each, "/V") for each in _upwards(annotation) if "/V" in each]
    return values[0] if values and values[0] != "/Off" else None


def _upwards(annotation: DictionaryObject) -> Iterator[DictionaryObject]:
    at: Any = annotation
    for _ in range(_UP_MAX):
        if not isinstance(at, DictionaryObject):
            return
        yield at
        at = _entry(at, "/Parent")


def _turned(form: StreamObject) -> tuple[float, float, float, float]:
    """The box of a look as its own matrix turns it."""
    left, foot, right, head = _box(form["/BBox"])
    a, b, c, d, e, f = (float(each) for each in form.get("/Matrix", (1, 0, 0, 1, 0, 0)))
    corners = [(x, y) for x in (left, right) for y in (foot, head)]
    across = [a * x + c * y + e for x, y in corners]
    up = [b * x + d * y + f for x, y in corners]
    return _box((min(across), min(up), max(across), max(up)))


def _box(said: Any) -> tuple[float, float, float, float]:
    x, y, x_end, y_end = (float(each) for each in said)
    if not all(isfinite(each) for each in (x, y, x_end, y_end)):
        raise ValueError("a box has four numbers")
    return min(x, x_end), min(y, y_end), max(x, x_end), max(y, y_end)


def _copied(known: Any) -> DictionaryObject:
    named = known if isinstance(known, DictionaryObject) else DictionaryObject()
    return DictionaryObject({name: named.raw_get(name) for name in named})


def _entry(of: DictionaryObject, name: str) -> Any:
    """What stands under a name, a null as nothing."""
    found = of.get(name)
    found = found.get_object() if found is not None else None
    return None if isinstance(found, NullObject) else found
