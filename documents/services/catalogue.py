"""What the office knows, for the extraction to compare with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from documents.extraction import DEFAULT_CATALOGUE, Catalogue
from documents.models import DocumentType
from organizations.models import Post, Unit, UnitName, User

if TYPE_CHECKING:
    from collections.abc import Iterable


def catalogue() -> Catalogue:
    """What the extraction may compare with: types, names and symbols of units, titles, people (extraction.md 5)."""
    names = UnitName.objects.values_list("name", flat=True)
    symbols = Unit.objects.exclude(symbol="").values_list("symbol", flat=True).distinct()
    return Catalogue(
        types=_merged(DEFAULT_CATALOGUE.types, DocumentType.objects.values_list("name", "abbreviation")),
        organs=_merged(DEFAULT_CATALOGUE.organs, names),
        organ_symbols=_merged(DEFAULT_CATALOGUE.organ_symbols, symbols),
        signer_titles=_merged(DEFAULT_CATALOGUE.signer_titles, Post.objects.values_list("title", flat=True).distinct()),
        signers=_merged(DEFAULT_CATALOGUE.signers, User.objects.values_list("full_name", flat=True)),
    )


def _merged(known: Iterable[Any], ours: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys([*known, *ours]))
