"""Columns of the books that rooms above fill in: to whom a paper went, and when (domain.md 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from documents.models import RegisterEntry

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Passed:
    """Where a registered paper went: units or posts in words, the day, and to how many."""

    to: str
    on: date | None = None
    copies: int | None = None


_sources: list[Callable[[Sequence[RegisterEntry]], Mapping[int, Passed]]] = []


def tells_where_papers_went(
    source: Callable[[Sequence[RegisterEntry]], Mapping[int, Passed]],
) -> Callable[[Sequence[RegisterEntry]], Mapping[int, Passed]]:
    """Register a function that knows, by the ids of lines, where their papers went."""
    _sources.append(source)
    return source


def passed_on(entries: Sequence[RegisterEntry]) -> dict[int, Passed]:
    """What the rooms above know about these lines; a few queries for a whole page of the book."""
    known: dict[int, Passed] = {}
    for source in _sources:
        known |= source(entries)
    return known
