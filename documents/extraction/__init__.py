"""Fields proposed from what was read: the public door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.extraction.catalogue import DEFAULT_CATALOGUE
from documents.extraction.model import Catalogue, Field

if TYPE_CHECKING:
    from documents.ocr import FileReading

__all__ = ["DEFAULT_CATALOGUE", "Catalogue", "Field", "extract"]


def extract(reading: FileReading, catalogue: Catalogue) -> dict[str, Field]:
    """Propose fields."""
    return {}
