"""How the index is, and the button that has it made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from search.health import report
from search.pages.base import SysAdminPage
from search.upkeep import ask_for_rebuild

if TYPE_CHECKING:
    from django.http import HttpRequest


class Health(SysAdminPage):
    """Engine, generation, lag, last verification."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "search/health.html", {"report": report()})


class Rebuild(SysAdminPage):
    """Ask for a new index; looked at, the address leads to the page with the button."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("search:health"))

    def post(self, request: HttpRequest) -> HttpResponse:
        ask_for_rebuild(actor=self.actor)
        messages.success(request, _("The index is being made anew. People go on searching in the present one."))
        return HttpResponseRedirect(reverse("search:health"))
