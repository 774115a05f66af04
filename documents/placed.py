"""The words of a page as it was read, each in its place, and how far they can be believed (ocr.md 5)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from documents.ocr import boxes
from documents.selectors import page_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from documents.models import Document, Page
    from documents.ocr import PageReading, Word

logger = logging.getLogger(__name__)
DOUBTFUL = 0.70  # of a word: below it half are wrong
LEAST_MEAN, MOST_DOUBTFUL = 0.85, 0.08  # ordinary pages: above 0.93, below 0.04
LEAST_COVERAGE = 0.95


@dataclass(frozen=True, slots=True)
class Said:
    """One word as it is shown in the text of a page."""

    text: str
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class PageSaid:
    """A page with its text line by line."""

    page: Page
    lines: list[list[Said]]

    @property
    def has_doubts(self) -> bool:
        return any(word.is_doubtful for line in self.lines for word in line)


def words_of(page: Page) -> Sequence[Word]:
    """Its words with their places; none where places and words do not belong together."""
    try:
        return boxes.unpack(bytes(page.boxes), page.text)
    except boxes.BoxesDamaged:
        logger.warning("the places of page row %s do not fit its words", page.pk)
        return ()


def needs_review(page: PageReading) -> bool:
    """Whether a person should look at the page because of how badly, or how little of it, was read."""
    if page.mean_confidence is None or not page.words:
        return False
    doubtful = sum(word.conf < DOUBTFUL for word in page.words)
    is_unsure = page.mean_confidence < LEAST_MEAN or doubtful > MOST_DOUBTFUL * len(page.words)
    return is_unsure or (page.coverage is not None and page.coverage < LEAST_COVERAGE)


def pages_said(document: Document) -> list[PageSaid]:
    """The text of a paper as it is shown."""
    return [PageSaid(page, lines_said(page)) for page in page_texts(document, with_boxes=True)]


def lines_said(page: Page) -> list[list[Said]]:
    """The text of a page line by line, each word with whether it is in doubt; empty lines part its paragraphs."""
    words = words_of(page) if page.mean_confidence is not None else ()
    doubts = iter([word.conf < DOUBTFUL for word in words])
    return [[Said(text, next(doubts, False)) for text in line.split()] for line in page.text.splitlines()]
