"""
Words of a page put back into rows and columns, upright and level (extraction.md 2.5).

Reading order of an OCR engine is not trusted: the two columns of a header come apart or mixed, as it pleases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from documents.extraction.text import fold, normal
from documents.ocr import upright_box

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from documents.extraction.model import Box
    from documents.ocr import PageReading, Word

SAME_ROW = 0.55  # of the lower word's height by which two words overlap on one row
STAIN = 0.1  # confidence below which a word may be a stain, a rule or a stroke
WIDE_GAP = 1.7  # of the usual word height, from which on words are apart
SLOPE_WORDS = 4
A4 = 842 / 595
TEXT_ADVANCE, TEXT_LEADING, TEXT_HEIGHT = 0.0095, 0.0135, 0.0105


@dataclass(frozen=True, slots=True)
class Token:
    """One word: its place on the upright, level page for thinking, its box on the displayed page for showing."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    conf: float
    page: int
    box: Box | None

    @property
    def middle(self) -> float:
        """Across the page."""
        return (self.x0 + self.x1) / 2

    @property
    def height(self) -> float:
        """As a share of the page's height."""
        return self.y1 - self.y0


class Run:
    """Words in a row, searched as one text; places in its folded text are places in the original."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self.tokens = tuple(tokens)

    @cached_property
    def text(self) -> str:
        """Words by single spaces."""
        return " ".join(token.text for token in self.tokens)

    @cached_property
    def fold(self) -> str:
        """The text folded."""
        return fold(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for token in self.tokens:
            starts.append(at)
            at += len(token.text) + 1
        return starts

    def between(self, start: int, end: int) -> tuple[Token, ...]:
        """The words touched by a piece of the text."""
        return tuple(
            token
            for token, at in zip(self.tokens, self._starts, strict=True)
            if at < end and at + len(token.text) > start
        )

    def cut(self, start: int, end: int) -> str:
        """A piece of the original text."""
        return self.text[start:end]

    @property
    def conf(self) -> float:
        """Mean confidence of the words, each weighed by its letters."""
        return mean_conf(self.tokens)

    @property
    def x0(self) -> float:
        """Left edge."""
        return min(token.x0 for token in self.tokens)

    @property
    def x1(self) -> float:
        """Right edge."""
        return max(token.x1 for token in self.tokens)

    @property
    def y0(self) -> float:
        """Upper edge."""
        return min(token.y0 for token in self.tokens)

    @property
    def y1(self) -> float:
        """Lower edge."""
        return max(token.y1 for token in self.tokens)

    @property
    def middle(self) -> float:
        """Across the page."""
        return (self.x0 + self.x1) / 2

    def __bool__(self) -> bool:
        return bool(self.tokens)


class Row(Run):
    """All words at one height."""

    def __init__(self, tokens: Iterable[Token], wide: float) -> None:
        super().__init__(sorted(tokens, key=lambda token: token.x0))
        self._wide = wide

    @cached_property
    def spans(self) -> tuple[Run, ...]:
        """The row cut where words stand far apart."""
        if not self.tokens:
            return ()
        pieces, piece = [], [self.tokens[0]]
        for left, right in pairwise(self.tokens):
            if right.x0 - left.x1 > self._wide:
                pieces.append(piece)
                piece = []
            piece.append(right)
        return tuple(Run(piece) for piece in [*pieces, piece])

    def left_of(self, x: float) -> Run:
        """Words whose middle lies left of x."""
        return Run(token for token in self.tokens if token.middle < x)

    def right_of(self, x: float) -> Run:
        """Words whose middle lies right of x."""
        return Run(token for token in self.tokens if token.middle >= x)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as rows from top to bottom."""

    number: int
    source: str
    rows: tuple[Row, ...]
    wide: float  # gap across the page that parts columns
    pitch: float  # usual distance of rows


def sheet_of(reading: PageReading) -> Sheet:
    """Rows of a page that was read."""
    slope = slope_of(reading)
    return sheet_of_tokens(tokens_of(reading.words, reading.number, reading.turn, slope), reading)


def sheet_of_words(words: Iterable[Word], reading: PageReading) -> Sheet:
    """Rows of what a second look saw on a page that was read."""
    return sheet_of_tokens(tokens_of(words, reading.number, reading.turn, slope_of(reading)), reading)


def sheet_of_tokens(tokens: Iterable[Token], reading: PageReading) -> Sheet:
    """Rows of words that are level already."""
    aspect = (reading.height_pt / reading.width_pt) if reading.width_pt and reading.height_pt else A4
    if reading.turn in (90, 270):
        aspect = 1 / aspect
    kept = [token for token in tokens if token.x1 > token.x0]
    tall = median(token.height for token in kept) if kept else 0.01
    wide = WIDE_GAP * tall * aspect
    rows = tuple(Row(row, wide) for row in _rows(kept))
    steps = [b.y0 - a.y0 for a, b in pairwise(rows) if 0 < b.y0 - a.y0 < 5 * tall]
    return Sheet(reading.number, reading.source, rows, wide, median(steps) if steps else 2 * tall)


