"""
The places of a page's words in few bytes (ocr.md 5): about 7 a word.

Words stand in the order of `text.split()`. Per word zigzag varints in 1/10000 of the displayed page: x from the
previous right edge, y from the previous top, width, height from the previous height; then one byte of confidence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.ocr.model import Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

UNIT = 10_000
_LOW, _MORE = 0x7F, 0x80


class BoxesDamaged(ValueError):
    """The bytes do not hold one box for each word of the text: read the page again."""


def pack(words: Iterable[Word]) -> bytes:
    """Pack the places of words; their texts are kept beside, as the page's text."""
    out = bytearray()
    right = top = tall = 0
    for word in words:
        x, y, w, h = (round(value * UNIT) for value in (word.x, word.y, word.w, word.h))
        for value in (x - right, y - top, w, h - tall):
            _put(out, value)
        out.append(max(0, min(100, round(word.conf * 100))))
        right, top, tall = x + w, y, h
    return bytes(out)


def unpack(blob: bytes, text: str) -> tuple[Word, ...]:
    """
    Give the words of `text` their places back.

    :raises BoxesDamaged: if blob and text do not belong together
    """
    tokens, boxes = text.split(), tuple(_boxes(bytes(blob)))
    if len(tokens) != len(boxes):
        raise BoxesDamaged(f"{len(boxes)} boxes for {len(tokens)} words")
    return tuple(Word(token, *box) for token, box in zip(tokens, boxes, strict=True))


def _boxes(blob: bytes) -> Iterator[tuple[float, float, float, float, float]]:
    at = right = top = tall = 0
    while at < len(blob):
        dx, at = _take(blob, at)
        dy, at = _take(blob, at)
        w, at = _take(blob, at)
        dh, at = _take(blob, at)
        if at >= len(blob):
            raise BoxesDamaged("a box without its confidence")
        x, y, h = right + dx, top + dy, tall + dh
        yield x / UNIT, y / UNIT, w / UNIT, h / UNIT, blob[at] / 100
        right, top, tall, at = x + w, y, h, at + 1


def _put(out: bytearray, value: int) -> None:
    value = value << 1 if value >= 0 else (-value << 1) - 1  # zigzag: small numbers of either sign stay small
    while value > _LOW:
        out.append(value & _LOW | _MORE)
        value >>= 7
    out.append(value)


def _take(blob: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(blob):
        byte = blob[at]
        value, shift, at = value | (byte & _LOW) << shift, shift + 7, at + 1
        if not byte & _MORE:
            return (value >> 1) ^ -(value & 1), at
    raise BoxesDamaged("the bytes end within a number")
