"""What a scanned page already says unseen: an older reading, which the words of ours take the place of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Dictionary, Name, Stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

INVISIBLE = 3  # text rendering mode (ISO 32000-1, 9.3.6)
DEEPEST = 2  # forms inside forms
MOST_BYTES = 4 << 20  # of a page's instructions: a scan needs a line, its old words some ten thousand
SHOWING = {"Tj", "TJ", "'", '"'}
OF_TEXT = SHOWING | {"BT", "ET", "Tf", "Td", "TD", "Tm", "T*", "Tc", "Tw", "Tz", "TL", "Ts", "Tr"}


@dataclass(frozen=True, slots=True)
class _Kept:
    instructions: bytes
    is_wordless: bool


def without_old_words(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """
    Take invisible text out of a page and the forms that it draws, and fonts that then serve nothing.

    Whatever is visible stays. A font that is named and not embedded would keep the page from being PDF/A.
    """
    resources = page.obj.get("/Resources")
    if not _has_fonts(resources, 0):
        return
    page.contents_coalesce()
    forms = list(_forms(resources, 0))
    if (kept := _kept(page.obj.get("/Contents"))) is not None:
        page.obj.Contents = pdf.make_stream(kept.instructions)
        if kept.is_wordless and all("/Resources" in form for form in forms):
            page.obj.Resources = _without_fonts(resources)
    for form in forms:
        if (kept := _kept(form)) is not None:
            form.write(kept.instructions)
            if kept.is_wordless and "/Resources" in form:
                form.Resources = _without_fonts(form.Resources)


def _without_fonts(resources: Any) -> Any:
    """A copy: other pages may share the original."""
    return Dictionary({name: thing for name, thing in resources.items() if name != "/Font"})


def _has_fonts(resources: Any, depth: int) -> bool:
    if not isinstance(resources, Dictionary):
        return False
    if resources.get("/Font"):
        return True
    return any(_has_fonts(form.get("/Resources"), depth + 1) for form in _forms(resources, depth, deep=False))


def _forms(resources: Any, depth: int, *, deep: bool = True) -> Iterator[Stream]:
    things = resources.get("/XObject") if isinstance(resources, Dictionary) and depth < DEEPEST else None
    for _name, thing in things.items() if isinstance(things, Dictionary) else ():
        if isinstance(thing, Stream) and thing.get("/Subtype") == Name.Form:
            yield thing
            if deep:
                yield from _forms(thing.get("/Resources"), depth + 1)


def _kept(stream: Any) -> _Kept | None:
    """What stays of a stream of instructions; None for one that is longer than a scan's."""
    if not isinstance(stream, Stream) or len(stream.read_raw_bytes()) > MOST_BYTES:
        return None
    parsed = list(_visible(pikepdf.parse_content_stream(stream)))
    is_wordless = not any(str(one.operator) in SHOWING for one in parsed)
    if is_wordless:
        parsed = [one for one in parsed if str(one.operator) not in OF_TEXT]
    return _Kept(pikepdf.unparse_content_stream(parsed), is_wordless)


def _visible(parsed: Iterable[Any]) -> Iterator[Any]:
    mode, outer = 0, []
    for instruction in parsed:
        name = str(instruction.operator)
        if name == "q":
            outer.append(mode)
        elif name == "Q" and outer:
            mode = outer.pop()
        elif name == "Tr":
            mode = int(instruction.operands[0])
        if not (name in SHOWING and mode == INVISIBLE):
            yield instruction
