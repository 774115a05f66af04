"""What has arrived and waits, what was sent and became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, ids
from core.clock import today
from documents.views.base import Page
from exchange.models import Delivery, Dispatch, office_units
from exchange.selectors import TrackerRow, counts_of, directives_of, tracker, waiting_for
from exchange.services import DeliveryMoved, ReasonTooLong, ReasonTooShort, refuse
from organizations.policies import NotAllowed

if TYPE_CHECKING:
    from django.http import HttpRequest

PAGE = 50


class Waiting(Page):
    """Papers that other units sent and nobody has received."""

    def get(self, request: HttpRequest) -> HttpResponse:
        units = office_units(self.person)
        page = Paginator(waiting_for(units), PAGE).get_page(request.GET.get("page"))
        topics = " ".join(f"holder:{ids.unit_key(unit)}" for unit in sorted(units))
        context = {"page": page, "topics": topics, "today": today()}
        template = "exchange/waiting_rows.html" if request.headers.get("HX-Request") else "exchange/waiting.html"
        return render(request, template, context)


class Refuse(Page):
    """Send a delivery back before receiving it."""

    def get(self, request: HttpRequest, delivery: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("exchange:waiting"))

    def post(self, request: HttpRequest, delivery: int) -> HttpResponse:
        found = get_object_or_404(
            Delivery.objects.visible_to(self.person).select_related("unit", "dispatch"), pk=delivery
        )
        try:
            refuse(delivery=found, reason=request.POST.get("reason", ""), actor=self.actor)
            messages.success(request, _("Refused; the sender sees your reason."))
        except (ReasonTooShort, ReasonTooLong, DeliveryMoved, NotAllowed) as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("exchange:waiting"))


class Directives(Page):
    """What the person's offices sent and must be acted on."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(directives_of(self.person, today()), PAGE).get_page(request.GET.get("page"))
        rows = [(dispatch, counts_of(dispatch)) for dispatch in page.object_list]
        return render(request, "exchange/directives.html", {"page": page, "rows": rows})


class TrackerPage(Page):
    """S5: who has not done it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        visible = Dispatch.objects.visible_to(self.person).select_related("document__doc_type", "sender_unit")
        dispatch = get_object_or_404(visible, pk=pk)
        template = "exchange/tracker_live.html" if request.headers.get("HX-Request") else "exchange/tracker.html"
        return render(request, template, {"dispatch": dispatch, **self.figures(dispatch)})

    def figures(self, dispatch: Dispatch) -> dict[str, Any]:
        found, is_whole = tracker(dispatch, today()), self.request.GET.get("phamvi") == "ca-nhanh"
        wanted = self.request.GET.get("loc", "")
        rows = [row for row in (found.tree if is_whole else found.rows) if self.is_wanted(row, wanted)]
        counts = found.subtree if is_whole else found.direct
        return {"counts": counts, "rows": rows, "is_whole": is_whole, "wanted": wanted, "at": clock.now()}

    def is_wanted(self, row: TrackerRow, wanted: str) -> bool:
        return wanted in {"", row.bucket} or (wanted == "overdue" and row.is_overdue)
