"""
How far a number or a date may be believed.

Both are filled in by hand on many papers, and OCR reads handwriting surely and wrongly. So a value counts as sure only
where two readings at different scales agree *and* the place looks printed: the number stands close to its stroke, the
gaps of the date line are even, digits are no taller than their line, no pen in colour. Everything else is doubtful or
empty.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from documents.extraction.model import DOUBTFUL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from documents.extraction.layout import Run, Token
    from documents.extraction.letterhead import Dated, Numbered
    from documents.extraction.model import Box

SURE_TEXT = 0.97  # from a page's own text layer
SURE_PRINT = 0.95
LEAST_WORD = 0.75  # a digit read worse is no digit
AGREED_WORD = 0.55  # unless two readings at different scales agree on it
GOOD_WORD = 0.9
_TALL, _SMALL = 1.3, 0.72
_EVEN = (0.35, 2.1)  # of the usual gap on the line
_YEARS = (1945, 2100)
_LAST_DAY = 31
_MISREAD = {"3": "2", "4": "1", "5": "3", "6": "0", "7": "1", "8": "0", "9": "0"}


def number(
    first: Numbered | None, second: Numbered | None, *, is_text: bool, written: Sequence[Box]
) -> tuple[str | None, float, list[str]]:
    """The number, its confidence, and what else was read there."""
    seen = [reading for reading in (first, second) if reading and reading.num]
    others = list(dict.fromkeys(reading.num for reading in seen))
    if not seen:
        return None, 0.0, []
    if is_text:
        return seen[0].num, SURE_TEXT, []
    agreed = len(seen) == 2 and seen[0].num == seen[1].num  # noqa: PLR2004
    printed = all(looks_printed_number(reading, written) for reading in seen)
    best = max(seen, key=lambda reading: reading.conf)
    value, confidence = _weighed(
        best.num,
        agreed=agreed,
        printed=printed,
        low=min(s.conf for s in seen),
        high=best.conf,
        attached=best.is_attached,
    )
    return value, confidence, [num for num in others if num != value]


def _weighed(
    value: str, *, agreed: bool, printed: bool, low: float, high: float, attached: bool
) -> tuple[str | None, float]:
    if agreed and printed:
        return value, SURE_PRINT if low >= GOOD_WORD else 0.85 if low >= LEAST_WORD else DOUBTFUL
    if agreed and low >= LEAST_WORD:
        return value, 0.7
    if agreed and low >= AGREED_WORD:
        return value, 0.5
    if printed and attached and high >= GOOD_WORD:
        return value, 0.5
    return None, 0.2


def looks_printed_number(seen: Numbered, written: Sequence[Box]) -> bool:
    """Number and stroke are one word, the label is near, no digit is taller than its line, no coloured pen."""
    if not seen.is_attached or is_written(seen.num_tokens, written):
        return False
    return _label_gap_is_even(seen) and heights_agree(seen.num_tokens, seen.line)


def _label_gap_is_even(seen: Numbered) -> bool:
    tokens = seen.line.tokens
    at = tokens.index(seen.num_tokens[0])
    if at == 0:
        return True
    gap = seen.num_tokens[0].x0 - tokens[at - 1].x1
    return gap < 1.0 * seen.num_tokens[0].height


def heights_agree(tokens: Iterable[Token], line: Run) -> bool:
    """Whether words are about as tall as the others of their line."""
    others = [token.height for token in line.tokens if len(token.text) > 1]
    usual = median(others) if others else 0.0
    return all(_SMALL * usual <= token.height <= _TALL * usual for token in tokens)


def is_written(tokens: Iterable[Token], written: Sequence[Box]) -> bool:
    """Whether a coloured pen touched these words."""
    return any(_touch(token.box, box) for token in tokens if token.box for box in written)


def _touch(first: Box, second: Box) -> bool:
    across = min(first[0] + first[2], second[0] + second[2]) - max(first[0], second[0])
    down = min(first[1] + first[3], second[1] + second[3]) - max(first[1], second[1])
    return across > 0 and down > 0


def day(
    first: Dated | None, second: Dated | None, *, is_text: bool, written: Sequence[Box]
) -> tuple[str | None, float, list[str]]:
    """The date in ISO form, its confidence, and what else was read there."""
    seen = [(iso(reading), reading) for reading in (first, second) if reading]
    read = [(value, reading) for value, reading in seen if value]
    if not read:
        likely = next(
            (value for _, one in seen if looks_printed_date(one, written) and (value := _likely_iso(one))), None
        )
        return likely, 0.3 if likely else 0.0, []
    if is_text:
        return read[0][0], SURE_TEXT, []
    agreed = len(read) == 2 and read[0][0] == read[1][0]  # noqa: PLR2004
    printed = all(looks_printed_date(reading, written) for _, reading in read)
    lows = [_low(reading) for _, reading in read]
    best = read[lows.index(max(lows))][0]
    value, confidence = _weighed(
        best or "", agreed=agreed, printed=printed, low=min(lows), high=max(lows), attached=True
    )
    others = dict.fromkeys(iso_date for iso_date, _ in read if iso_date and iso_date != value)
    return value, confidence, list(others)


def _low(seen: Dated) -> float:
    return min((token.conf for token in seen.tokens), default=0.0)


def iso(seen: Dated) -> str | None:
    """The date, if it is one."""
    digits = str.maketrans("OoIlL", "00111")
    return _iso(seen.y.translate(digits), seen.m.translate(digits), seen.d.translate(digits))


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found.isoformat() if _YEARS[0] <= found.year <= _YEARS[1] else None


def _likely_iso(seen: Dated) -> str | None:
    """The date of a day that no month has (37), with its first digit as readers take it for another."""
    if not re.fullmatch(r"[3-9]\d", seen.d) or int(seen.d) <= _LAST_DAY:
        return None
    return _iso(seen.y, seen.m, _MISREAD[seen.d[0]] + seen.d[1])


def looks_printed_date(seen: Dated, written: Sequence[Box]) -> bool:
    """The day and the month are words of their own, spaced and as tall as the rest of the line."""
    filled = (*seen.day_tokens, *seen.month_tokens)
    if len(seen.day_tokens) != 1 or len(seen.month_tokens) != 1 or is_written(filled, written):
        return False
    if not all(token.text.strip(".,").isdecimal() for token in filled):
        return False
    return gaps_are_even(filled, seen.line) and heights_agree(filled, seen.line)


def gaps_are_even(filled: Iterable[Token], line: Run) -> bool:
    """Whether words stand from their neighbours as the others of the line do."""
    gaps = {(a, b): b.x0 - a.x1 for a, b in pairwise(line.tokens)}
    usual = median(gaps.values()) if gaps else 0.0
    beside = [gap for pair, gap in gaps.items() for token in filled if token in pair]
    return usual > 0 and all(_EVEN[0] * usual <= gap <= _EVEN[1] * usual for gap in beside)
