"""Finding papers: the engine proposes, the database decides who may see them."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from documents.models import Document
from documents.selectors import NOT_FOUND, pages_by_document, read_subjects
from organizations.policies import reader_tokens
from search.abbreviations import table
from search.backends.base import BackendUnavailable, Filters, ReaderTokens, SearchRequest, WriterBusy
from search.drawn import marked
from search.engine import backend
from search.fallback import matching, ordered
from search.feed import changed_since, index_pending
from search.highlight import snippet
from search.names import Catalogues
from search.parser import parse
from search.resolve import resolved, weighed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from django.db.models import QuerySet
    from django.utils.safestring import SafeString

    from documents.models import Page
    from organizations.models import User
    from search.backends.base import Facet, Hit, Sort, Value
    from search.highlight import Piece
    from search.query import Query

__all__ = ["Found", "SearchResults", "index_pending", "search_documents"]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """One paper as search shows it."""

    document_id: int
    symbol: str
    title: str
    subject: str
    score: float | None
    pieces: Sequence[Piece]
    issuer: str
    type_name: str
    issue_date: date | None
    state: str
    is_confirmed: bool
    urgency: int = 0
    pages: Sequence[Page] = field(default=(), repr=False, compare=False)

    @property
    def snippet(self) -> SafeString:
        """Escaped HTML with <mark> alone."""
        return marked(self.pieces)


@dataclass(frozen=True, slots=True)
class SearchResults:
    """A page of papers; `degraded` when they were listed from the database because the engine does not answer."""

    total: int
    hits: list[Found]
    degraded: bool
    query: Query
    request: SearchRequest
    is_floor: bool = False
    facets: dict[Facet, list[tuple[Value, int]]] = field(default_factory=dict)


def search_documents(
    *,
    query: str,
    user: User,
    at: datetime,
    of: Mapping[Facet, frozenset[Value]] | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    sort: Sort = "relevance",
    offset: int = 0,
    limit: int = 20,
    is_exact: bool = False,
    facets: tuple[Facet, ...] = (),
) -> SearchResults:
    """
    Papers that `user` may see and that match, best first; without words the newest first.

    The rights are part of the engine's query, so total, facets and ranking know no other papers. What the index has not taken
    in yet is asked of the database: a right withdrawn a moment ago shows nothing, not even in the total.

    :param of: choices of facets, together with the conditions in the query
    """
    parsed = parse(query, Catalogues(user, at))
    request = SearchRequest(
        parsed,
        narrowed(parsed.filters, of or {}, first_day, last_day),
        sort,
        max(0, offset),
        max(0, limit),
        is_exact,
        facets,
    )
    readers = ReaderTokens(reader_tokens(user, at))
    try:
        request = prepared_request(request, user, readers)
        page = backend().search(request, readers)
    except (BackendUnavailable, WriterBusy):
        logger.warning("search lists from the database")
        return _from_database(request, user)
    hits = shown(page.hits, user, request.query)
    return SearchResults(
        page.total - len(page.hits) + len(hits), hits, degraded=False, query=request.query, request=request,
        is_floor=page.is_floor, facets=page.facets,
    )  # fmt: skip


def narrowed(
    filters: Filters, of: Mapping[Facet, frozenset[Value]], first_day: date | None = None, last_day: date | None = None
) -> Filters:
    """What was typed and what was chosen hold together."""
    both = dict(filters.of)
    for facet, values in of.items():
        both[facet] = both[facet] & values if facet in both else values
    first = max((day for day in (filters.first_day, first_day and first_day.toordinal()) if day), default=None)
    last = min((day for day in (filters.last_day, last_day and last_day.toordinal()) if day), default=None)
    return replace(filters, of=both, first_day=first, last_day=last)


def prepared_request(request: SearchRequest, user: User, readers: ReaderTokens) -> SearchRequest:
    """
    The request as the engine is asked: words resolved, and without papers that the person may not find any more.

    :raises BackendUnavailable: if the engine cannot answer
    """
    query = resolved(request.query, backend(), readers, table())
    if request.limit and request.sort == "relevance":
        query = weighed(query, backend(), readers)
    return replace(request, query=query, filters=replace(request.filters, hidden=hidden_from(user)))


def findable(user: User) -> QuerySet[Document]:
    return Document.objects.visible_to(user).exclude(state__in=NOT_FOUND)


def hidden_from(user: User) -> frozenset[int]:
    """Papers that changed since the index looked and that the person may not find now."""
    changed = changed_since(backend().served())
    if not changed:
        return frozenset()
    return frozenset(changed - set(findable(user).filter(pk__in=changed).values_list("pk", flat=True)))


def shown(hits: Sequence[Hit], user: User, query: Query) -> list[Found]:
    scores = {hit.doc_id: hit.score for hit in hits}
    rows = findable(user).filter(pk__in=scores).select_related("doc_type")
    documents = {document.pk: document for document in rows}
    pages = pages_by_document(list(documents))
    texts = {pk: [page.text for page in pages.get(pk, [])] or [one.subject] for pk, one in documents.items()}
    found = [
        replace(_found(documents[pk], score, snippet(texts[pk], query.marked)), pages=pages.get(pk, ()))
        for pk, score in scores.items()
        if pk in documents
    ]
    return _named(found, user)


def _named(found: list[Found], user: User) -> list[Found]:
    """Papers that nobody has confirmed yet by what was read as their subject; the list says that it is not confirmed."""
    nameless = [one.document_id for one in found if not one.subject]
    names = read_subjects(nameless, user) if nameless else {}
    return [replace(one, title=names.get(one.document_id, one.title)) for one in found]


def _found(document: Document, score: float | None, pieces: Sequence[Piece]) -> Found:
    return Found(
        document_id=document.pk, symbol=document.full_symbol, title=document.type_and_subject, subject=document.subject,
        score=score, pieces=pieces,
        issuer=document.issuer, type_name=str(document.doc_type or ""), issue_date=document.issue_date,
        state=document.state, is_confirmed=document.is_confirmed, urgency=document.urgency,
    )  # fmt: skip


def _from_database(request: SearchRequest, user: User) -> SearchResults:
    """By number and symbol, or by words of symbol and subject: less than the engine, but something, and counted exactly."""
    rows = ordered(matching(findable(user), request), request.sort).select_related("doc_type")
    page = rows[request.offset : request.offset + request.limit]
    marked = request.query.marked
    hits = [_found(document, None, snippet([document.subject], marked)) for document in page]
    return SearchResults(rows.count(), hits, degraded=True, query=request.query, request=request)
