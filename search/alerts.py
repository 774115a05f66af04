"""
What new papers match the searches that people keep: looked for after each commit of the index, among what changed alone.

Each search remembers the place of the feed up to which it has looked, so a death of the indexer between commit and look loses
nothing. A paper is told once to a search, and only if its owner may find it at that moment: the engine is asked with the owner's
tokens, the database is asked again, and again whenever the row is read.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from itertools import groupby, islice
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Window
from django.db.models.functions import RowNumber

from core import clock
from organizations.policies import reader_tokens
from search.abbreviations import table
from search.backends.base import BackendUnavailable, ReaderTokens
from search.feed import changed_since
from search.models import SavedHit, SavedSearch
from search.resolve import resolved
from search.saved import asked_of
from search.whole import checked, request_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from organizations.models import User
    from search.abbreviations import Abbreviation
    from search.backends.base import SearchBackend

logger = logging.getLogger(__name__)
MOST_SEARCHES = 50  # looked at between two steps of the index, which others wait for
PORTION = 1_000
MOST_SHOWN = 5  # of one search
REASON = "each search is looked at with its owner's rights"


# --- looking --------------------------------------------------------------------------------------------------------------


def follow(engine: SearchBackend) -> int:
    """Let the searches that are furthest behind look at what changed; returns how many did, 0 when all are current."""
    try:
        served = engine.served()
    except BackendUnavailable:
        return 0
    with transaction.atomic():
        behind = SavedSearch.objects.system(REASON).filter(is_alert=True).exclude(looked_upto=served)
        rows = behind.select_for_update(of=("self",), no_key=True).select_related("owner").order_by("looked_upto", "id")
        waiting = list(rows[:MOST_SEARCHES])
        for place, group in groupby(waiting, key=lambda saved: saved.looked_upto):
            # After a restore the chain may be shorter than what was looked at.
            run_for(changed_since(place) if place < served else (), list(group), engine)
        if waiting:
            SavedSearch.plain.filter(pk__in=[saved.pk for saved in waiting]).update(looked_upto=served)
    return len(waiting)


def run_for(ids: Collection[int], searches: Iterable[SavedSearch], engine: SearchBackend) -> int:
    """Tell these searches of those papers that match; returns how many there were."""
    if not ids:
        return 0
    now, found, words = clock.now(), [], table()
    for saved in searches:
        found += [SavedHit(saved=saved, document_id=pk, at=now) for pk in _matching(saved, ids, now, engine, words)]
    SavedHit.plain.bulk_create(found, ignore_conflicts=True)
    return len(found)


def _matching(
    saved: SavedSearch, ids: Collection[int], now: datetime, engine: SearchBackend, words: Sequence[Abbreviation]
) -> Iterator[int]:
    readers = ReaderTokens(reader_tokens(saved.owner, now))
    if not readers.tokens:
        return
    request = request_of(asked_of(saved), saved.owner, now)
    query = resolved(request.query, engine, readers, words)
    rest = iter(sorted(ids))
    while portion := frozenset(islice(rest, PORTION)):
        filters = replace(request.filters, only=portion)
        page = engine.search(replace(request, query=query, filters=filters, sort="date", limit=len(portion)), readers)
        yield from checked((hit.doc_id for hit in page.hits), saved.owner)


# --- reading --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class News:
    """A search and how many papers its owner has not looked at."""

    saved_id: int
    name: str
    count: int


def news_of(user: User) -> list[News]:
    """What is new for a person, as they may see it now; one query where there is nothing, else two."""
    if not SavedSearch.objects.visible_to(user).filter(hits__is_new=True).exists():
        return []
    rows = SavedHit.objects.visible_to(user).filter(is_new=True).values("saved", "saved__name")
    counted = rows.annotate(count=Count("id")).order_by("saved__name", "saved")
    return [News(row["saved"], row["saved__name"], row["count"]) for row in counted]


def new_papers(user: User) -> dict[int, list[SavedHit]]:
    """The newest of each search, each with its paper; one query."""
    place = Window(RowNumber(), partition_by="saved", order_by=["-at", "-document"])
    rows = SavedHit.objects.visible_to(user).filter(is_new=True).alias(place=place).filter(place__lte=MOST_SHOWN)
    found: dict[int, list[SavedHit]] = {}
    for hit in rows.select_related("document__doc_type").order_by("-at", "-document"):
        found.setdefault(hit.saved_id, []).append(hit)
    return found
