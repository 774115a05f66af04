"""
Reading files: the public door. A file goes in, text with places and confidences comes out (ocr.md).

Cheap to import: parsers and numpy live in the child process alone.
"""

from documents.ocr import boxes
from documents.ocr.boxes import BoxesDamaged
from documents.ocr.covers import cover_code
from documents.ocr.cutting import cut_pages
from documents.ocr.model import (
    Box,
    Crops,
    EngineMissing,
    FileReading,
    Kind,
    KnownPage,
    Limits,
    PageReading,
    Reason,
    Sniffed,
    Source,
    Status,
    Word,
)
from documents.ocr.office import read_file
from documents.ocr.picture import draw_part
from documents.ocr.sniff import sniff
from documents.ocr.turns import upright_box, words_upright
from documents.ocr.wire import as_crops

__all__ = [
    "Box",
    "BoxesDamaged",
    "Crops",
    "EngineMissing",
    "FileReading",
    "Kind",
    "KnownPage",
    "Limits",
    "PageReading",
    "Reason",
    "Sniffed",
    "Source",
    "Status",
    "Word",
    "as_crops",
    "boxes",
    "cover_code",
    "cut_pages",
    "draw_part",
    "read_file",
    "sniff",
    "upright_box",
    "words_upright",
]
