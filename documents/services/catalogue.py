"""What the office knows, for the extraction to compare with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from documents.extraction import DEFAULT_CATALOGUE, Catalogue
from documents.models import DocumentType
from organizations.models import Appointment, Post, Unit, UnitName, User

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet


def catalogue(on: date | None = None) -> Catalogue:
    """
    What the extraction may compare with: types, names and symbols of units, titles, people (extraction.md 5).

    :param on: leave out what no longer counted on that day, or not yet; None for everything that ever did
    """
    symbols = _units(on).exclude(symbol="").values_list("symbol", flat=True).distinct()
    return Catalogue(
        types=_merged(DEFAULT_CATALOGUE.types, DocumentType.objects.values_list("name", "abbreviation")),
        organs=_merged(DEFAULT_CATALOGUE.organs, _names(on).values_list("name", flat=True)),
        organ_symbols=_merged(DEFAULT_CATALOGUE.organ_symbols, symbols),
        signer_titles=_merged(DEFAULT_CATALOGUE.signer_titles, Post.objects.values_list("title", flat=True).distinct()),
        signers=_merged(DEFAULT_CATALOGUE.signers, _signers(on).values_list("full_name", flat=True)),
    )


def _units(on: date | None) -> QuerySet[Unit]:
    rows: QuerySet[Unit] = Unit.objects.all()
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)) if on else rows


def _names(on: date | None) -> QuerySet[UnitName]:
    """
    Names that had not ended; one that began later only where nothing is known of the time before.

    An office that starts today knows its units from today on, and reads papers of last year.
    """
    rows = UnitName.objects.all()
    if on is None:
        return rows
    before = UnitName.objects.filter(unit=OuterRef("unit"), valid_from__lt=OuterRef("valid_from"))
    has_begun = Q(valid_from__lte=on) | ~Exists(before)
    return rows.filter(has_begun, Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def _signers(on: date | None) -> QuerySet[User]:
    """People; those whose every post had ended by then cannot have signed."""
    rows: QuerySet[User] = User.objects.all()
    if on is None:
        return rows
    held = Appointment.objects.filter(user=OuterRef("pk"))
    still = held.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    return rows.filter(Exists(still) | ~Exists(held))


def _merged(known: Iterable[Any], ours: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys([*known, *ours]))
