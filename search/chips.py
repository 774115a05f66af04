"""A search shown back piece by piece: how it was understood, and the way to each search that asks for one thing less."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from search.asked import NAMES, Asked
from search.filters import TITLES
from ui.dates import vietnamese_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.utils.functional import _StrPromise

    from search.filters import Labels
    from search.query import Part, Query

FIELDS: dict[str, _StrPromise] = {
    **{str(facet): title for facet, title in TITLES.items()},
    "from": gettext_lazy("From date"), "to": gettext_lazy("To date"), "on": gettext_lazy("On date"),
    "number": gettext_lazy("Number"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chip:
    """One piece, and the search without it."""

    label: str
    rest: Asked

    @property
    def address(self) -> str:
        return self.rest.address()


def chips_of(query: Query, asked: Asked, labels: Labels) -> list[Chip]:
    """First what was typed, in its order, then what was chosen."""
    typed = [Chip(_part_label(query, part), replace(asked, text=query.without(part), page=1)) for part in query.parts]
    return [*typed, *_chosen(asked, labels)]


def _part_label(query: Query, part: Part) -> str:
    text = query.text[part.start : part.end]
    if part.kind == "condition":
        title, value = FIELDS[part.name], text.partition(":")[2].strip().strip('"')
        words = _("not %(field)s: %(value)s") if text.startswith("-") else _("%(field)s: %(value)s")
        return words % {"field": title, "value": value}
    if part.kind == "not":
        return _("without %(words)s") % {"words": text.removeprefix("-").strip('"')}
    if part.kind == "prefix":
        return _("begins with %(words)s") % {"words": text.rstrip("*")}
    if part.kind == "or":
        return _("or")
    return f"“{text.strip(chr(34))}”" if part.kind == "phrase" else text


def _chosen(asked: Asked, labels: Labels) -> Iterator[Chip]:
    for facet in NAMES:
        for value in sorted(asked.of.get(facet, ()), key=str):
            left = {**asked.of, facet: asked.of[facet] - {value}}
            rest = replace(asked, of={name: values for name, values in left.items() if values}, page=1)
            label = _("%(field)s: %(value)s") % {"field": TITLES[facet], "value": labels.name(facet, value)}
            yield Chip(label, rest)
    if asked.first_day:
        words = _("From date %(day)s") % {"day": vietnamese_date(asked.first_day)}
        yield Chip(words, replace(asked, first_day=None, page=1))
    if asked.last_day:
        words = _("To date %(day)s") % {"day": vietnamese_date(asked.last_day)}
        yield Chip(words, replace(asked, last_day=None, page=1))
    if asked.is_exact:
        yield Chip(_("Exact tone marks"), replace(asked, is_exact=False, page=1))
