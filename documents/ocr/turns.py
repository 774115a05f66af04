"""Places on pages that lie on their side or head: as displayed for people, upright for thinking."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from documents.ocr.model import Box, Crops, Word

HALF, RIGHT, LEFT = 180, 90, 270  # degrees clockwise by which a displayed page has to be turned to stand upright


def displayed(box: Box, turn: int) -> Box:
    """A box of the upright page on the page as displayed."""
    x, y, w, h = box
    if turn == HALF:
        return 1 - x - w, 1 - y - h, w, h
    if turn == RIGHT:
        return y, 1 - x - w, h, w
    if turn == LEFT:
        return 1 - y - h, x, h, w
    return box


def upright_box(box: Box, turn: int) -> Box:
    """A box of the page as displayed on the upright page."""
    return displayed(box, (360 - turn) % 360)


def words_upright(words: Iterable[Word], turn: int) -> tuple[Word, ...]:
    """Words of the page as displayed on the upright page."""
    if not turn % 360:
        return tuple(words)
    return placed_by(words, lambda box: upright_box(box, turn))


def placed_by(words: Iterable[Word], place: Callable[[Box], Box]) -> tuple[Word, ...]:
    """Words with their boxes moved."""
    return tuple(_moved(word, place((word.x, word.y, word.w, word.h))) for word in words)


def crops_displayed(crops: Crops, turn: int) -> Crops:
    """Second looks at the upright page with their places on the page as displayed."""
    if not turn:
        return crops
    return replace(
        crops,
        signer_words=words_upright(crops.signer_words, 360 - turn),
        header=words_upright(crops.header, 360 - turn),
        written=tuple(displayed(box, turn) for box in crops.written),
    )


def _moved(word: Word, box: Box) -> Word:
    x, y, w, h = (min(1.0, max(0.0, round(value, 5))) for value in box)
    return replace(word, x=x, y=y, w=w, h=h)
