"""The filters beside a list of hits: what may be ticked, how many papers each choice would leave, and what it is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.models import DocumentType
from organizations.selectors import unit_names, units_around
from search.asked import NAMES, written
from search.drawn import boxes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from django.utils.functional import _StrPromise
    from django.utils.safestring import SafeString

    from organizations.models import User
    from search.asked import Asked
    from search.backends.base import Facet, Value
    from search.services import SearchResults

SHOWN = 6
TITLES: dict[Facet, _StrPromise] = {
    "type_id": gettext_lazy("Document type"), "issuer": gettext_lazy("Issuer"), "unit_id": gettext_lazy("Unit"),
    "year": gettext_lazy("Year"), "tag": gettext_lazy("Tag"), "state": gettext_lazy("State"),
}  # fmt: skip
STATE_WORDS = {
    "IN_FORCE": gettext_lazy("In force"), "DRAFT": gettext_lazy("Draft"), "UNCONFIRMED": gettext_lazy("Not confirmed yet"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Option:
    """One box to tick; `is_typed` when the words themselves ask for it."""

    key: str
    value: str
    label: str
    count: int
    is_chosen: bool
    is_typed: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One fieldset: the most frequent choices, and the rest behind a summary."""

    name: str
    title: str
    options: Sequence[Option]
    more: Sequence[Option]

    @property
    def boxes(self) -> SafeString:
        return boxes(self.name, self.options)

    @property
    def more_boxes(self) -> SafeString:
        return boxes(self.name, self.more)


class Labels:
    """What the values of facets are called, in a fixed number of queries however many there are."""

    def __init__(self, results: SearchResults, asked: Asked, user: User, at: datetime) -> None:
        self._counted = {facet: {value for value, _count in rows} for facet, rows in results.facets.items()}
        self._typed = results.query.filters.of
        self._asked, self._user, self._at = asked, user, at
        self._names: dict[Facet, Mapping[Any, str]] = {}

    def name(self, facet: Facet, value: Value) -> str:
        """A value that says nothing to this person is called so."""
        if facet not in self._names:
            self._names[facet] = self._read(facet)
        return self._names[facet].get(value) or (_("not known") if facet in {"type_id", "unit_id"} else str(value))

    def _read(self, facet: Facet) -> Mapping[Any, str]:
        counted = self._counted.get(facet, set())
        wanted = counted | self._asked.of.get(facet, frozenset()) | self._typed.get(facet, frozenset())
        if facet == "type_id":
            return dict(DocumentType.objects.filter(pk__in=wanted).values_list("pk", "name"))
        if facet == "unit_id":
            return self._units(counted, wanted)
        if facet == "state":
            return {state: str(words) for state, words in STATE_WORDS.items()}
        return {}

    def _units(self, counted: set[Value], wanted: set[Value]) -> dict[int, str]:
        """Units of papers that the person sees; of others, which somebody wrote into the address, those around the person."""
        names = unit_names(counted)
        if wanted - counted:
            names |= {unit.pk: unit.name for unit in units_around(self._user, self._at) if unit.pk in wanted}
        return names


def groups_of(results: SearchResults, asked: Asked, labels: Labels) -> list[Group]:
    """The fieldsets; one without a choice is left out."""
    found = [_group(facet, results, asked, labels) for facet in NAMES]
    return [group for group in found if group.options]


def _group(facet: Facet, results: SearchResults, asked: Asked, labels: Labels) -> Group:
    counts: Mapping[Value, int] = dict(results.facets.get(facet, []))
    chosen, typed = asked.of.get(facet, frozenset()), results.query.filters.of.get(facet, frozenset())
    # What was typed stands: another choice of the same kind would leave nothing.
    values = sorted(typed, key=str) if typed else [*counts, *sorted(chosen - counts.keys(), key=str)]
    options = [
        Option(
            f"{NAMES[facet]}-{crc32(str(value).encode()):x}", written(facet, value), labels.name(facet, value),
            counts.get(value, 0), value in chosen or value in typed, value in typed,
        )
        for value in _ordered(facet, values)
    ]  # fmt: skip
    shown = {id(option) for option in options[:SHOWN]} | {id(option) for option in options if option.is_chosen}
    first, more = _split(options, shown)
    return Group(NAMES[facet], str(TITLES[facet]), first, more)


def _ordered(facet: Facet, values: Iterable[Value]) -> list[Value]:
    """As counted, most papers first; years as people read them."""
    return sorted(values, key=lambda year: -int(year)) if facet == "year" else list(values)


def _split(options: Sequence[Option], shown: set[int]) -> tuple[list[Option], list[Option]]:
    return [one for one in options if id(one) in shown], [one for one in options if id(one) not in shown]
