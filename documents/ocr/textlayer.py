"""
The text a PDF page itself holds, from its content and never from its annotations (ocr.md 2).

One reader gives letters, fonts and boxes, so that text and places cannot disagree; it reads old encodings best, too.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from pypdfium2 import raw

from documents.ocr import legacy
from documents.ocr.model import Word
from documents.ocr.turns import HALF, LEFT, RIGHT
from documents.ocr.words import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GOOD_WORDS = 40
GOOD_SHARE = 0.80
STAMP_WORDS = 120  # a signature's stamp, drawn into a scanned page's content, stays below it
SCAN_COVER = 0.6  # share of the page under pictures from which on it counts as scanned
LETTERS_LIMIT = 300_000
PIECES_LIMIT = 20_000
_DEVICE = 1_000_000  # units across a page when pdfium turns page coordinates into displayed ones
_FONT_NAME_BYTES = 128
_TELLING_LETTERS = 3  # shorter words do not say which way they run
_BREAKS = "\r\n"
_LINE_HYPHEN = "\x02"  # pdfium's own sign for a hyphen at a line's end


@dataclass(frozen=True, slots=True)
class Layer:
    """
    A page's own text, old encodings converted.

    `is_good` tells whether it can stand for the page without looking at the picture; `is_hidden`, whether it is what another reader
    made of that picture (a scanner, or the office's own copy); `turn` is that of `PageReading`.
    """

    text: str
    words: tuple[Word, ...]
    share: float
    is_legacy: bool
    is_good: bool
    turn: int = 0
    is_hidden: bool = False


EMPTY = Layer("", (), 0.0, is_legacy=False, is_good=False)


@dataclass(frozen=True, slots=True)
class _Letter:
    char: str
    font: str
    box: tuple[float, float, float, float] | None  # left, top, right, bottom as displayed


def read_layer(page: Any) -> Layer:
    """Read the text of a pdfium page."""
    textpage = page.get_textpage()
    try:
        letters = [_letter(page, textpage, index) for index in range(min(textpage.count_chars(), LETTERS_LIMIT))]
    finally:
        textpage.close()
    if not any(letter.char.strip() for letter in letters):
        return EMPTY
    lines = [list(_words(line)) for line in _lines(letters)]
    lines, is_legacy = _converted([line for line in lines if line])
    text = "\n".join(" ".join(word.text for word, _ in line) for line in lines)
    words = tuple(word for line in lines for word, _ in line)
    share, count = legacy.syllable_share(text)
    is_good = count >= GOOD_WORDS and share >= GOOD_SHARE
    is_scan = _picture_cover(page) >= SCAN_COVER
    is_hidden = is_scan and _is_hidden(page)
    if is_hidden or (is_scan and not is_legacy and count < STAMP_WORDS):
        is_good = False
    return Layer(text, words, share, is_legacy, is_good, _turn(letters), is_hidden)


def _turn(letters: Sequence[_Letter]) -> int:
    """Which way most words run on the page as displayed: by where their last letter stands from their first."""
    ways: Counter[int] = Counter()
    for is_space, group in groupby(letters, key=lambda letter: letter.box is None):
        boxes = [] if is_space else [letter.box for letter in group if letter.box]
        if len(boxes) >= _TELLING_LETTERS:
            across, down = boxes[-1][0] - boxes[0][0], boxes[-1][1] - boxes[0][1]
            is_level = abs(across) >= abs(down)
            ways[(0 if across >= 0 else HALF) if is_level else (LEFT if down > 0 else RIGHT)] += 1
    way, count = ways.most_common(1)[0] if ways else (0, 0)
    return way if count > ways.total() / 2 else 0


def _letter(page: Any, textpage: Any, index: int) -> _Letter:
    code = raw.FPDFText_GetUnicode(textpage, index)
    char = chr(code) if code and not 0xD800 <= code <= 0xDFFF and code <= 0x10FFFF else " "  # noqa: PLR2004
    if char == _LINE_HYPHEN:
        char = "-"
    if char.isspace():
        return _Letter(char, "", None)
    name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(textpage, index, name, _FONT_NAME_BYTES, flags)
    return _Letter(char, name.value.decode("utf-8", "replace"), _displayed(page, textpage, index))


def _displayed(page: Any, textpage: Any, index: int) -> tuple[float, float, float, float] | None:
    """A letter's box on the page as displayed: cropped and turned by /Rotate."""
    sides = [ctypes.c_double() for _ in range(4)]  # left, right, bottom, top
    if not raw.FPDFText_GetCharBox(textpage, index, *sides):
        return None
    left, right, bottom, top = (side.value for side in sides)
    corners = [_device(page, left, top), _device(page, right, bottom)]
    xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
    return xs[0], ys[0], xs[1], ys[1]


def _device(page: Any, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, _DEVICE, _DEVICE, 0, x, y, across, down)
    return across.value / _DEVICE, down.value / _DEVICE


def _lines(letters: Sequence[_Letter]) -> Iterator[list[_Letter]]:
    for is_break, group in groupby(letters, key=lambda letter: letter.char in _BREAKS):
        if not is_break:
            yield list(group)


def _words(line: Sequence[_Letter]) -> Iterator[tuple[Word, str]]:
    """Words of a line, each with the font of its first letter."""
    for is_space, group in groupby(line, key=lambda letter: letter.char.isspace()):
        if is_space:
            continue
        letters = list(group)
        boxes = [letter.box for letter in letters if letter.box]
        left, top = min((b[0] for b in boxes), default=0.0), min((b[1] for b in boxes), default=0.0)
        right, bottom = max((b[2] for b in boxes), default=0.0), max((b[3] for b in boxes), default=0.0)
        left, top, right, bottom = (min(1.0, max(0.0, side)) for side in (left, top, right, bottom))
        text = "".join(letter.char for letter in letters)
        yield Word(text, left, top, right - left, bottom - top, 1.0), letters[0].font


_Lines = list[list[tuple[Word, str]]]


def _converted(lines: _Lines) -> tuple[_Lines, bool]:
    """Bring every word to clean Unicode; fonts decide, and where their names say nothing, the text."""
    fonts = {font: legacy.encoding_of_font(font) for line in lines for _, font in line}
    by_text = None
    if not any(kind for kind, _ in fonts.values()):
        by_text = legacy.encoding_of_text("\n".join(" ".join(word.text for word, _ in line) for line in lines))
    result: _Lines = []
    for line in lines:
        converted = []
        for word, font in line:
            kind, capitals = fonts[font] if not by_text else (by_text, False)
            text = clean(legacy.convert(word.text, kind, capitals=capitals) if kind else word.text)
            if text:
                converted.append((Word(text, word.x, word.y, word.w, word.h, word.conf), font))
        if converted:
            result.append(converted)
    return result, bool(by_text) or any(kind for kind, _ in fonts.values())


def _is_hidden(page: Any) -> bool:
    """Whether most pieces of the page's text are drawn invisibly."""
    pieces = islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=2), PIECES_LIMIT)
    modes = Counter(raw.FPDFTextObj_GetTextRenderMode(piece.raw) for piece in pieces)
    return 2 * modes[raw.FPDF_TEXTRENDERMODE_INVISIBLE] > modes.total()


def _picture_cover(page: Any) -> float:
    """Share of the page under its largest picture."""
    width, height = page.get_size()
    largest = 0.0
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=2):
        left, bottom, right, top = item.get_bounds()
        largest = max(largest, abs((right - left) * (top - bottom)))
    return largest / max(1.0, float(width * height))
