"""Cover sheets: a page whose code names the unit that the papers behind it are for, so that a stack is scanned in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from documents.ocr.ink import Array

PREFIX = "VANTHU1"


def cover_code(unit: str) -> str:
    """What a unit's cover sheet says, its check behind it: `VANTHU1|TLD|4b1e`."""
    said = f"{PREFIX}|{unit}"
    return f"{said}|{_check(said)}"


def unit_named(code: str) -> str:
    """The unit whose cover sheet says this; nothing for any other code, since papers carry codes of their own."""
    said, _, check = code.rpartition("|")
    prefix, _, unit = said.partition("|")
    return unit if prefix == PREFIX and check == _check(said) else ""


def cover_in(text: str) -> str:
    """The same by the words below the code, for a sheet whose text a scanner has laid into the file."""
    return next((unit for word in text.split() if (unit := unit_named(word))), "")


def cover_on(page: Array) -> str:
    """The unit that a page as drawn is the cover sheet of, whichever way the page lies; else nothing."""
    import zxingcpp  # the office itself only names codes, and loads neither this nor numpy

    from documents.ocr import ink

    kinds = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    found = zxingcpp.read_barcodes(ink.red_channel(page), formats=kinds)
    return next((unit for code in found if (unit := unit_named(code.text))), "")


def _check(said: str) -> str:
    return f"{crc32(said.encode()) & 0xFFFF:04x}"