def tokens_of(words: Iterable[Word], page: int, turn: int = 0, slope: float = 0.0) -> Iterator[Token]:
    """Words upright and level."""
    for word in words:
        x, y, w, h = upright_box((word.x, word.y, word.w, word.h), turn)
        down = slope * (x + w / 2)
        yield Token(
            normal(word.text), x, y - down, x + w, y + h - down, word.conf, page, (word.x, word.y, word.w, word.h)
        )


def slope_of(reading: PageReading) -> float:
    """How far lines climb across the page, from lines of the stored text: a scan of 1 degree mixes rows otherwise."""
    slopes, at = [], 0
    for line in reading.text.split("\n"):
        count = len(line.split())
        boxes = [upright_box((w.x, w.y, w.w, w.h), reading.turn) for w in reading.words[at : at + count]]
        at += count
        if count >= SLOPE_WORDS:
            first, last = boxes[0], boxes[-1]
            across = last[0] + last[2] / 2 - first[0] - first[2] / 2
            if across > 0.25:  # noqa: PLR2004 - of the page's width; shorter lines say little
                slopes.append(_fitted(boxes))
    return median(slopes) if slopes else 0.0


def _fitted(boxes: Sequence[Box]) -> float:
    """Least squares through the middles of words."""
    xs, ys = [x + w / 2 for x, _, w, _ in boxes], [y + h / 2 for _, y, _, h in boxes]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread if spread else 0.0


def _rows(tokens: Sequence[Token]) -> list[list[Token]]:
    """
    Group words by height.

    Stains, of which nothing is believed, join a row last: one between two rows would take words of both.
    """
    rows: list[_RowOfTokens] = []
    for token in sorted(tokens, key=lambda token: (token.conf < STAIN, token.y0 + token.y1)):
        near = rows[-4:] if token.conf >= STAIN else rows
        row = next((row for row in reversed(near) if row.holds(token)), None)
        if row:
            row.add(token)
        else:
            rows.append(_RowOfTokens(token))
    rows.sort(key=lambda row: row.top)
    return [row.members for row in rows]


class _RowOfTokens:
    """A row while it is gathered: its height is the usual one of its words."""

    def __init__(self, token: Token) -> None:
        self.top, self.bottom, self.members = token.y0, token.y1, [token]

    def holds(self, token: Token) -> bool:
        overlap = min(self.bottom, token.y1) - max(self.top, token.y0)
        return overlap >= SAME_ROW * min(self.bottom - self.top, token.height)

    def add(self, token: Token) -> None:
        self.members.append(token)
        self.top, self.bottom = median(t.y0 for t in self.members), median(t.y1 for t in self.members)


def sheet_of_text(text: str, number: int = 1) -> Sheet:
    """A plain text whose layout is made of spaces, as if it were a typed page."""
    rows = []
    for at, line in enumerate(normal(text).split("\n")):
        y = at * TEXT_LEADING
        tokens = [
            Token(
                found.group(),
                found.start() * TEXT_ADVANCE,
                y,
                found.end() * TEXT_ADVANCE,
                y + TEXT_HEIGHT,
                1.0,
                number,
                None,
            )
            for found in re.finditer(r"\S+", line)
        ]
        if tokens:
            rows.append(Row(tokens, 2.5 * TEXT_ADVANCE))
    return Sheet(number, "text", tuple(rows), 2.5 * TEXT_ADVANCE, TEXT_LEADING)


def mean_conf(tokens: Iterable[Token]) -> float:
    """Mean confidence weighed by letters; 0 for none."""
    kept = list(tokens)
    letters = sum(len(token.text) for token in kept)
    return sum(token.conf * len(token.text) for token in kept) / letters if letters else 0.0


def place_of(tokens: Iterable[Token]) -> tuple[int | None, Box | None]:
    """Page and box around words, of those on the first word's page."""
    kept = [token for token in tokens if token.box]
    if not kept:
        first = next(iter(tokens), None)
        return (first.page if first else None), None
    page = kept[0].page
    boxes = [token.box for token in kept if token.box and token.page == page]
    x0, y0 = min(b[0] for b in boxes), min(b[1] for b in boxes)
    x1, y1 = max(b[0] + b[2] for b in boxes), max(b[1] + b[3] for b in boxes)
    return page, (round(x0, 4), round(y0, 4), round(x1 - x0, 4), round(y1 - y0, 4))
