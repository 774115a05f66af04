"""Facets with words for people: what a type, a unit or a state is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from documents.models import DocumentType, Validity
from organizations.models import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from search.backends.base import Facet, Value

NAMES: dict[Facet, str] = {
    "type_id": "type", "unit_id": "unit", "year": "year", "issuer": "issuer", "tag": "tag", "state": "state",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet, what it is called, and how many papers there are."""

    value: Value
    label: str
    count: int


def labelled(facets: Mapping[Facet, Sequence[tuple[Value, int]]]) -> dict[Facet, list[FacetValue]]:
    """With names from the catalogues; two queries at most."""
    words: dict[Facet, dict[Value, str]] = {"state": {state.value: str(state.label) for state in Validity}}
    if types := [value for value, _count in facets.get("type_id", [])]:
        words["type_id"] = {one.pk: one.name for one in DocumentType.objects.filter(pk__in=types)}
    if units := [value for value, _count in facets.get("unit_id", [])]:
        words["unit_id"] = {one.pk: one.name for one in Unit.objects.filter(pk__in=units).prefetch_related("names")}
    return {
        facet: [FacetValue(value, words.get(facet, {}).get(value, str(value)), count) for value, count in rows]
        for facet, rows in facets.items()
    }
