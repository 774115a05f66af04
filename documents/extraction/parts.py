"""Several papers in one scan: a letterhead on a later page begins another one, PHỤ LỤC begins annexes of the one before."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from documents.extraction.ending import ANNEX
from documents.extraction.layout import sheet_of
from documents.extraction.letterhead import Letterhead
from documents.extraction.text import is_capitals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from documents.extraction.layout import Sheet
    from documents.ocr import PageReading

MOST_PAGES = 200  # of a longer file nobody has laid papers together
LETTERHEAD_END = 0.3
_READ = ("text", "legacy", "ocr")


@dataclass(frozen=True, slots=True)
class Part:
    """
    One paper with its annexes: pages from, to and including; `annex` is the first page of annexes, 0 for none.

    `unit` is what the cover sheet before it says, empty where there was none.
    """

    first: int
    last: int
    annex: int = 0
    unit: str = ""


def parts_of(pages: Iterable[PageReading]) -> list[Part]:
    """The papers of a file in their order, all pages but cover sheets among them; one where nothing says that there are more."""
    pages = list(pages)
    if any(page.cover for page in pages):
        return list(_behind_covers(pages))
    if not 1 < len(pages) <= MOST_PAGES:
        return [Part(1, max(1, len(pages)))]
    starts, annexes = [pages[0].number], []
    for page in pages[1:]:
        if page.source not in _READ or not page.words:
            continue
        sheet = sheet_of(page)
        if _begins_a_paper(sheet):
            starts.append(page.number)
        elif _begins_annexes(sheet):
            annexes.append(page.number)
    ends = [*(start - 1 for start in starts[1:]), pages[-1].number]
    return [
        Part(first, last, next((page for page in annexes if first <= page <= last), 0))
        for first, last in zip(starts, ends, strict=True)
    ]


def _behind_covers(pages: Iterable[PageReading]) -> Iterator[Part]:
    """Whoever puts cover sheets between papers has told them apart: nothing is guessed."""
    unit = ""
    for is_cover, group in groupby(pages, key=lambda page: bool(page.cover)):
        run = list(group)
        if is_cover:
            unit = run[-1].cover
        else:
            yield Part(run[0].number, run[-1].number, unit=unit)


def _begins_a_paper(sheet: Sheet) -> bool:
    """The state's or the Party's name and a number, both at the top: a form within an annex has no number of its own."""
    head = Letterhead(sheet)
    rows = [row for row in head.rows if row.y0 < LETTERHEAD_END]
    motto = Letterhead(sheet, len(rows)).has_motto
    return motto and head.numbered is not None and head.numbered.line.y0 < LETTERHEAD_END


def _begins_annexes(sheet: Sheet) -> bool:
    return any(ANNEX.match(row.fold) and is_capitals(row.text[:8]) for row in sheet.rows[:3])
