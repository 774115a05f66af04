"""Reading a whole page whichever way it lies: levelled, upside down, on its side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from documents.ocr import ink
from documents.ocr.tesseract import Token, mean_confidence, read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from documents.ocr.ink import Array

UPSIDE_DOWN = 0.65  # a mean confidence below it earns one retry, turned by 180 degrees
FEW_WORDS = 5
SIDEWAYS_SHARE = 0.6  # of longer words that are taller than wide
_SHORT_WORD = 2
_HALF, _RIGHT, _LEFT = 180, 90, 270


def read_upright(page: Array, dpi: float) -> tuple[list[Token], int]:
    """
    Treat and read a page as drawn.

    Boxes are those of `page` as given; the second value is how many degrees clockwise it has to be turned to stand
    upright. Tesseract reads one sideways direction by itself, but in lines that run downwards, hence the retry.
    """
    first = read_level(page, dpi)
    if lies_sideways(first):
        return _better(page, dpi, _RIGHT, _LEFT)
    if len(first) <= FEW_WORDS or mean_confidence(first) >= UPSIDE_DOWN:
        return first, 0
    second = _read_turned(page, dpi, _HALF)
    if lies_sideways(second):
        return _better(page, dpi, _RIGHT, _LEFT)
    return (second, _HALF) if mean_confidence(second) > mean_confidence(first) else (first, 0)


def read_level(page: Array, dpi: float) -> list[Token]:
    """Even, level and read; boxes in pixels of `page`."""
    treated, degrees = ink.treat(page)
    return levelled_back(read(treated, dpi), degrees, page.shape[1], page.shape[0])


def lies_sideways(tokens: Sequence[Token]) -> bool:
    """Most words of several letters are taller than wide."""
    words = [token for token in tokens if len(token.text) > _SHORT_WORD]
    return len(words) > FEW_WORDS and sum(token.h > token.w for token in words) > SIDEWAYS_SHARE * len(words)


def _better(page: Array, dpi: float, *turns: int) -> tuple[list[Token], int]:
    readings = ((_read_turned(page, dpi, turn), turn) for turn in turns)
    return max(readings, key=lambda reading: mean_confidence(reading[0]))


def _read_turned(page: Array, dpi: float, turn: int) -> list[Token]:
    turned = np.ascontiguousarray(np.rot90(page, -turn // 90))
    return [turned_back(token, turn, page.shape[1], page.shape[0]) for token in read_level(turned, dpi)]


def turned_back(token: Token, turn: int, width: float, height: float) -> Token:
    """Move a box from an image turned clockwise by `turn` to the one of `width` and `height` before."""
    x, y, w, h = token.x, token.y, token.w, token.h
    if turn == _HALF:
        return replace(token, x=width - x - w, y=height - y - h)
    if turn == _RIGHT:
        return replace(token, x=y, y=height - x - w, w=h, h=w)
    if turn == _LEFT:
        return replace(token, x=width - y - h, y=x, w=h, h=w)
    return token


def levelled_back(tokens: Sequence[Token], degrees: float, width: float, height: float) -> list[Token]:
    """Boxes of the levelled image, moved by their middles to the image as it was scanned."""
    if not degrees:
        return list(tokens)
    cos, sin = float(np.cos(np.radians(degrees))), float(np.sin(np.radians(degrees)))
    moved = []
    for token in tokens:
        dx, dy = token.x + token.w / 2 - width / 2, token.y + token.h / 2 - height / 2
        x, y = width / 2 + cos * dx - sin * dy, height / 2 + sin * dx + cos * dy
        moved.append(replace(token, x=x - token.w / 2, y=y - token.h / 2))
    return moved
