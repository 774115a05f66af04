"""S4: one box, the language of queries, filters with counts, hits with the words marked where they stand."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from core import clock
from documents.models import Document
from organizations.views.base import Page, typed
from search.alerts import news_of
from search.asked import SORTS, Asked
from search.backends.base import DEEPEST, FACETS, BackendUnavailable
from search.chips import chips_of
from search.filters import Labels, groups_of
from search.hits import hit_views
from search.offers import rewrites, similar, suggested
from search.services import search_documents

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from search.chips import Chip
    from search.services import SearchResults

PAGE = 10  # each with its snippet and a strip of the page it stands on: some three screens of a phone
MOST_PAGES = DEEPEST // PAGE
SEVERAL, MOST_DROPS = 2, 5


class SearchPage(Page):
    """Search as the signed-in person."""

    def get(self, request: HttpRequest) -> HttpResponse:
        now = clock.now()
        asked = Asked.read(request.GET)
        asked = replace(asked, page=min(asked.page, MOST_PAGES))
        results = self.find(asked, now)
        pages = min(max(1, ceil(results.total / PAGE)), MOST_PAGES)
        if asked.page > pages:  # as every list of the office, a page beyond the last is the last
            asked = replace(asked, page=pages)
            results = self.find(asked, now)
        return render(request, "search/page.html", self.context(asked, results, pages, now))

    def find(self, asked: Asked, now: datetime, *, limit: int = PAGE) -> SearchResults:
        facets = FACETS if limit else ()
        return search_documents(
            query=asked.text, user=self.person, at=now, of=asked.of, first_day=asked.first_day, last_day=asked.last_day,
            sort=asked.sort, offset=(asked.page - 1) * PAGE, limit=limit, is_exact=asked.is_exact, facets=facets,
        )  # fmt: skip

    def context(self, asked: Asked, results: SearchResults, pages: int, now: datetime) -> dict[str, Any]:
        labels = Labels(results, asked, self.person, now)
        chips = chips_of(results.query, asked, labels)
        return {
            "asked": asked,
            "news": news_of(self.person),
            "results": results,
            "hits": hit_views(results, asked.text, self.person),
            "chips": chips,
            "groups": groups_of(results, asked, labels),
            **orders(asked, results),
            "previous": asked.at_page(asked.page - 1) if asked.page > 1 else "",
            "next": asked.at_page(asked.page + 1) if asked.page < pages else "",
            "searches_here": True,
            **self.offers(asked, results, chips, now),
        }

    def offers(self, asked: Asked, results: SearchResults, chips: Sequence[Chip], now: datetime) -> dict[str, Any]:
        """Where little was found: other words, and what each condition costs."""
        others = [] if asked.page > 1 else rewrites(results=results, user=self.person, at=now)
        return {
            "others": [(one, replace(asked, text=one.text).address()) for one in others],
            "drops": [] if results.total or len(chips) < SEVERAL else self.drops(chips, now),
        }

    def drops(self, chips: Sequence[Chip], now: datetime) -> list[tuple[Chip, int]]:
        """Which one condition less finds something, and how much."""
        totals = [(chip, self.find(chip.rest, now, limit=0).total) for chip in chips[:MOST_DROPS]]
        return [(chip, total) for chip, total in totals if total]


def orders(asked: Asked, results: SearchResults) -> dict[str, Any]:
    """The orders to choose from, and the present one: where nothing matches better than another, the newest come first."""
    is_ranked = not (results.query.is_empty or results.degraded)
    sorts = [sort for sort in SORTS.values() if is_ranked or sort != "relevance"]
    return {
        "sort": asked.sort if asked.sort in sorts else "date",
        "sorts": [(sort, asked.address(sort=sort)) for sort in sorts],
    }


class Suggest(Page):
    """What is being typed may become one of these papers."""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = suggested(text=typed(request), user=self.person, at=clock.now())
        papers = [
            {"symbol": one.symbol, "title": one.title, "url": reverse("desk:paper", args=[one.document_id])}
            for one in found
        ]
        return JsonResponse(papers, safe=False, headers={"Cache-Control": "private, no-store"})


class Similar(Page):
    """Papers like one that the person may see; a fragment where a page asks for it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Document.objects.visible_to(self.person).select_related("doc_type")
        document = get_object_or_404(rows, pk=pk)
        try:
            papers = similar(document=document, user=self.person, at=clock.now())
            is_paused = False
        except BackendUnavailable:
            papers, is_paused = [], True
        is_part = request.headers.get("HX-Request") == "true"
        template = "search/similar_list.html" if is_part else "search/similar.html"
        return render(request, template, {"document": document, "papers": papers, "is_paused": is_paused})
