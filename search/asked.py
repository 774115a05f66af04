"""
What stands in the address of the search page, read and written.

The names are short and stay: people keep such addresses. Whatever says nothing is left out, never an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, MINYEAR
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from core.vietnamese import clean
from search.parser import days_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from django.http import QueryDict

    from search.backends.base import Facet, Sort, Value

NAMES: dict[Facet, str] = {
    "type_id": "loai", "issuer": "co-quan", "unit_id": "don-vi", "year": "nam", "tag": "the", "state": "trang-thai",
}  # fmt: skip
STATES = {"hieu-luc": "IN_FORCE", "du-thao": "DRAFT", "chua-xac-nhan": "UNCONFIRMED"}
CODES = {state: code for code, state in STATES.items()}
SORTS: dict[str, Sort] = {"": "relevance", "ngay": "date", "cu": "oldest"}
SORT_CODES = {sort: code for code, sort in SORTS.items()}
MOST_CHOSEN, LONGEST_VALUE, LONGEST_NUMBER = 30, 300, 9


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as an address keeps it."""

    text: str = ""
    of: Mapping[Facet, frozenset[Value]] = field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None
    sort: Sort = "relevance"
    is_exact: bool = False
    page: int = 1

    @classmethod
    def read(cls, sent: QueryDict) -> Asked:
        """From an address; garbage is nothing."""
        chosen: dict[Facet, frozenset[Value]] = {}
        for facet, name in NAMES.items():
            values = [value for text in sent.getlist(name)[:MOST_CHOSEN] if (value := _value(facet, text)) is not None]
            if values:
                chosen[facet] = frozenset(values)
        from_span, to_span = days_of(sent.get("tu", "").strip()), days_of(sent.get("den", "").strip())
        return cls(
            clean(sent.get("q", "")), chosen, from_span and from_span[0], to_span and to_span[1],
            SORTS.get(sent.get("xep", ""), "relevance"), bool(sent.get("dau")), max(1, _number(sent.get("page", "")) or 1),
        )  # fmt: skip

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Names and values of an address, without what says nothing; the page of the list is another thing."""
        if self.text:
            yield "q", self.text
        for facet, name in NAMES.items():
            for value in sorted(self.of.get(facet, ()), key=str):
                yield name, written(facet, value)
        if self.first_day:
            yield "tu", self.first_day.isoformat()
        if self.last_day:
            yield "den", self.last_day.isoformat()
        if self.is_exact:
            yield "dau", "1"
        if code := SORT_CODES[self.sort]:
            yield "xep", code

    def address(self, **changes: Any) -> str:
        """The query string of this search with something changed; it begins at the first page."""
        other = replace(self, page=1, **changes) if changes else self
        pairs = [*other.pairs(), *([("page", str(other.page))] if other.page > 1 else [])]
        return f"?{urlencode(pairs)}"

    def at_page(self, number: int) -> str:
        return replace(self, page=number).address()

    @property
    def bare(self) -> str:
        """The address with the words alone."""
        return Asked(self.text, sort=self.sort).address()

    @property
    def choices(self) -> int:
        """How many filters are set."""
        return sum(map(len, self.of.values())) + bool(self.first_day) + bool(self.last_day)


def written(facet: Facet, value: Value) -> str:
    """A value as an address has it."""
    return CODES.get(str(value), str(value)) if facet == "state" else str(value)


def _value(facet: Facet, text: str) -> Value | None:
    if facet == "state":
        return STATES.get(text)
    if facet in {"issuer", "tag"}:
        return " ".join(clean(text)[:LONGEST_VALUE].split()) or None
    number = _number(text)
    if facet == "year" and number is not None and not MINYEAR <= number <= MAXYEAR:
        return None
    return number or None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None
