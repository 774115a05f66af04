"""What travels between the reading of a file and the rest of the office."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Kind = Literal[
    "pdf", "png", "jpeg", "tiff", "heic", "docx", "xlsx", "office"
]  # office: what only an office program reads
PAGELESS: tuple[Kind, ...] = ("docx", "xlsx", "office")  # they have words, and no pages that could be drawn
Source = Literal["text", "legacy", "ocr", "blank", "failed"]
Status = Literal["read", "partial", "failed", "quarantined"]
Box = tuple[float, float, float, float]  # x, y, width, height as shares of the page as displayed, from its top left


class Reason(StrEnum):
    """Why a file or a page could not be read, or not all of it; the sentences are in `documents.words`."""

    EMPTY = "empty"
    UNKNOWN_TYPE = "unknown_type"
    OLD_OFFICE = "old_office"
    NO_OFFICE = "no_office"
    NOT_CONVERTED = "not_converted"
    ENCRYPTED = "encrypted"
    TRUNCATED = "truncated"
    BROKEN = "broken"
    UNREADABLE_IMAGE = "unreadable_image"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_LARGE_PAGE = "too_large_page"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    NO_TEXT = "no_text"
    SECRET = "secret"  # noqa: S105 - a level of secrecy, not a password


class EngineMissing(RuntimeError):
    """Tesseract or its Vietnamese model is not installed: apt-get install tesseract-ocr tesseract-ocr-vie."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a file is by its content; `kind` is None for everything that is not read."""

    kind: Kind | None
    media_type: str


@dataclass(frozen=True, slots=True)
class Limits:
    """
    What one file may cost (reliability.md 8, ocr.md 7).

    Time out of proportion is met early: a page that cannot even be drawn within `draw_seconds` is given up,
    so a hostile file ends long before the time that an honest page may need on a busy machine.
    """

    pages: int = 2_000
    declared_pixels: int = 60_000_000  # of one image, before anything is decoded
    drawn_pixels: int = 25_000_000  # of one page as drawn for reading
    content_bytes: int = 64 << 20  # of one page's drawing instructions, unpacked
    memory_bytes: int = 1 << 30
    file_bytes: int = 300 << 20  # of any single file the child writes
    cpu_seconds: int = 60  # per page
    engine_seconds: int = 40  # of the processor for one run of the engine: a page of 600 words needs 3
    page_seconds: float = 90.0
    draw_seconds: float = 25.0
    first_seconds: float = 20.0  # until the file is open
    attempts: int = 2
    hopeless_pages: int = 5  # that took too long or too much: then the rest of the file is not tried any more
    page_chars: int = 200_000
    text_chars: int = 5_000_000
    dpi: int = 200
    lanes: int = 2  # pages of one file that are read at once


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a page: its place as shares of the displayed page, and how sure the reader was (0 to 1)."""

    text: str
    x: float
    y: float
    w: float
    h: float
    conf: float


@dataclass(frozen=True, slots=True)
class PageReading:
    """
    One page: `text.split()` gives the words in the order of `words`.

    `turn` is how many degrees clockwise the displayed page has to be turned until its lines stand upright.
    """

    number: int
    source: Source
    text: str = ""
    words: tuple[Word, ...] = ()
    mean_confidence: float | None = None  # None where nothing was guessed: text layers, blank and failed pages
    width_pt: float = 0.0
    height_pt: float = 0.0
    reason: Reason | None = None
    turn: int = 0
    coverage: float | None = None  # share of what looks like text that has words; None where nothing was recognised
    cover: str = ""  # the unit that this page is a cover sheet of: then nothing else was read on it


@dataclass(frozen=True, slots=True)
class Crops:
    """
    Places that were read a second time because they matter most (ocr.md 4).

    `signer` is the signer's block on page `signer_page`, coloured ink faded; `marks` are the texts of red marks;
    `header` the top of page `header_page`, drawn and read anew; `written` boxes there whose ink is that of a coloured
    pen.
    """

    signer: str = ""
    signer_page: int | None = None
    signer_words: tuple[Word, ...] = ()
    marks: tuple[str, ...] = ()
    header: tuple[Word, ...] = ()
    header_page: int | None = None
    written: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page as it was read, with all that was seen on it: the same page comes again and need not be read again."""

    reading: PageReading
    crops: Crops = field(default_factory=Crops)
    marks: tuple[str, ...] = ()
    is_headed: bool = False


@dataclass(frozen=True, slots=True)
class FileReading:
    """
    What became of a file. A quarantined one holds no text at all, only the mark that was seen.

    `known` holds pages under the keys by which they can be recognised, those that were recognised now among them.
    """

    status: Status
    reason: Reason | None = None
    pages: tuple[PageReading, ...] = ()
    page_count: int = 0
    secrecy_mark: str | None = None
    has_signature: bool = False
    crops: Crops = field(default_factory=Crops)
    known: dict[str, KnownPage] = field(default_factory=dict)
