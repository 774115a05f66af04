"""S4: one box, the language of queries, filters with counts, hits with the words marked where they stand."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from core import clock
from organizations.views.base import Page
from search.alerts import news_of
from search.asked import SORTS, Asked
from search.backends.base import DEEPEST, FACETS
from search.chips import chips_of
from search.filters import Labels, groups_of
from search.hits import hit_views
from search.services import search_documents

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from search.services import SearchResults

PAGE = 20
MOST_PAGES = DEEPEST // PAGE


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

    def find(self, asked: Asked, now: datetime) -> SearchResults:
        return search_documents(
            query=asked.text, user=self.person, at=now, of=asked.of, first_day=asked.first_day, last_day=asked.last_day,
            sort=asked.sort, offset=(asked.page - 1) * PAGE, limit=PAGE, is_exact=asked.is_exact, facets=FACETS,
        )  # fmt: skip

    def context(self, asked: Asked, results: SearchResults, pages: int, now: datetime) -> dict[str, Any]:
        labels = Labels(results, asked, self.person, now)
        return {
            "asked": asked,
            "news": news_of(self.person),
            "results": results,
            "hits": hit_views(results, asked.text, self.person),
            "chips": chips_of(results.query, asked, labels),
            "groups": groups_of(results, asked, labels),
            "sorts": [(sort, asked.address(sort=sort)) for sort in SORTS.values()],
            "previous": asked.at_page(asked.page - 1) if asked.page > 1 else "",
            "next": asked.at_page(asked.page + 1) if asked.page < pages else "",
            "searches_here": True,
        }
