"""
Pages that were read before (ocr.md 8): the same page arriving by another route costs its drawing alone.

What is known is what the rows of pages hold. A paper that turns out to be secret loses its pages, and nothing of them is known.

The process that meets a file names the keys of its pages. One that a hostile file took over could name the page of a paper it knows
and leave a false text for it: so a page is known only within the unit that brought it, and what was read first stays.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from documents.models import DocumentFile, Page
from documents.ocr import BoxesDamaged, KnownPage, PageReading, Reason, as_crops, boxes
from documents.placed import needs_review

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from documents.ocr import Crops, Source, Word

SOURCES: dict[str, Source] = {"text": "text", "legacy": "legacy", "ocr": "ocr", "blank": "blank"}


def recall(key: str, *, unit_id: int) -> KnownPage | None:
    """A page of this unit's papers whose drawing had this key, as it was read by the same engine and treatment."""
    if not key:
        return None
    page = Page.plain.filter(key=key, file__document__owner_unit=unit_id).exclude(seen=None).order_by("id").first()
    if page is None or page.seen is None:
        return None
    try:
        return _known(page, page.seen)
    except (BoxesDamaged, KeyError, TypeError, ValueError):
        return None  # written by another version: read it again


def _known(page: Page, seen: dict[str, Any]) -> KnownPage:
    words = boxes.unpack(bytes(page.boxes), page.text)
    reading = PageReading(
        page.number, SOURCES[page.source], page.text, words, page.mean_confidence, page.width_pt, page.height_pt,
        Reason(page.reason) if page.reason else None, seen["turn"], page.coverage, seen.get("cover", ""),
    )  # fmt: skip
    return KnownPage(reading, as_crops(seen["crops"]), tuple(seen["marks"]), seen["is_headed"])


def keep_pages(*, file: DocumentFile, pages: Iterable[PageReading], known: Mapping[str, KnownPage]) -> None:
    """Store pages as read, each in one piece, with the keys of those that can be known again."""
    keys = {page.reading.number: (key, page) for key, page in known.items()}
    Page.plain.filter(file=file).delete()
    Page.plain.bulk_create(
        Page(
            file=file, number=page.number, source=page.source, text=page.text, boxes=boxes.pack(page.words),
            mean_confidence=page.mean_confidence, width_pt=page.width_pt, height_pt=page.height_pt,
            reason=page.reason or "", turn=page.turn, coverage=page.coverage, needs_review=needs_review(page),
            **_remembered(*keys.get(page.number, ("", None))),
        )
        for page in pages
    )  # fmt: skip


def _remembered(key: str, known: KnownPage | None) -> dict[str, Any]:
    if known is None:
        return {}
    seen = {
        "turn": known.reading.turn,
        "crops": _plain(known.crops),
        "marks": known.marks,
        "is_headed": known.is_headed,
        "cover": known.reading.cover,
    }
    return {"key": key, "seen": seen}


def _plain(crops: Crops) -> dict[str, Any]:
    """Words as lists, as they travel between the child and its supervisor, too."""
    rows = {"signer_words": _rows(crops.signer_words), "header": _rows(crops.header)}
    return {name: value for name, value in (asdict(crops) | rows).items() if value not in ((), [], "", None)}


def _rows(words: Iterable[Word]) -> list[list[Any]]:
    return [
        [word.text, *(round(value, 5) for value in (word.x, word.y, word.w, word.h)), round(word.conf, 3)]
        for word in words
    ]
