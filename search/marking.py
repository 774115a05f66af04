"""A paper opened from a list of hits: the same words are looked for on its pages, by the same reading of the query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from organizations.policies import reader_tokens
from search.abbreviations import table
from search.backends.base import BackendUnavailable, ReaderTokens
from search.engine import backend
from search.marks import MOST_BOXES, boxes_in, forms_in, places_of
from search.names import Catalogues
from search.parser import parse
from search.resolve import resolved

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from documents.models import Page
    from organizations.models import User
    from search.query import Query

UNIT = 10_000


@dataclass(frozen=True, slots=True)
class Marking:
    """
    What the viewer marks: boxes as page, x, y, width and height in ten thousandths of the page, in reading order.

    `forms` are the words as they stand on pages whose words have no places: the viewer looks for them in the page's own text.
    """

    boxes: list[tuple[int, int, int, int, int]]
    forms: list[str]


def marking(*, text: str, pages: Iterable[Page], user: User, at: datetime) -> Marking:
    """
    Where a query's words stand on pages that the caller found through `visible_to`.

    Nothing but these pages is looked at: the answer says nothing about any other paper.
    """
    boxes: list[tuple[int, int, int, int, int]] = []
    without = []
    for place in places_of(pages, read_query(text, user, at).marked):
        found = boxes_in(place)
        without += [] if found else [place]
        boxes += [(place.page.number, *(round(side * UNIT) for side in box)) for box in found]  # type: ignore[misc]
    return Marking(boxes[:MOST_BOXES], forms_in(without))


def read_query(text: str, user: User, at: datetime) -> Query:
    """What was typed as a search understands it; without the engine, as it was typed."""
    query = parse(text, Catalogues(user, at))
    try:
        return resolved(query, backend(), ReaderTokens(reader_tokens(user, at)), table())
    except BackendUnavailable:
        return query
