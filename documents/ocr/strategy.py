"""How one page is read: its own text when that is good, old encodings converted, otherwise by OCR (ocr.md 2-4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from documents.ocr import ink, legacy, marks, tesseract
from documents.ocr.covers import cover_in, cover_on
from documents.ocr.habits import in_style
from documents.ocr.model import PageReading, Reason, Word
from documents.ocr.source import WHOLE, Unreadable
from documents.ocr.turns import words_upright
from documents.ocr.upright import Whole, read_level, read_upright
from documents.ocr.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from documents.ocr.ink import Area, Array
    from documents.ocr.model import Box, Source
    from documents.ocr.source import Drawable, PageSource
    from documents.ocr.tesseract import Token
    from documents.ocr.textlayer import Layer

CROP_DPI = 300
BLANK_INK = 0.001  # of the page, below which a page without words is an empty one
NO_INK = 0.00001  # a single short word is more; below it an empty page need not be read
HEADER: Box = (0.0, 0.0, 1.0, 0.32)
_BLOCK = 6
_SEAL_CELLS = 12
_SEAL_MM, _SEAL_RATIO = (22, 56), 1.35
_SIGNER_MM = (35, 70, 30, 38)  # left, right, up, down of the seal's middle
_LOWER_RIGHT: Box = (0.45, 0.45, 0.55, 0.55)
_MOTTOES = ("XA HOI CHU NGHIA", "DOC LAP - TU DO", "DANG CONG SAN VIET NAM")
_LAST_OF_LETTERHEAD = (("SO",), ("NGAY", "THANG", "NAM"))
_ROW = 0.012  # of the page: a slanted line of text
_BELOW_LETTERHEAD = 0.04
_SIGNING = re.compile(r"\b(?:NOI NHAN|(?:TM|KT|TL|TUQ)\.)")  # not within a word: thẻ ATM.


def read_page(source: PageSource, number: int) -> tuple[PageReading, Array | None]:
    """
    Read one page; the drawing it was read from comes along for the crops, None where nothing had to be drawn.

    :raises Unreadable: with the reason to tell
    """
    width, height = source.size(number)
    layer = source.layer(number)
    if unit := cover_in(layer.text):
        return PageReading(number, "blank", width_pt=width, height_pt=height, cover=unit), None
    if layer.is_good:
        kind: Source = "legacy" if layer.is_legacy else "text"
        return PageReading(number, kind, layer.text, layer.words, None, width, height, turn=layer.turn), None
    dpi = source.dpi(number)
    page = source.draw(number, dpi)
    if unit := cover_on(page):
        return PageReading(number, "blank", width_pt=width, height_pt=height, cover=unit), page
    even = ink.even(page)
    whole = Whole(()) if ink.ink_share(even) < NO_INK else read_upright(even, dpi)
    tokens, turn = in_style(whole.tokens), whole.turn
    if not tokens:
        return _without_text(source, number, page, layer, ink.ink_share(even)), page
    if layer.words and legacy.syllable_share(tesseract.as_text(tokens))[0] < layer.share and _says_more(layer, tokens):
        return PageReading(number, "text", layer.text, layer.words, None, width, height, turn=layer.turn), page
    text, words = _with_hidden(tokens, placed(tokens, page.shape), layer)
    mean = tesseract.mean_confidence(tokens)
    return PageReading(number, "ocr", text, words, mean, width, height, turn=turn, coverage=whole.coverage), page


def _says_more(layer: Layer, tokens: Sequence[Token]) -> bool:
    """A page in another language: of two readings the better one is kept (a stamp says less than its page)."""
    return len(layer.words) >= max(len(tokens) * 0.8, 1)


def _without_text(source: PageSource, number: int, page: Array, layer: Layer, inked: float) -> PageReading:
    width, height = source.size(number)
    if layer.words:
        return PageReading(number, "text", layer.text, layer.words, None, width, height)
    if int(page.min(initial=255)) == int(page.max(initial=255)) and (lost := source.lost_picture(number)):
        raise Unreadable(lost)
    if inked < BLANK_INK:
        return PageReading(number, "blank", width_pt=width, height_pt=height)
    return PageReading(number, "ocr", mean_confidence=0.0, width_pt=width, height_pt=height, reason=Reason.NO_TEXT)


def placed(tokens: Iterable[Token], shape: Sequence[int], box: Box = WHOLE) -> tuple[Word, ...]:
    """Pixels of a drawing to shares of the page; `box` says which part of the page was drawn."""
    height, width = shape[:2]
    x0, y0, across, down = box
    return tuple(
        Word(
            token.text,
            _share(x0 + token.x / width * across),
            _share(y0 + token.y / height * down),
            _share(token.w / width * across),
            _share(token.h / height * down),
            token.conf,
        )
        for token in tokens
    )


def _share(value: float) -> float:
    return min(1.0, max(0.0, round(value, 5)))


def _with_hidden(tokens: Sequence[Token], words: tuple[Word, ...], layer: Layer) -> tuple[str, tuple[Word, ...]]:
    """A layer of few words beside a scan (a bar code's caption, a header) is kept where OCR missed it."""
    text = tesseract.as_text(tokens)
    known = set(fold(text).split())
    missed = [word for word in layer.words if fold(word.text) not in known]
    if not missed:
        return text, words
    return f"{text}\n\n{' '.join(word.text for word in missed)}", (*words, *missed)


# --- places read a second time ----------------------------------------------------------------------------------------


def is_signing_page(reading: PageReading) -> bool:
    """Whether this may be the page that carries the signature."""
    return bool(_SIGNING.search(fold(reading.text)))


def has_letterhead(reading: PageReading) -> bool:
    """Whether the state's or the Party's name stands at the top of this page."""
    top = (word.text for word in words_upright(reading.words, reading.turn) if word.y < HEADER[3])
    text = fold(" ".join(top))
    return any(motto in text for motto in _MOTTOES)


def signer_crop(source: Drawable, number: int, page: Array) -> tuple[str, tuple[Word, ...]]:
    """The signer's block, drawn anew without coloured ink: seal and pen no longer cover the name."""
    box = _signer_box(page, source.dpi(number))
    crop = ink.without_colours(source.draw(number, CROP_DPI, box))
    tokens = tesseract.read(crop, CROP_DPI, psm=_BLOCK)
    return tesseract.as_text(tokens), placed(tokens, crop.shape, box)


def _signer_box(page: Array, dpi: float) -> Box:
    """Around the seal; around all red ink where none is whole; the lower right where there is none at all."""
    height, width = page.shape[:2]
    lower, mm = ink.red_ink(page), dpi / ink.MM_PER_INCH
    lower[: height // 5] = False
    areas = list(ink.areas(lower, dpi))
    if seal := _lowest_seal([area for area, _ in areas], mm):
        x, y = (seal[0] + seal[2]) / 2, (seal[1] + seal[3]) / 2
    elif sum(cells for _, cells in areas) >= _SEAL_CELLS:
        ys, xs = np.nonzero(lower)
        x, y = float(np.median(xs)), float(np.median(ys))
    else:
        return _LOWER_RIGHT
    left, right, up, down = (value * mm for value in _SIGNER_MM)
    x0, x1 = max(0.0, x - left) / width, min(width, x + right) / width
    y0, y1 = max(0.0, y - up) / height, min(height, y + down) / height
    return x0, y0, x1 - x0, y1 - y0


def _lowest_seal(areas: Iterable[Area], mm: float) -> Area | None:
    """The lowest red area of a seal's size, as wide as tall: on a short page an arrival stamp outweighs it."""
    seals = []
    for area in areas:
        wide, tall = (area[2] - area[0]) / mm, (area[3] - area[1]) / mm
        least, most = min(wide, tall), max(wide, tall)
        if _SEAL_MM[0] <= least and most <= _SEAL_MM[1] and most <= _SEAL_RATIO * least:
            seals.append(area)
    return max(seals, key=lambda area: area[3], default=None)


def header_again(source: Drawable, number: int, reading: PageReading) -> tuple[Word, ...]:
    """The letterhead at another scale: number and date count only where two readings agree."""
    box = letterhead_of(reading)
    crop = source.draw(number, CROP_DPI * 0.85, box)
    return placed(read_level(ink.even(crop), CROP_DPI * 0.85), crop.shape, box)


def letterhead_of(reading: PageReading) -> Box:
    """
    The top of the page down to some lines below its number and date; all of it where these were not seen.

    What follows them is text that was read well enough once: to read it again cost as much as a third of the page.
    """
    words = [word for word in words_upright(reading.words, reading.turn) if word.y < HEADER[3]]
    ends = [max(ends) for cues in _LAST_OF_LETTERHEAD if (ends := _ends_of_row(words, cues))]
    x, y, w, h = HEADER
    return (x, y, w, min(h, max(ends) + _BELOW_LETTERHEAD)) if len(ends) == len(_LAST_OF_LETTERHEAD) else HEADER


def _ends_of_row(words: Sequence[Word], cues: Sequence[str]) -> list[float]:
    """Where the first row ends that holds all these words."""
    found = [(word, fold(word.text.strip(":.,;"))) for word in words]
    for first, text in found:
        if text == cues[0]:
            row = [(word, other) for word, other in found if abs(word.y - first.y) < _ROW]
            if set(cues) <= {other for _word, other in row}:
                return [word.y + word.h for word, other in row if other in cues]
    return []


def written_places(page: Array, dpi: float) -> tuple[Box, ...]:
    """Where the letterhead shows a blue pen."""
    height, width = page.shape[:2]
    top = page[: int(height * HEADER[3])]
    boxes = (area for area, _ in ink.areas(ink.blue_ink(top), dpi, share=0.02))
    return tuple((x0 / width, y0 / height, (x1 - x0) / width, (y1 - y0) / height) for x0, y0, x1, y1 in boxes)


def page_marks(page: Array, dpi: float) -> list[str]:
    """The red marks of a page, read before anything else of it."""
    return marks.red_marks(page, dpi) if ink.is_coloured(page) else []
