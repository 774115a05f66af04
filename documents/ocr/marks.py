"""
Marks in ink of their own: secrecy first of all, then urgency (ocr.md 4.1, domain.md 7, extraction.md 3).

A red mark is invisible in the layer page text is read from, so its place is found in the red layer and read in grey.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from documents.ocr import ink, tesseract
from documents.ocr.words import fold, letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from documents.ocr.ink import Area, Array
    from documents.ocr.model import Word
    from documents.ocr.tesseract import Token

READ_DPI = 300
# Of a page, because one printed in red is not all marks: the topmost, where marks belong, and the largest of all others.
MOST_TOP, MOST_LARGE = 7, 7
_WIDE_MM, _TALL_MM = (6, 190), (4, 100)
_LEAST_CELLS = 4
_SPARSE, _BLOCK, _LINE = 11, 6, 7
_ELONGATED = 1.5
_MARGIN_MM = 1.5
_SEAL_MM, _SEAL_RATIO = (24, 50), 1.25
_CORNER, _CORNER_INK = 0.11, 0.01  # a circle leaves 0.146 of its square free at each corner
_ACROSS, _DOWN = 0.45, 0.65  # of a row or column that is ink, from which on it is a frame's line and no letter
_CLEAR, _PAD = 3, 24

SECRECY = {"MAT": "MẬT", "TOI MAT": "TỐI MẬT", "TUYET MAT": "TUYỆT MẬT"}
URGENCY = {
    "HOA TOC": "HỎA TỐC",
    "HOA TOC HEN GIO": "HỎA TỐC HẸN GIỜ",
    "THUONG KHAN": "THƯỢNG KHẨN",
    "KHAN": "KHẨN",
}
# How MẬT is spelled by a reader that loses a hat or a dot. MẶT, MẤT, MẮT are other words, found in titles and seals.
_SPELLED = frozenset({"MẬT", "MÂT", "MẠT", "MAT", "MẬI", "MÂI"})
_APART = re.compile(r"\t|\s{3,}")
HEADER_END = 0.42  # of the page: marks of a colourless scan stand above it
HEADER_MIDDLE = 0.5  # and in the left half


def red_marks(page: Array, dpi: float) -> list[str]:
    """The lines of text in red areas of a page as drawn, upper case only, nearest to the top first."""
    found: list[str] = []
    for area, _ in _mark_areas(page, dpi):
        found += _lines(page, area, dpi)
    return found


def secrecy_of(lines: Iterable[str]) -> str | None:
    """The level that one of these lines is, or None."""
    for line in lines:
        if level := _level(line):
            return level
    return None


def secrecy_written(lines: Iterable[str]) -> str | None:
    """
    The level that a piece of one of these lines of a file of words is, or None.

    Such a file is typed: its marks are spelled right, and MẬT-01 is the number of a thing.
    """
    pieces = (piece for line in lines for piece in columns(unicodedata.normalize("NFC", line)))
    return secrecy_of(piece for piece in pieces if "MẬT" in piece and piece.isupper() and not re.search(r"\d", piece))


def columns(line: str) -> list[str]:
    """What stands side by side in a line of a file of words: by tabs, by cells, or by as many blanks as it takes."""
    return _APART.split(line)


def urgency_of(lines: Iterable[str]) -> str | None:
    """The urgency that one of these lines is, or None."""
    for line in lines:
        if mark := URGENCY.get(fold(letters(line))):
            return mark
    return None


def _level(line: str) -> str | None:
    words = letters(line).split()
    if not words or words[-1] not in _SPELLED:
        return None
    return SECRECY.get(" ".join([*(fold(word) for word in words[:-1]), "MAT"]))


def secrecy_in_header(words: Sequence[Word]) -> str | None:
    """
    A secrecy mark among the words of a page without colour: alone on its line, in the left half of the header.

    "mặt", "mất" and "bí mật" in sentences are never alone in capitals at that place.
    """
    top = [word for word in words if word.y < HEADER_END]
    for word in top:
        if word.text.strip("[]|()_.,:;'\"-*") not in _SPELLED or word.x + word.w / 2 > HEADER_MIDDLE:
            continue
        beside = sorted((other for other in top if _beside(word, other)), key=lambda other: other.x)
        if level := _level(" ".join(other.text for other in beside)):
            return level
    return None


def _beside(word: Word, other: Word) -> bool:
    """On the same line and near: the header's right column is another line of text."""
    same_line = abs((other.y + other.h / 2) - (word.y + word.h / 2)) < 0.7 * max(word.h, other.h)
    gap = max(other.x - word.x - word.w, word.x - other.x - other.w)
    return other is word or (same_line and gap < 3 * word.h and letters(other.text) != "")


