"""
Marked words and the boxes of filters: a page shows some hundred of them, and a template costs many times what it draws.

Every value is escaped where it is put in, by `html.escape`: a test draws hostile words into each of them.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

from ui.templatetags.ui_tags import thousands

if TYPE_CHECKING:
    from collections.abc import Iterable

    from search.filters import Option

BOX = """<label><input type="checkbox" id="{key}"{state}><span>{label}</span><span class="v-facets__count">{count}</span></label>"""
RECT = '<rect x="{:d}" y="{:d}" width="{:d}" height="{:d}"/>'
TYPED = " checked disabled"
OPEN = """ name="{name}" value="{value}" form="search-form"{checked}"""


def marked(pieces: Iterable[tuple[str, bool]]) -> SafeString:
    """Plain texts, each with whether it is marked."""
    return SafeString(
        "".join(f"<mark>{escape(text)}</mark>" if is_marked else escape(text) for text, is_marked in pieces)
    )


def rects(sides: Iterable[tuple[int, int, int, int]]) -> SafeString:
    """Boxes over a picture, each by its left and upper edge, width and height in the picture's own measure."""
    return SafeString("".join(RECT.format(*rect) for rect in sides))


def boxes(name: str, options: Iterable[Option]) -> SafeString:
    """Boxes to tick. What the words ask for already is shown ticked and is taken back in the words."""
    return SafeString("".join(_box(name, option) for option in options))


def _box(name: str, option: Option) -> str:
    checked = " checked" if option.is_chosen else ""
    state = TYPED if option.is_typed else OPEN.format(name=escape(name), value=escape(option.value), checked=checked)
    return BOX.format(
        key=escape(option.key), state=state, label=escape(option.label), count=escape(str(thousands(option.count)))
    )
