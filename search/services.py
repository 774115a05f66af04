"""Finding papers: the engine proposes, the database decides who may see them."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, replace
from html import unescape
from typing import TYPE_CHECKING

from documents.models import Document
from documents.selectors import NOT_FOUND, pages_by_document
from organizations.policies import reader_tokens
from search.backends.base import BackendUnavailable, ReaderTokens, SearchRequest, WriterBusy
from search.fallback import matching
from search.feed import backend, changed_since, index_pending
from search.highlight import snippet
from search.query import Query, parse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from django.db.models import QuerySet

    from organizations.models import User
    from search.backends.base import Hit, Sort

__all__ = ["Found", "SearchResults", "index_pending", "search_documents"]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """One paper as search shows it; `snippet` is escaped HTML with <mark> alone."""

    document_id: int
    symbol: str
    title: str
    subject: str
    score: float | None
    snippet: str
    issuer: str
    type_name: str
    issue_date: date | None
    state: str
    is_confirmed: bool

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The snippet as plain texts, each with whether it is marked, for templates that escape for themselves."""
        parts = re.split(r"</?mark>", self.snippet)
        return [(unescape(part), place % 2 == 1) for place, part in enumerate(parts)]


@dataclass(frozen=True, slots=True)
class SearchResults:
    """A page of papers; `degraded` when they were listed from the database because the engine does not answer."""

    total: int
    hits: list[Found]
    degraded: bool
    query: Query


def search_documents(
    *,
    query: str,
    user: User,
    at: datetime,
    type_id: int | None = None,
    unit_id: int | None = None,
    year: int | None = None,
    sort: Sort = "relevance",
    offset: int = 0,
    limit: int = 20,
) -> SearchResults:
    """
    Papers that `user` may see and that match, best first; without words the newest first.

    The rights are part of the engine's query, so total and ranking know no other papers. What the index has not taken in yet
    is asked of the database: a right withdrawn a moment ago shows nothing, not even in the total.
    """
    parsed = parse(query)
    request = SearchRequest(parsed, type_id, unit_id, year, sort, max(0, offset), max(0, limit))
    readers = ReaderTokens(reader_tokens(user, at))
    try:
        request = replace(request, hidden=_hidden(user))
        page = backend().search(request, readers)
    except (BackendUnavailable, WriterBusy):
        logger.warning("search lists from the database")
        return _from_database(request, user)
    hits = _shown(page.hits, user, parsed)
    return SearchResults(page.total - len(page.hits) + len(hits), hits, degraded=False, query=parsed)


def _findable(user: User) -> QuerySet[Document]:
    return Document.objects.visible_to(user).exclude(state__in=NOT_FOUND)


def _hidden(user: User) -> frozenset[int]:
    """Papers that changed since the index looked and that the person may not find now."""
    changed = changed_since(backend().served())
    if not changed:
        return frozenset()
    return frozenset(changed - set(_findable(user).filter(pk__in=changed).values_list("pk", flat=True)))


def _shown(hits: Sequence[Hit], user: User, query: Query) -> list[Found]:
    scores = {hit.doc_id: hit.score for hit in hits}
    rows = _findable(user).filter(pk__in=scores).select_related("doc_type")
    documents = {document.pk: document for document in rows}
    pages = pages_by_document(list(documents))
    texts = {pk: [page.text for page in pages.get(pk, [])] or [one.subject] for pk, one in documents.items()}
    return [
        _found(documents[pk], score, snippet(texts[pk], query.marked))
        for pk, score in scores.items()
        if pk in documents
    ]


def _found(document: Document, score: float | None, words: str) -> Found:
    return Found(
        document_id=document.pk, symbol=document.full_symbol, title=document.type_and_subject, subject=document.subject,
        score=score, snippet=words,
        issuer=document.issuer, type_name=str(document.doc_type or ""), issue_date=document.issue_date,
        state=document.state, is_confirmed=document.is_confirmed,
    )  # fmt: skip


def _from_database(request: SearchRequest, user: User) -> SearchResults:
    """By number and symbol, or by words of symbol and subject: less than the engine, but something, and counted exactly."""
    rows = matching(_findable(user), request).select_related("doc_type").order_by("-issue_date", "-id")
    page = rows[request.offset : request.offset + request.limit]
    marked = request.query.marked
    hits = [_found(document, None, snippet([document.subject], marked)) for document in page]
    return SearchResults(rows.count(), hits, degraded=True, query=request.query)
