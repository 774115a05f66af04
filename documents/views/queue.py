"""The clerk's queue: what is being read, what failed and why, what waits to be confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from documents.queue import STAGES, progress_of, queue_of, seconds_per_page, stage_counts, waiting_rows
from documents.selectors import locked_away, refused_arrivals
from documents.services.reading import NothingToStop, stop_reading
from documents.views.base import Page
from documents.views.confirm import ActOnUpload
from documents.words import reason_words

if TYPE_CHECKING:
    from django.http import HttpRequest

PAGE_LENGTH = 50


class ReadingQueue(Page):
    """The whole page, or the part of it that changes where a live page asks again."""

    def get(self, request: HttpRequest) -> HttpResponse:
        is_part = bool(request.headers.get("HX-Request"))
        template = "documents/reading_queue_update.html" if is_part else "documents/reading_queue.html"
        return render(request, template, self.context())

    def context(self) -> dict[str, object]:
        unit = self.office
        asked = self.request.GET.get("o", "")
        stage = asked if asked in STAGES else ""
        pace = seconds_per_page(self.person)
        page = Paginator(queue_of(unit, self.person, stage), PAGE_LENGTH).get_page(self.request.GET.get("page"))
        rows = waiting_rows(page.object_list, pace)
        counts = stage_counts(unit, self.person)
        return {
            "unit": unit, "stage": stage, "page": page, "rows": rows, "counts": counts, "all": sum(counts.values()),
            "progress": progress_of(unit, self.person, pace),
            "refused": [(one, reason_words(one.reason)) for one in refused_arrivals(unit)],
            "locked": list(locked_away(unit, self.person)[:PAGE_LENGTH]),
            "topics": " ".join(f"document:{row.document.pk}" for row in rows),
        }  # fmt: skip


class StopReading(ActOnUpload):
    """End a reading that waits or is under way."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            stop_reading(document=self.document, actor=self.actor)
        except NothingToStop as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Reading was stopped."))
        return self.back() if request.POST.get("from") else HttpResponseRedirect(reverse("documents:reading-queue"))
