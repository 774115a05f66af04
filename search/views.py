"""S4: one box, three filters, hits with the words marked."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR
from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import render
from django.views import View

from core import clock
from documents.models import DocumentType
from organizations.selectors import units_around
from search.alerts import news_of
from search.asked import Asked
from search.backends.base import DEEPEST
from search.services import search_documents

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from organizations.models import User
    from search.backends.base import Sort

PAGE = 20
MOST_PAGES = DEEPEST // PAGE
YEARS = 12


class SearchPage(LoginRequiredMixin, View):
    """Search as the signed-in person."""

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "")
        sort: Sort = "date" if request.GET.get("xep") == "ngay" else "relevance"
        filters: dict[str, Any] = {
            "type_id": self.number("loai"),
            "unit_id": self.number("don-vi"),
            "year": self.year(),
        }
        number = min(self.number("page") or 1, MOST_PAGES)
        now = clock.now()
        person: User = request.user  # type: ignore[assignment]
        of: dict[Any, frozenset[int | str]] = {
            facet: frozenset([value]) for facet, value in filters.items() if value is not None
        }
        find = partial(search_documents, query=text, user=person, at=now, of=of, sort=sort, limit=PAGE)
        results = find(offset=(number - 1) * PAGE)
        pages = min(max(1, ceil(results.total / PAGE)), MOST_PAGES)
        if number > pages:  # as every list of the office, a page beyond the last is the last
            number, results = pages, find(offset=(pages - 1) * PAGE)
        this_year = clock.office_date(now).year
        context = {
            "asked": Asked.read(request.GET), "news": news_of(person),
            "q": text, "results": results, "sort": sort, "filters": filters, "number": number,
            "previous": number - 1, "next": number + 1, "has_next": number < pages,
            "types": DocumentType.objects.order_by("order", "id"), "units": units_around(person, now),
            "years": range(this_year, this_year - YEARS, -1),
        }  # fmt: skip
        return render(request, "search/page.html", context)

    def year(self) -> int | None:
        found = self.number("nam")
        return found if found is not None and MINYEAR <= found <= MAXYEAR else None

    def number(self, name: str) -> int | None:
        value = self.request.GET.get(name, "")
        return int(value) if value.isdecimal() and len(value) < 10 else None  # noqa: PLR2004  # within an integer
