"""Words that only a second look saw, put into the page they stand on (ocr.md 4: read layers, merge)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from documents.ocr.model import PageReading, Word

BELIEVED = 0.7  # of a word that the page itself did not show; rubbish of seals and pens is read below
UNBELIEVED = 0.5  # a word of the page that a surer reading of the same place takes the place of
COVERED = 0.3  # share of the smaller box from which on two words are the same ink
_SAME_LINE = 0.5


def with_crop(reading: PageReading, crop: Sequence[Word]) -> PageReading:
    """
    The page with what its crop shows beyond it: misread words replaced, missing ones as lines at the end.

    Seal and pen over a signer's block make the page lose the name that people search for.
    """
    words = list(reading.words)
    missing: list[Word] = []
    for word in crop:
        if word.conf < BELIEVED or not _says_something(word.text):
            continue
        same = [at for at, other in enumerate(words) if _covers(word, other)]
        if not same:
            missing.append(word)
        elif len(same) == 1 and words[same[0]].conf < UNBELIEVED and word.text.isalpha():
            words[same[0]] = word
    if missing or tuple(words) != reading.words:
        return _rebuilt(reading, words, missing)
    return reading


def _says_something(text: str) -> bool:
    return sum(map(str.isalnum, text)) >= 2 or text.isdecimal()  # noqa: PLR2004 - single letters are strokes


def _covers(first: Word, second: Word) -> bool:
    across = min(first.x + first.w, second.x + second.w) - max(first.x, second.x)
    down = min(first.y + first.h, second.y + second.h) - max(first.y, second.y)
    smaller = min(first.w * first.h, second.w * second.h)
    return across > 0 and down > 0 and across * down > COVERED * smaller


def _rebuilt(reading: PageReading, words: Sequence[Word], missing: Sequence[Word]) -> PageReading:
    """Text and words in step again: `text.split()` are the words."""
    pieces, at = [], 0
    for line in reading.text.split("\n"):
        count = len(line.split())
        pieces.append(" ".join(word.text for word in words[at : at + count]))
        at += count
    added = list(_lines(missing))
    text = "\n".join(pieces)
    if added:
        text = "\n\n".join([text, "\n".join(" ".join(word.text for word in line) for line in added)])
    return replace(reading, text=text, words=(*words, *(word for line in added for word in line)))


def _lines(words: Iterable[Word]) -> Iterator[list[Word]]:
    line: list[Word] = []
    for word in words:
        if line and abs((word.y + word.h / 2) - (line[-1].y + line[-1].h / 2)) > _SAME_LINE * line[-1].h:
            yield line
            line = []
        line.append(word)
    if line:
        yield line
