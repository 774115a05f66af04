"""
The words of a page as drawing instructions that show nothing (ocr.md 6): read back, they give the text that was read.

One level baseline a line, for readers that sort by columns lose their way on slanted ones; type 0.8 times as high as the
line's boxes; each word and each space stretched to its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from documents.ocr import words_upright

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from documents.ocr import Word

ADVANCE = 0.5  # of every letter of the shapeless font, in shares of the type size
TYPE_SHARE = 0.8  # of the boxes' height: 1.0 costs the column readers some tenths, 0.6 and less costs them whole lines
SAME_BASELINE = 0.6  # of a line's height, by which a word may stand off before it begins a line of its own
LEAST_GAP, LEAST_LETTER = 0.4, 0.2  # between words whose boxes touch, of a word in no place at all; in letters
LEAST_SIZE, LEAST_STRETCH, MOST_STRETCH = 1.0, 1.0, 1000.0  # points; percent
HALF_TURN = 180

Matrix = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The visible part of a page in its own coordinates, and by how much it is turned clockwise when it is displayed."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int = 0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as displayed."""
        width, height = self.right - self.left, self.top - self.bottom
        return (width, height) if self.turn % HALF_TURN == 0 else (height, width)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A place given in shares of the displayed page, from its top left."""
        width, height = self.right - self.left, self.top - self.bottom
        return {
            0: (self.left + x * width, self.top - y * height),
            90: (self.left + y * width, self.bottom + x * height),
            180: (self.right - x * width, self.bottom + y * height),
            270: (self.right - y * width, self.top - x * height),
        }[self.turn]

    @property
    def matrix(self) -> Matrix:
        """Which way words run on it."""
        return {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}[self.turn]


def standing(sheet: Sheet, turn: int) -> Sheet:
    """The page as it has to be turned for its lines to stand upright."""
    return Sheet(sheet.left, sheet.bottom, sheet.right, sheet.top, (sheet.turn + turn) % 360)


def lines_of(text: str, words: Sequence[Word]) -> list[list[Word]]:
    """The words of a page by the lines of its text."""
    lines, at = [], 0
    for line in text.splitlines():
        count = len(line.split())
        if count:
            lines.append(list(words[at : at + count]))
        at += count
    return lines


def letters_of(lines: Sequence[Sequence[Word]]) -> set[str]:
    """Every letter that the lines need."""
    return {letter for line in lines for word in line for letter in word.text}


def instructions(
    sheet: Sheet, lines: Sequence[Sequence[Word]], turn: int, font: str, codes: Mapping[str, int]
) -> bytes:
    """
    What draws the lines invisibly on the page.

    :param turn: clockwise, until the lines stand upright on the displayed page
    :param font: its name among the page's resources
    """
    upright = standing(sheet, turn)
    drawn = []
    for line in lines:
        for run in _level_runs(words_upright(line, turn)):
            drawn.append(f"/{font} {_size(upright, run):.2f} Tf")
            # pdfium turns the pieces of a line about that is displayed upside down.
            drawn += (_as_one if turn == HALF_TURN else _word_by_word)(upright, run, codes)
    return "\n".join(["q", "BT", "3 Tr", *drawn, "ET", "Q", ""]).encode("ascii") if drawn else b""


def _level_runs(line: Sequence[Word]) -> Iterator[list[Word]]:
    """A line as it stands: what was read beside it, higher or lower, is a line of its own."""
    run: list[Word] = []
    for word in line:
        if run and not _goes_on(run, word):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _goes_on(run: Sequence[Word], word: Word) -> bool:
    last = run[-1]
    tall = median(one.h for one in (*run, word))
    is_level = abs((word.y + word.h / 2) - (last.y + last.h / 2)) <= SAME_BASELINE * tall
    return is_level and word.x >= last.x


def _size(sheet: Sheet, run: Sequence[Word]) -> float:
    return max(LEAST_SIZE, TYPE_SHARE * median(word.h for word in run) * sheet.size[1])


def _letter(sheet: Sheet, run: Sequence[Word]) -> float:
    """How wide a letter is that is not stretched, as a share of the page."""
    return _size(sheet, run) * ADVANCE / sheet.size[0]


def _foot(run: Sequence[Word]) -> float:
    return median(word.y + word.h for word in run)


def _word_by_word(sheet: Sheet, run: Sequence[Word], codes: Mapping[str, int]) -> Iterator[str]:
    """Each word and each space as wide as it stands."""
    letter, foot = _letter(sheet, run), _foot(run)
    starts = [*(word.x for word in run[1:]), run[-1].x + run[-1].w + letter]
    for word, ends in zip(run, starts, strict=True):
        width = max(min(word.w, ends - word.x - LEAST_GAP * letter), LEAST_LETTER * letter)
        yield _at(sheet, word.x, foot)
        yield f"{_stretch(width / (letter * len(word.text)))} <{_coded(word.text, codes)}> Tj"
        yield f"{_stretch((ends - word.x - width) / letter)} <{_coded(' ', codes)}> Tj"


def _as_one(sheet: Sheet, run: Sequence[Word], codes: Mapping[str, int]) -> Iterator[str]:
    """The whole line in one piece: words begin where they stand, and all letters are equally wide."""
    letter = _letter(sheet, run)
    stretch = max(LEAST_LETTER, min(word.w / len(word.text) for word in run) / letter)
    yield _at(sheet, run[0].x, _foot(run))
    yield _stretch(stretch)
    pieces = [f"<{_coded(f'{run[0].text} ', codes)}>"]
    for word, following in pairwise(run):
        ends = word.x + (len(word.text) + 1) * letter * stretch
        back = (ends - following.x) / (letter * stretch) * ADVANCE * 1000
        pieces.append(f"{back:.0f} <{_coded(f'{following.text} ', codes)}>")
    yield f"[{' '.join(pieces)}] TJ"


def _stretch(share: float) -> str:
    return f"{min(MOST_STRETCH, max(LEAST_STRETCH, share * 100)):.1f} Tz"


def _at(sheet: Sheet, x: float, y: float) -> str:
    left, foot = sheet.at(x, y)
    return f"{' '.join(map(str, sheet.matrix))} {left:.2f} {foot:.2f} Tm"


def _coded(text: str, codes: Mapping[str, int]) -> str:
    return "".join(f"{codes[letter]:04X}" for letter in text)
