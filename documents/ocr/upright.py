"""Reading a whole page whichever way it lies: levelled, upside down, on its side."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from documents.ocr import coverage, ink
from documents.ocr.source import WHOLE
from documents.ocr.tesseract import Token, mean_confidence, read
from documents.ocr.turns import HALF, LEFT, RIGHT, displayed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from documents.ocr.ink import Array
    from documents.ocr.model import Box
    from documents.ocr.source import PageSource

UPSIDE_DOWN = 0.65  # a mean confidence below it earns one retry, turned by 180 degrees
FEW_WORDS = 5
SIDEWAYS_SHARE = 0.6  # of longer words that are taller than wide
_SHORT_WORD = 2


class Standing:
    """A file whose pages are drawn upright: what second looks need of a source, and no more."""

    def __init__(self, source: PageSource, turn: int) -> None:
        self._source, self._turn = source, turn

    def dpi(self, number: int) -> float:
        """At which resolution to read the page."""
        return self._source.dpi(number)

    def draw(self, number: int, dpi: float, box: Box = WHOLE) -> Array:
        """Draw a page, or a part of it given as shares of the upright page."""
        return stood(self._source.draw(number, dpi, displayed(box, self._turn)), self._turn)


def stood(page: Array, turn: int) -> Array:
    """A drawing turned clockwise."""
    return np.ascontiguousarray(np.rot90(page, -turn // 90)) if turn else page


@dataclass(frozen=True, slots=True)
class Whole:
    """
    A page as it was read, boxes in its own pixels.

    `turn` is how many degrees clockwise it has to be turned to stand upright, `coverage` the share of its text that has words.
    """

    tokens: Sequence[Token]
    coverage: float = 1.0
    turn: int = 0


def read_upright(page: Array, dpi: float) -> Whole:
    """
    Level and read a page that was made even.

    Tesseract reads one sideways direction by itself, but in lines that run downwards, hence the retry.
    """
    first = _read_whole(page, dpi)
    if lies_sideways(first.tokens):
        return _better(page, dpi, RIGHT, LEFT)
    if len(first.tokens) <= FEW_WORDS or mean_confidence(first.tokens) >= UPSIDE_DOWN:
        return first
    second = _read_turned(page, dpi, HALF)
    if lies_sideways(second.tokens):
        return _better(page, dpi, RIGHT, LEFT)
    return max(first, second, key=_by_confidence)


def _read_whole(page: Array, dpi: float) -> Whole:
    """What was stepped over is read again where the page lies right: else nearly all was."""
    level, degrees = ink.level(page)
    tokens, share = read(level, dpi), 1.0
    if not tokens or (mean_confidence(tokens) >= UPSIDE_DOWN and not lies_sideways(tokens)):
        tokens, share = coverage.again(level, tokens, dpi)
    return Whole(levelled_back(tokens, degrees, page.shape[1]), share)


def read_level(page: Array, dpi: float) -> list[Token]:
    """Level and read a page that was made even; boxes in its own pixels."""
    level, degrees = ink.level(page)
    return levelled_back(read(level, dpi), degrees, page.shape[1])


def lies_sideways(tokens: Sequence[Token]) -> bool:
    """Most words of several letters are taller than wide."""
    words = [token for token in tokens if len(token.text) > _SHORT_WORD]
    return len(words) > FEW_WORDS and sum(token.h > token.w for token in words) > SIDEWAYS_SHARE * len(words)


def _better(page: Array, dpi: float, *turns: int) -> Whole:
    return max((_read_turned(page, dpi, turn) for turn in turns), key=_by_confidence)


def _by_confidence(whole: Whole) -> float:
    return mean_confidence(whole.tokens)


def _read_turned(page: Array, dpi: float, turn: int) -> Whole:
    whole = _read_whole(stood(page, turn), dpi)
    tokens = [turned_back(token, turn, page.shape[1], page.shape[0]) for token in whole.tokens]
    return Whole(tokens, whole.coverage, turn)


def turned_back(token: Token, turn: int, width: float, height: float) -> Token:
    """Move a box from an image turned clockwise by `turn` to the one of `width` and `height` before."""
    x, y, w, h = token.x, token.y, token.w, token.h
    if turn == HALF:
        return replace(token, x=width - x - w, y=height - y - h)
    if turn == RIGHT:
        return replace(token, x=y, y=height - x - w, w=h, h=w)
    if turn == LEFT:
        return replace(token, x=width - y - h, y=x, w=h, h=w)
    return token


def levelled_back(tokens: Sequence[Token], degrees: float, width: float) -> list[Token]:
    """Boxes of the levelled image, moved with the columns of their middles to where they were scanned."""
    if not degrees:
        return list(tokens)
    slope = math.tan(math.radians(degrees))
    return [replace(token, y=token.y + (token.x + token.w / 2 - width / 2) * slope) for token in tokens]
