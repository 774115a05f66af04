"""“Bảng viết tắt”: what search reads abbreviations as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core import clock
from organizations.views.base import Page
from search.forms import ReadingForm
from search.models import AbbreviationEntry
from search.readings import WrongReading, add_entry, change_entry, may_edit, remove_entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase


def of_editors(request: HttpRequest) -> bool:
    """Whether the table is this person's to keep."""
    return request.user.is_authenticated and may_edit(request.user, clock.now())


class Readings(Page):
    """The whole table, and a form for one more; for everybody else it is not there."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not of_editors(request):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(ReadingForm(initial={"is_sure": True}))

    def show(self, form: ReadingForm, status: int = 200) -> HttpResponse:
        entries = AbbreviationEntry.objects.order_by("short", "long", "id")
        return render(self.request, "search/readings.html", {"form": form, "entries": entries}, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ReadingForm(request.POST)
        if not _accept(form, add_entry, actor=self.actor):
            return self.show(form, 422)
        return self.back(_("Search reads the abbreviation so from now on."))

    def back(self, said: str) -> HttpResponse:
        messages.success(self.request, said)
        return HttpResponseRedirect(reverse("search:readings"))


def _accept(form: ReadingForm, do: Callable[..., Any], **facts: Any) -> bool:
    if not form.is_valid():
        return False
    try:
        do(**facts, **form.cleaned_data)
    except WrongReading as refusal:
        form.add_error(refusal.field, str(refusal))
    return form.is_valid()


class Reading(Readings):
    """One line of the table."""

    @cached_property
    def entry(self) -> AbbreviationEntry:
        found: AbbreviationEntry = get_object_or_404(AbbreviationEntry.objects.all(), pk=self.kwargs["pk"])
        return found

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # type: ignore[override]  # the line stands in the address
        entry = self.entry
        return self.show(ReadingForm(initial={"short": entry.short, "long": entry.long, "is_sure": entry.is_sure}))

    def show(self, form: ReadingForm, status: int = 200) -> HttpResponse:
        return render(self.request, "search/reading.html", {"form": form, "entry": self.entry}, status=status)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # type: ignore[override]  # as above
        form = ReadingForm(request.POST)
        if not _accept(form, change_entry, entry=self.entry, actor=self.actor):
            return self.show(form, 422)
        return self.back(_("The abbreviation is changed."))


class RemoveReading(Reading):
    """One line less; looked at, the address leads to the table."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # type: ignore[override]  # as above
        return HttpResponseRedirect(reverse("search:readings"))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # type: ignore[override]  # as above
        remove_entry(entry=self.entry, actor=self.actor)
        return self.back(_("The abbreviation is removed."))
