"""The one door to Tesseract: a grey image goes in, words with boxes in its pixels come out."""

from __future__ import annotations

import csv
import io
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytesseract
from PIL import Image

from documents.ocr.model import EngineMissing
from documents.ocr.words import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from documents.ocr.ink import Array

LANGUAGE = "vie"
SECONDS = 90
_WORD_LEVEL, _COLUMNS = "5", 12

_WRAPPER = Path(__file__).with_name("tesseract.sh")
if os.access(_WRAPPER, os.X_OK):
    pytesseract.pytesseract.tesseract_cmd = str(_WRAPPER)


@dataclass(frozen=True, slots=True)
class Token:
    """One word in pixels of the image that was read; words with one `line` stand on one line."""

    line: tuple[int, int, int]  # block, paragraph, line
    x: float
    y: float
    w: float
    h: float
    conf: float  # 0 to 1
    text: str


def read(image: Array, dpi: float, *, psm: int = 3) -> list[Token]:
    """
    Read a grey image in one call.

    :raises EngineMissing: if the engine or its model is not there
    :raises TimeoutError: if it needs more than 90 seconds, or more of the processor than `tesseract.sh` lets it
    :raises MemoryError: if it was ended in another way: by an image that needs too much
    """
    picture = Image.fromarray(image)
    picture.format = "PPM"  # handed over uncompressed: a PNG would cost up to 1.6 s a page
    config = f"--psm {psm} --dpi {max(70, round(dpi))}"
    try:
        table = pytesseract.image_to_data(picture, lang=LANGUAGE, config=config, timeout=SECONDS)
    except pytesseract.TesseractNotFoundError as error:
        raise EngineMissing(str(error)[:500]) from error
    except pytesseract.TesseractError as error:
        raise _ended(error) from error
    except RuntimeError as error:  # what pytesseract makes of a timeout
        raise TimeoutError(str(error)) from error
    return [
        token for row in csv.reader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE) for token in _of(row)
    ]


def _ended(error: pytesseract.TesseractError) -> Exception:
    """An engine that says no is not set up; one that a signal ended met a page beyond its limits."""
    if error.status >= 0:
        return EngineMissing(str(error)[:500])
    return TimeoutError() if -error.status == signal.SIGXCPU else MemoryError()


def _of(row: Sequence[str]) -> list[Token]:
    if len(row) < _COLUMNS or row[0] != _WORD_LEVEL:
        return []
    text = clean(row[11])
    if not text:
        return []
    x, y, w, h = (float(value) for value in row[6:10])
    line = int(row[2]), int(row[3]), int(row[4])
    return [Token(line, x, y, w, h, max(0.0, float(row[10])) / 100, text)]


def mean_confidence(tokens: Sequence[Token]) -> float:
    """Mean over words; 0 for none."""
    return sum(token.conf for token in tokens) / len(tokens) if tokens else 0.0


def as_text(tokens: Sequence[Token]) -> str:
    """Words by spaces, lines by line breaks, paragraphs by empty lines; `split()` gives the words back."""
    parts: list[str] = []
    last: tuple[int, int, int] | None = None
    for token in tokens:
        if last is not None:
            parts.append(" " if token.line == last else "\n" if token.line[:2] == last[:2] else "\n\n")
        parts.append(token.text)
        last = token.line
    return "".join(parts)
