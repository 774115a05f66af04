"""Searches that a person keeps: the list, with what is new, and what can be done to each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core import clock
from organizations.views.base import Page
from search.alerts import new_papers, news_of
from search.asked import Asked
from search.digests import mails_go_out
from search.forms import NameForm, SaveForm
from search.models import SavedSearch
from search.saved import (
    SavedRefused,
    address_of,
    delete_search,
    mark_seen,
    rename_search,
    save_search,
    set_alert,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from search.models import SavedHit


class SavedList(Page):
    """“Tìm kiếm đã lưu”: one line each, new papers below."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show()

    def show(self, refused: NameForm | None = None, of: int = 0) -> HttpResponse:
        counts = {one.saved_id: one.count for one in news_of(self.person)}
        papers = new_papers(self.person) if counts else {}
        rows = [
            _line(saved, counts.get(saved.pk, 0), papers.get(saved.pk, []), refused if saved.pk == of else None)
            for saved in SavedSearch.objects.visible_to(self.person).order_by("name", "id")
        ]
        context = {"rows": rows, "mails_go_out": mails_go_out(), "has_address": bool(self.person.email)}
        return render(self.request, "search/saved.html", context, status=422 if refused else 200)


def _line(saved: SavedSearch, count: int, papers: list[SavedHit], refused: NameForm | None) -> dict[str, Any]:
    return {
        "saved": saved, "count": count, "papers": papers, "more": max(0, count - len(papers)),
        "form": refused or NameForm(initial={"name": saved.name}, prefix=f"s{saved.pk}"), "is_open": refused is not None,
    }  # fmt: skip


class Save(Page):
    """Keep the search in the address under a name."""

    @cached_property
    def asked(self) -> Asked:
        return Asked.read(self.request.GET)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(SaveForm(initial={"name": " ".join(self.asked.text.split())[:60]}))

    def show(self, form: SaveForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "asked": self.asked, "search_url": reverse("search:page") + self.asked.address()}
        return render(self.request, "search/save.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SaveForm(request.POST)
        if not _accept(form, save_search, asked=self.asked, owner=self.person, at=clock.now(), actor=self.actor):
            return self.show(form, 422)
        messages.success(request, _("The search is kept. You find it under “Saved searches”."))
        return HttpResponseRedirect(reverse("search:saved"))


def _accept(form: NameForm, do: Callable[..., Any], **facts: Any) -> bool:
    """Let the service do what was typed; a refusal becomes an error of the field at fault."""
    if not form.is_valid():
        return False
    try:
        do(**facts, **form.cleaned_data)
    except SavedRefused as refusal:
        form.add_error(refusal.field, str(refusal))
    return form.is_valid()


class SavedPage(SavedList):
    """One's own saved search; another's does not exist. Looked at, the address of an act leads to the list."""

    @cached_property
    def saved(self) -> SavedSearch:
        rows = SavedSearch.objects.visible_to(self.person).select_related("owner")
        found: SavedSearch = get_object_or_404(rows, pk=self.kwargs["pk"])
        return found

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # type: ignore[override]  # the search stands in the address
        return self.back() if self.saved else self.show()

    def back(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("search:saved"))


class Open(SavedPage):
    """The search page with this search; what was new has been looked at."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # type: ignore[override]  # as above
        mark_seen(saved=self.saved)
        return HttpResponseRedirect(f"{reverse('search:page')}?{address_of(self.saved)}")


class Seen(SavedPage):
    """What was new has been looked at."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mark_seen(saved=self.saved)
        return self.back()


class Rename(SavedPage):
    """Another name."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = NameForm(request.POST, prefix=f"s{self.saved.pk}")
        if not _accept(form, rename_search, saved=self.saved, actor=self.actor):
            return self.show(form, self.saved.pk)
        return self.back()


class Delete(SavedPage):
    """Keep it no more."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        delete_search(saved=self.saved, actor=self.actor)
        messages.success(request, _("The saved search is deleted."))
        return self.back()


class Alert(SavedPage):
    """Hear of new papers, or no more."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        is_alert = request.POST.get("is_alert") == "1"
        try:
            set_alert(saved=self.saved, is_alert=is_alert, at=clock.now(), actor=self.actor)
        except SavedRefused as refusal:
            messages.error(request, str(refusal))
            return self.back()
        said = (
            _("New papers that match are shown here from now on.")
            if is_alert
            else _("You are not told of new papers any more.")
        )
        messages.success(request, said)
        return self.back()
