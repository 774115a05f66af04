"""What conditions may name: types of papers, and the units around a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.models import DocumentType
from organizations.selectors import units_around
from search.analysis import folded_words

if TYPE_CHECKING:
    from datetime import datetime

    from organizations.models import User
    from search.backends.base import Facet, Value
    from search.query import Words


class Catalogues:
    """Read once for one query, and only if it names one."""

    def __init__(self, user: User, at: datetime) -> None:
        self._user, self._at = user, at
        self._known: dict[Facet, dict[Words, set[Value]]] = {}

    def longest(self, facet: Facet, words: Words) -> tuple[int, frozenset[Value]]:
        """The longest beginning of the words that is a name or an abbreviation."""
        known = self._names(facet)
        for count in range(len(words), 0, -1):
            if found := known.get(words[:count]):
                return count, frozenset(found)
        return 0, frozenset()

    def _names(self, facet: Facet) -> dict[Words, set[Value]]:
        if facet not in self._known:
            self._known[facet] = {}
            for name, value in self._rows(facet):
                self._known[facet].setdefault(tuple(folded_words(name)), set()).add(value)
        return self._known[facet]

    def _rows(self, facet: Facet) -> list[tuple[str, int]]:
        if facet == "type_id":
            types = DocumentType.objects.order_by("order", "id")
            return [(name, one.pk) for one in types for name in (one.name, one.abbreviation) if name]
        if facet == "unit_id":
            units = units_around(self._user, self._at)
            return [(name, one.pk) for one in units for name in (one.name, one.code) if name]
        return []
