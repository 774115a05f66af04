"""All papers that a search finds, not a page of them: for exports, and for what a person wants to hear of later."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from organizations.policies import reader_tokens
from search.backends.base import BackendUnavailable, ReaderTokens, SearchRequest, WriterBusy
from search.engine import backend
from search.fallback import matching, ordered
from search.names import Catalogues
from search.parser import parse
from search.services import findable, narrowed, prepared_request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from organizations.models import User
    from search.asked import Asked

logger = logging.getLogger(__name__)
PORTION = 1_000


@dataclass(frozen=True, slots=True)
class Whole:
    """Papers in the order of the request; `is_cut` when there are more, `degraded` when the database alone was asked."""

    ids: list[int]
    is_cut: bool
    degraded: bool


def request_of(asked: Asked, user: User, at: datetime) -> SearchRequest:
    """A search as it was asked for, without a page."""
    parsed = parse(asked.text, Catalogues(user, at))
    filters = narrowed(parsed.filters, asked.of, asked.first_day, asked.last_day)
    return SearchRequest(parsed, filters, asked.sort, is_exact=asked.is_exact)


def whole(asked: Asked, user: User, at: datetime, most: int) -> Whole:
    """The first `most` papers that answer; each is looked for in the database among those that the person may find."""
    request = request_of(asked, user, at)
    readers = ReaderTokens(reader_tokens(user, at))
    try:
        found = backend().scroll(prepared_request(request, user, readers), readers)
        ids, degraded = list(islice(checked(found, user), most + 1)), False
    except (BackendUnavailable, WriterBusy):
        logger.warning("the whole of a search is listed from the database")
        rows = ordered(matching(findable(user), request), request.sort)
        ids, degraded = list(rows.values_list("pk", flat=True)[: most + 1]), True
    return Whole(ids[:most], len(ids) > most, degraded)


def checked(ids: Iterable[int], user: User) -> Iterator[int]:
    """Those that the person may find now, in the given order."""
    rest = iter(ids)
    while portion := list(islice(rest, PORTION)):
        visible = set(findable(user).filter(pk__in=portion).values_list("pk", flat=True))
        yield from (pk for pk in portion if pk in visible)
