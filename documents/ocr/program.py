"""Tesseract as a program, for machines whose library cannot be loaded: nearly the same words, for about twice the processor."""

from __future__ import annotations

import csv
import io
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytesseract
from PIL import Image

from documents.ocr.engine import LANGUAGE
from documents.ocr.model import EngineMissing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from documents.ocr.ink import Array

SECONDS = 90
_WORD_LEVEL, _COLUMNS = "5", 12

_WRAPPER = Path(__file__).with_name("tesseract.sh")
if os.access(_WRAPPER, os.X_OK):
    pytesseract.pytesseract.tesseract_cmd = str(_WRAPPER)


def rows(image: Array, dpi: int, psm: int) -> list[Sequence[str]]:
    """
    Read an image: of each word block, paragraph and line, left, top, right, bottom, confidence, and the text.

    :raises EngineMissing: if the program or its model is not there
    :raises TimeoutError: if it needs more than 90 seconds, or more of the processor than `tesseract.sh` lets it
    :raises MemoryError: if it was ended in another way
    """
    picture = Image.fromarray(image)
    picture.format = "PPM"  # handed over uncompressed: a PNG would cost up to 1.6 s a page
    try:
        table = pytesseract.image_to_data(picture, lang=LANGUAGE, config=f"--psm {psm} --dpi {dpi}", timeout=SECONDS)
    except pytesseract.TesseractNotFoundError as error:
        raise EngineMissing(str(error)[:500]) from error
    except pytesseract.TesseractError as error:
        raise _ended(error) from error
    except RuntimeError as error:  # what pytesseract makes of a timeout
        raise TimeoutError(str(error)) from error
    return list(_words(csv.reader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)))


def _ended(error: pytesseract.TesseractError) -> Exception:
    """A program that says no is not set up; one that a signal ended met a page beyond its limits."""
    if error.status >= 0:
        return EngineMissing(str(error)[:500])
    return TimeoutError() if -error.status == signal.SIGXCPU else MemoryError()


def _words(table: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
    for row in table:
        if len(row) == _COLUMNS and row[0] == _WORD_LEVEL:
            left, top, width, height = map(int, row[6:10])
            yield [*row[2:5], row[6], row[7], str(left + width), str(top + height), row[10], row[11]]
