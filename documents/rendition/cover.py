"""Cover sheets, printed to lie before each paper of a stack that is scanned in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno
from django.utils.safestring import SafeString

from documents.ocr import cover_code
from documents.rendition.paper import draw

if TYPE_CHECKING:
    from organizations.models import Unit


def cover_sheet(unit: Unit) -> bytes:
    """A sheet of a unit as PDF; one serves for all papers, copied as often as needed."""
    code = cover_code(unit.code)
    drawing = segno.make(code, error="h", micro=False).svg_inline(border=4, omitsize=True)
    return draw("documents/print/cover.html", {"unit": unit, "code": code, "drawing": SafeString(drawing)})
