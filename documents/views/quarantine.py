"""The security officer's list: what was locked away, and what became of it. Nothing of the papers themselves is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from documents.forms import ReasonForm
from documents.models import Validity
from documents.selectors import quarantined
from documents.services import quarantine
from documents.services.confirmation import ReasonMissing
from documents.views.base import Page, PaperView
from organizations.policies import guards_secrets

if TYPE_CHECKING:
    from django.http import HttpRequest

PAGE_LENGTH = 50


class Quarantine(Page):
    """Who brought what when; for everybody else this page does not exist."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not guards_secrets(self.person, clock.now()):
            raise Http404
        page = Paginator(quarantined(self.person), PAGE_LENGTH).get_page(request.GET.get("page"))
        return render(request, "documents/quarantine.html", {"page": page})


class ActOnLocked(PaperView):
    """One act on one file; back to the list, whatever came of it."""

    def require(self) -> None:
        """What is not locked away, or not this person's to guard, is not here."""
        if self.document.state != Validity.QUARANTINED or not guards_secrets(self.person, clock.now()):
            raise Http404

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("documents:quarantine"))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ReasonForm(request.POST)
        try:
            self.perform(form.cleaned_data["reason"] if form.is_valid() else "")
        except (ReasonMissing, quarantine.NotLockedAway, quarantine.DraftStaysLocked) as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("documents:quarantine"))

    def perform(self, reason: str) -> None:
        raise NotImplementedError


class HandOver(ActOnLocked):
    """The file leaves this office."""

    def perform(self, reason: str) -> None:
        quarantine.hand_over(document=self.document, note=reason, actor=self.actor)
        messages.success(self.request, _("Handed over; the file was removed from this office."))


class Release(ActOnLocked):
    """The mark is none: the paper goes back to its office."""

    def perform(self, reason: str) -> None:
        quarantine.release(document=self.document, reason=reason, actor=self.actor)
        messages.success(self.request, _("Released: the paper is read and its office has it again."))
