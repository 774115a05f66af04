"""Pages as they are handed to the engine, drawn and treated ahead of the measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from documents.ocr import ink
from documents.ocr.model import Limits
from documents.ocr.source import Unreadable, open_source

if TYPE_CHECKING:
    from pathlib import Path


def pages_of(file: Path, folder: Path) -> list[Path]:
    """One grey picture a page, made once; empty for a file that cannot be opened."""
    if not folder.exists():
        folder.mkdir(parents=True)
        try:
            _draw(file, folder)
        except Unreadable:
            return []
    return sorted(folder.glob("*.pgm"))


def _draw(file: Path, folder: Path) -> None:
    source = open_source(file, "pdf", Limits(), folder)
    for number in range(1, source.page_count + 1):
        source.check(number)
        dpi = source.dpi(number)
        page, _degrees = ink.level(ink.even(source.draw(number, dpi)))
        Image.fromarray(page).save(folder / f"{number:04}@{round(dpi)}.pgm")
