"""Finding papers: the engine proposes, the database decides who may see them."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from documents.models import Document
from documents.selectors import NOT_FOUND, pages_by_document
from organizations.policies import reader_tokens
from search.backends.base import BackendUnavailable, ReaderTokens, SearchRequest
from search.feed import backend, index_pending
from search.highlight import snippet
from search.query import Query, parse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from organizations.models import User
    from search.backends.base import Hit, Sort

__all__ = ["Found", "SearchResults", "index_pending", "search_documents"]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """One paper as search shows it; `snippet` is escaped HTML with <mark> alone."""

    document_id: int
    symbol: str
    subject: str
    score: float | None
    snippet: str
    issuer: str
    type_name: str
    issue_date: date | None
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

    The rights are part of the engine's query, so total and ranking know no other papers; every hit is checked again in the
    database before anything of it is shown.
    """
    parsed = parse(query)
    request = SearchRequest(parsed, type_id, unit_id, year, sort, offset, limit)
    readers = ReaderTokens(reader_tokens(user, at))
    try:
        page = backend().search(request, readers)
    except BackendUnavailable:
        logger.warning("search lists from the database")
        return _from_database(request, user)
    return SearchResults(page.total, _shown(page.hits, user, parsed), degraded=False, query=parsed)


def _shown(hits: Sequence[Hit], user: User, query: Query) -> list[Found]:
    scores = {hit.doc_id: hit.score for hit in hits}
    visible = Document.objects.visible_to(user).filter(pk__in=scores).exclude(state__in=NOT_FOUND)
    documents = {document.pk: document for document in visible.select_related("doc_type")}
    pages = pages_by_document(list(documents))
    words = {*query.words, *(word for phrase in query.phrases for word in phrase)}
    found = []
    for pk, score in scores.items():
        if document := documents.get(pk):
            text = "\n".join(page.text for page in pages.get(pk, []))
            found.append(_found(document, score, snippet(text or document.subject, words)))
    return found


def _found(document: Document, score: float | None, words: str) -> Found:
    return Found(
        document_id=document.pk, symbol=document.full_symbol, subject=document.subject, score=score, snippet=words,
        issuer=document.issuer, type_name=str(document.doc_type or ""), issue_date=document.issue_date,
        is_confirmed=document.is_confirmed,
    )  # fmt: skip


def _from_database(request: SearchRequest, user: User) -> SearchResults:
    """By number and symbol, or by words of the subject: less than the engine, but something."""
    rows = Document.objects.visible_to(user).exclude(state__in=NOT_FOUND)
    if request.query.symbol:
        rows = rows.filter(symbol_norm=request.query.symbol)
    else:
        for word in request.query.text.split():
            rows = rows.filter(subject__icontains=word)
    for name in ("type_id", "unit_id", "year"):
        value = getattr(request, name)
        column = {"type_id": "doc_type", "unit_id": "owner_unit", "year": "issue_date__year"}[name]
        rows = rows.filter(**{column: value}) if value is not None else rows
    page = rows.select_related("doc_type").order_by("-issue_date", "-id")[
        request.offset : request.offset + request.limit
    ]
    words = set(request.query.words)
    hits = [_found(document, None, snippet(document.subject, words)) for document in page]
    return SearchResults(rows.count(), hits, degraded=True, query=request.query)
