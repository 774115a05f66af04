"""What extraction gives back and what it knows beforehand; catalogues arrive as arguments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Box = tuple[float, float, float, float]  # x, y, width, height as shares of the displayed page from its top left
Value = str | list[str] | None
Name = Literal[
    "issuer",
    "parent",
    "number",
    "symbol",
    "place",
    "date",
    "type",
    "subject",
    "urgency",
    "due",
    "recipients",
    "authority",
    "signer_title",
    "signer",
]

DOUBTFUL = 0.6  # highest confidence of a value that two readings do not share
MENDED = 0.88  # highest confidence of a value that a catalogue spelled otherwise than it was read
SURE = 0.9  # from here on a value may be believed without a look; a wrong one here is a fault


@dataclass(frozen=True, slots=True)
class Field:
    """One proposal: nothing of it is official before a person has confirmed it."""

    value: Value = None
    confidence: float = 0.0
    page: int | None = None
    box: Box | None = None
    alternatives: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """
    What the office knows: it decides where OCR is unsure (extraction.md 5).

    `types` pairs names and abbreviations (empty for Công văn); `organs` are names of units; `organ_symbols` what
    stands for them in numbers; `signers` full names.
    """

    types: tuple[tuple[str, str], ...] = ()
    organs: tuple[str, ...] = ()
    organ_symbols: tuple[str, ...] = ()
    signer_titles: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
