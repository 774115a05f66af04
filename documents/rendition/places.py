"""Where number and date stand on the first page of a draft, found in its words or taken from the usual layout."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.vietnamese import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from documents.ocr import Word

HEADER = 0.3
LEFT_HALF = 0.52
SAME_LINE = 0.7
LONGEST_LABEL = 14  # "Số:" grown together with what follows
WORD_GAP = 0.015
_NUMBER_LABEL = re.compile(r"so\s*:?.*")


@dataclass(frozen=True, slots=True)
class Place:
    """A strip of the page, in shares of its size; `is_found` says that words were there, which are covered."""

    x: float
    y: float
    w: float
    h: float
    is_found: bool


# The cells of Nghị định 30/2020's layout diagram on an A4 page.
USUAL_NUMBER = Place(0.19, 0.118, 0.26, 0.016, is_found=False)
USUAL_DATE = Place(0.52, 0.118, 0.38, 0.016, is_found=False)


def number_place(words: Sequence[Word]) -> Place:
    """The strip behind "Số:" up to the end of its line in the left column."""
    header = [word for word in words if word.y < HEADER and word.x < LEFT_HALF]
    label = next(
        (word for word in header if _NUMBER_LABEL.fullmatch(fold(word.text)) and len(word.text) <= LONGEST_LABEL), None
    )
    if label is None:
        return USUAL_NUMBER
    line = sorted((word for word in header if _same_line(word, label) and word.x >= label.x), key=lambda word: word.x)
    return _strip(_up_to_gap(line))


def _up_to_gap(line: Sequence[Word]) -> Sequence[Word]:
    """Number and symbol: behind the stroke they run on without a gap, what follows is the place in the right column."""
    stroke = next((at for at, word in enumerate(line) if "/" in word.text), len(line) - 1)
    end = stroke + 1
    while end < len(line) and line[end].x - (line[end - 1].x + line[end - 1].w) < WORD_GAP:
        end += 1
    return line[:end]


def date_place(words: Sequence[Word]) -> Place:
    """The strip from "ngày" to the end of its line, where "tháng" and "năm" stand on the same line."""
    header = [word for word in words if word.y < HEADER]
    for word in header:
        if fold(word.text).strip(",.") != "ngay":
            continue
        line = [other for other in header if _same_line(other, word) and other.x >= word.x]
        if {"thang", "nam"} <= {fold(other.text).strip(",.") for other in line}:
            return _strip(line)
    return USUAL_DATE


def _same_line(one: Word, other: Word) -> bool:
    middle = one.y + one.h / 2
    return other.y - other.h * (1 - SAME_LINE) <= middle <= other.y + other.h * (2 - SAME_LINE)


def _strip(line: Sequence[Word]) -> Place:
    left, right = min(word.x for word in line), max(word.x + word.w for word in line)
    top, bottom = min(word.y for word in line), max(word.y + word.h for word in line)
    return Place(left, top, right - left, bottom - top, is_found=True)
