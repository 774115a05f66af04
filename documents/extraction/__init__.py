"""
Fields proposed from what was read: the public door (extraction.md).

Proposals are never official: each carries its place on the page and an honest confidence, and waits for a person.
No ORM and no settings here; what the office knows arrives as a `Catalogue`.
"""

from documents.extraction.catalogue import DEFAULT_CATALOGUE
from documents.extraction.model import DOUBTFUL, SURE, Box, Catalogue, Field, Name, Value
from documents.extraction.proposal import FIELDS, extract, extract_text

__all__ = [
    "DEFAULT_CATALOGUE",
    "DOUBTFUL",
    "FIELDS",
    "SURE",
    "Box",
    "Catalogue",
    "Field",
    "Name",
    "Value",
    "extract",
    "extract_text",
]
