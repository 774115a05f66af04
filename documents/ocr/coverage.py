"""Text that the engine stepped over: ink that looks like lines of text and has no words is read once more, alone (ocr.md 4.4)."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from documents.ocr import ink, tesseract

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from documents.ocr.ink import Area, Array
    from documents.ocr.tesseract import Token

MOST_AREAS = 4  # of a page, largest first: a drawing is not all text
BELIEVED = 0.6  # on average, of what such an area is read as; drawings and pens are read below
# Enough beside a word as clear and of as many letters as this, without what is rubbish: a name under a seal.
_HALF_BELIEVED, _CLEAR, _CLEAR_LETTERS, _RUBBISH = 0.5, 0.9, 3, 0.25
_BLOCK = 6
_WIDE_MM, _TALL_MM = 12, 1.2  # the least that a line of two words takes
_GAP_MM = 8  # between two words of a line, at most
_INK = (0.03, 0.45)  # of an area of text
_EDGES_PER_MM = 0.35  # where ink begins, along a row of text
_PICTURE_MM = 40  # as tall as this and unreadable, it is a picture
# Lines of text in an area that is something else, too: how many edges each of their rows has, how tall they are.
_ROW_EDGES_PER_MM, _ROWS_MM, _SMOOTH_MM = 0.2, (1.2, 8), 1.5
# Where the number of a page stands, how wide and tall it may be, and how much else may be taken for it: it stands alone.
_HEAD, _OFF_MIDDLE, _NUMBER_MM, _MOST_PLACES = 0.11, 0.06, (16, 8), 2
_AROUND = 0.12  # of its height: how far the ink of a word reaches beyond its box
_MARGIN_MM = 1.5


def again(page: Array, tokens: Sequence[Token], dpi: float) -> tuple[list[Token], float]:
    """
    The words of a level page with those of areas that were stepped over, each area a block where it stands.

    The second value is the share of the text, 0 to 1 by the room it takes, that has words now.
    """
    rest, words, lost = without_words(page, tokens), list(tokens), 0
    if tokens:  # a number alone makes no page of text
        number = _numbered(rest, dpi)
        rest, words = without_words(rest, number), _put_in(words, number)
    whole, lines = areas_of_text(rest, dpi)
    for at, area in enumerate([*whole, *lines][:MOST_AREAS]):
        found = _read(rest, area, dpi, block=-1 - at)
        rest, words = without_words(rest, found), _put_in(words, found)
        if not found and area in whole and (area[3] - area[1]) * ink.MM_PER_INCH <= _PICTURE_MM * dpi:
            lost += _size(area)
    lost += sum(map(_size, whole[MOST_AREAS:]))
    covered = sum(token.w * token.h for token in words)
    return words, covered / (covered + lost) if covered else 1.0


def without_words(page: Array, tokens: Iterable[Token]) -> Array:
    """A page on which the words found are painted over."""
    rest = page.copy()
    for token in tokens:
        around = token.h * _AROUND
        rows = slice(max(0, int(token.y - around)), int(token.y + token.h + around))
        rest[rows, max(0, int(token.x - around)) : int(token.x + token.w + around)] = 255
    return rest


def areas_of_text(rest: Array, dpi: float) -> tuple[list[Area], list[Area]]:
    """Areas of what is left of a level page that look like text, and lines that do in areas that do not; largest first."""
    dark, mm = rest < ink.CLIP, dpi / ink.MM_PER_INCH
    joined = _joined(sorted(area for area, _cells in ink.areas(dark, dpi)), _GAP_MM * mm)
    whole = [area for area in joined if _is_text(dark, area, mm)]
    lines = [line for area in joined if area not in whole for line in _lines_of(dark, area, mm)]
    return sorted(whole, key=_size, reverse=True), sorted(lines, key=_size, reverse=True)


def _lines_of(dark: NDArray[np.bool_], area: Area, mm: float) -> list[Area]:
    """
    Lines of text in an area that is more than text: a black seal and a pen over the signer's block, on a fax.

    The engine takes such a block for a picture; row by row the letters have more edges than seal and pen. What has more lines is
    a drawing.
    """
    x0, y0, x1, y1 = area
    if x1 - x0 < _WIDE_MM * mm:
        return []
    part, wide = dark[y0:y1, x0:x1], round(_SMOOTH_MM * mm)
    begins = (part[:, 1:] & ~part[:, :-1]).sum(axis=1) * mm / (x1 - x0)
    edges = np.convolve(begins, np.ones(wide) / wide, "same")
    turns = np.flatnonzero(np.diff(edges > _ROW_EDGES_PER_MM, prepend=False, append=False))
    lines = [
        (x0, y0 + int(top), x1, y0 + int(bottom))
        for top, bottom in turns.reshape(-1, 2)
        if edges[top:bottom].max() > _EDGES_PER_MM and _ROWS_MM[0] * mm <= bottom - top <= _ROWS_MM[1] * mm
    ]
    return lines if len(lines) <= MOST_AREAS else []


def _size(area: Area) -> int:
    return (area[2] - area[0]) * (area[3] - area[1])


def _joined(areas: Iterable[Area], gap: float) -> list[Area]:
    """From left to right, what stands on the same rows: the words of a line are areas of their own."""
    found: list[Area] = []
    for area in areas:
        beside = next((one for one in found if area[0] - one[2] < gap and _on_same_rows(one, area)), None)
        if beside is None:
            found.append(area)
        else:
            columns, rows = (beside[0], beside[2], area[0], area[2]), (beside[1], beside[3], area[1], area[3])
            found[found.index(beside)] = min(columns), min(rows), max(columns), max(rows)
    return found


def _on_same_rows(one: Area, other: Area) -> bool:
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared * 2 > min(one[3] - one[1], other[3] - other[1])


def _is_text(dark: NDArray[np.bool_], area: Area, mm: float) -> bool:
    x0, y0, x1, y1 = area
    part = dark[y0:y1, x0:x1]
    rows = part[part.any(axis=1)]
    if x1 - x0 < _WIDE_MM * mm or len(rows) < _TALL_MM * mm:
        return False
    if not _INK[0] < rows.mean() < _INK[1]:
        return False
    begins = (rows[:, 1:] & ~rows[:, :-1]).sum(axis=1)
    return float(np.percentile(begins, 70)) > _EDGES_PER_MM * (x1 - x0) / mm


def _read(rest: Array, area: Area, dpi: float, block: int) -> list[Token]:
    margin = round(_MARGIN_MM * dpi / ink.MM_PER_INCH)
    left, top = max(0, area[0] - margin), max(0, area[1] - margin)
    crop = np.ascontiguousarray(rest[top : area[3] + margin, left : area[2] + margin])
    found = _believed(tesseract.read(crop, dpi, psm=_BLOCK))
    return [replace(token, x=token.x + left, y=token.y + top, line=(block, *token.line[1:])) for token in found]


def _believed(found: Sequence[Token]) -> Sequence[Token]:
    """All of it, or beside a word that is clear what is not rubbish, or nothing."""
    mean = tesseract.mean_confidence(found)
    if mean >= BELIEVED:
        return found
    is_one_clear = any(token.conf >= _CLEAR and sum(map(str.isalpha, token.text)) >= _CLEAR_LETTERS for token in found)
    return [token for token in found if token.conf >= _RUBBISH] if is_one_clear and mean >= _HALF_BELIEVED else []


def _numbered(rest: Array, dpi: float) -> list[Token]:
    """The number of a page, alone in the middle of its upper margin: the engine takes a single digit for dirt."""
    for area in places_of_number(rest, dpi):
        found = _read(rest, area, dpi, block=-1 - MOST_AREAS)
        if "".join(token.text for token in found).strip("-–.").isdigit():
            return found
    return []


def places_of_number(rest: Array, dpi: float) -> list[Area]:
    """Where the number of a page may stand on what is left of it; nowhere among many dots, each of which would be read."""
    head, mm = rest[: round(rest.shape[0] * _HEAD)] < ink.CLIP, dpi / ink.MM_PER_INCH
    places = [area for area, _cells in ink.areas(head, dpi) if _may_be_number(head, area, mm)]
    return places if len(places) <= _MOST_PLACES else []


def _may_be_number(head: NDArray[np.bool_], area: Area, mm: float) -> bool:
    x0, y0, x1, y1 = area
    tall = int(head[y0:y1, x0:x1].any(axis=1).sum())
    is_middle = abs((x0 + x1 - head.shape[1]) / 2) < _OFF_MIDDLE * head.shape[1]
    return is_middle and x1 - x0 <= _NUMBER_MM[0] * mm and _TALL_MM * mm <= tall and y1 - y0 <= _NUMBER_MM[1] * mm


def _put_in(words: Sequence[Token], block: Sequence[Token]) -> list[Token]:
    """Before the first line that begins below it."""
    if not block:
        return list(words)
    lines, bottom = [list(line) for _key, line in groupby(words, key=lambda token: token.line)], max(t.y for t in block)
    at = next((n for n, line in enumerate(lines) if min(token.y for token in line) > bottom), len(lines))
    return [token for line in (*lines[:at], block, *lines[at:]) for token in line]