def _mark_areas(page: Array, dpi: float) -> list[tuple[Area, int]]:
    mm = dpi / ink.MM_PER_INCH
    mask = ink.red_ink(page)
    found = list(ink.areas(mask, dpi))
    seals = [area for area, _ in found if is_seal(mask, area, mm)]
    fitting = []
    for area, cells in found:
        x0, y0, x1, y1 = area
        wide, tall = (x1 - x0) / mm, (y1 - y0) / mm
        if any(_within(area, seal) for seal in seals) and max(wide, tall) < _ELONGATED * min(wide, tall):
            continue
        if _WIDE_MM[0] <= wide <= _WIDE_MM[1] and _TALL_MM[0] <= tall <= _TALL_MM[1] and cells >= _LEAST_CELLS:
            fitting.append((area, cells))
    fitting.sort(key=_by_place)
    below = sorted(fitting[MOST_TOP:], key=lambda found: -found[1])
    return sorted(fitting[:MOST_TOP] + below[:MOST_LARGE], key=_by_place)


def _by_place(found: tuple[Area, int]) -> tuple[int, int]:
    return found[0][1], found[0][0]


def is_seal(mask: NDArray[np.bool_], area: Area, mm: float) -> bool:
    """
    Whether red ink is a round seal: as wide as tall, of a seal's size, its corners empty. Marks are framed and have corners.

    Seals stand on every last page; to read round each of them cost a tenth of its page, and they say nothing.
    """
    x0, y0, x1, y1 = area
    wide, tall = (x1 - x0) / mm, (y1 - y0) / mm
    if not (_SEAL_MM[0] <= wide <= _SEAL_MM[1] and _SEAL_MM[0] <= tall <= _SEAL_MM[1]):
        return False
    if max(wide, tall) > _SEAL_RATIO * min(wide, tall):
        return False
    part, dx, dy = mask[y0:y1, x0:x1], round((x1 - x0) * _CORNER), round((y1 - y0) * _CORNER)
    corners = (part[:dy, :dx], part[:dy, -dx:], part[-dy:, :dx], part[-dy:, -dx:])
    return all(float(corner.mean()) < _CORNER_INK for corner in corners)


def _within(area: Area, other: Area) -> bool:
    return area[0] >= other[0] and area[1] >= other[1] and area[2] <= other[2] and area[3] <= other[3]


def _lines(page: Array, area: Area, dpi: float) -> list[str]:
    """
    Read one red area in grey.

    An elongated one, which a seal is not, may be a mark even if nothing known was read in it: then it is read as a
    block, and upside down or on its side, too. All lines are given, because one known mark among rubbish is a mark.
    """
    margin = round(_MARGIN_MM * dpi / ink.MM_PER_INCH)
    x0, y0, x1, y1 = area
    crop = ink.grey(page[max(0, y0 - margin) : y1 + margin, max(0, x0 - margin) : x1 + margin])
    crop = ink.scaled(crop, READ_DPI / dpi)
    lines = _capitals(tesseract.read(crop, READ_DPI, psm=_SPARSE))
    longer = max(x1 - x0, y1 - y0) / max(1, min(x1 - x0, y1 - y0))
    if longer < _ELONGATED or secrecy_of(lines) or urgency_of(lines):
        return lines
    lines += _capitals(tesseract.read(inside(crop), READ_DPI, psm=_LINE))
    if secrecy_of(lines) or urgency_of(lines):
        return lines
    lines += _capitals(tesseract.read(crop, READ_DPI, psm=_BLOCK))
    for turns in (2,) if x1 - x0 > y1 - y0 else (1, 3):
        turned = np.ascontiguousarray(np.rot90(crop, turns))
        lines += _capitals(tesseract.read(turned, READ_DPI, psm=_SPARSE))
    return lines


def inside(crop: Array) -> Array:
    """What stands within a printed frame, on paper white: a clear KHẨN in its box can be read as nothing at all."""
    dark = crop < (int(crop.min(initial=255)) + int(crop.max(initial=0))) // 2
    y0, y1 = _between(dark.mean(axis=1), _ACROSS)
    x0, x1 = _between(dark.mean(axis=0), _DOWN)
    return np.pad(crop[y0:y1, x0:x1], _PAD, constant_values=int(np.median(crop)))


def _between(shares: Array, least: float) -> tuple[int, int]:
    """Behind the last line of a frame in the first third, and before the first one in the last third."""
    length = len(shares)
    lines = np.flatnonzero(shares > least)
    first, last = lines[lines < length / 3], lines[lines > length * 2 / 3]
    return (int(first[-1]) + _CLEAR if first.size else 0), (int(last[0]) - _CLEAR if last.size else length)


def _capitals(tokens: Iterable[Token]) -> list[str]:
    lines: dict[tuple[int, int, int], list[str]] = {}
    for token in tokens:
        lines.setdefault(token.line, []).append(token.text)
    texts = (" ".join(line) for line in lines.values())
    return [text for text in texts if letters(text) and letters(text).isupper()]
