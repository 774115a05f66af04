"""Tinos, the free face with the widths of Times New Roman and every Vietnamese letter."""

from functools import cache
from pathlib import Path

from PIL import ImageFont

DPI = 300
POINT = DPI / 72
MM = DPI / 25.4
ROOT = Path(__file__).resolve().parent.parent.parent
SYSTEM = Path("/usr/share/fonts/truetype/croscore")


class FontMissingError(Exception):
    """Neither the vendored nor the system's Tinos is there."""


@cache
def folder() -> Path:
    """Find the folder of the four faces: the vendored one, else the system's."""
    vendored = sorted((ROOT / "ui/static/ui/vendor").glob("tinos-*"))
    for place in [*vendored, SYSTEM]:
        if found := sorted(place.rglob("Tinos-Regular.ttf")):
            return found[0].parent
    raise FontMissingError("Tinos-Regular.ttf is neither in ui/static/ui/vendor/tinos-*/ nor in the system's fonts.")


@cache
def face(style: str, points: float) -> ImageFont.FreeTypeFont:
    """Return Tinos in `style` (Regular, Bold, Italic, BoldItalic) at `points`, for a page of 300 dpi."""
    return ImageFont.truetype(str(folder() / f"Tinos-{style}.ttf"), round(points * POINT))
