"""Saying on the page of a new paper which older one it replaces, and taking that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from documents.models import Document
from documents.policies import may_confirm
from documents.selectors import replaceable
from documents.services import relations
from documents.views.base import PaperView
from organizations.views.base import typed
from ui.errors import OthersTask

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class RelationView(PaperView):
    """For the office that holds the new paper."""

    def require(self) -> None:
        if not may_confirm(self.person, self.document):
            raise OthersTask(_("Only the registry clerk of this unit may do this."))

    def other(self, text: str) -> Document:
        rows = Document.objects.visible_to(self.person)
        found: Document = get_object_or_404(rows, pk=int(text) if text.isdecimal() and len(text) < 10 else 0)  # noqa: PLR2004
        return found

    def back(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("desk:paper", args=[self.document.pk]))


class Replace(RelationView):
    """Find the older paper by its number and symbol, and record that this one replaces it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        text = typed(request)
        papers = replaceable(self.document, self.person, text)
        return render(request, "documents/replace.html", {"document": self.document, "text": text, "papers": papers})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        target = self.other(request.POST.get("target", ""))
        try:
            relations.replace_paper(source=self.document, target=target, actor=self.actor)
        except (relations.NotReplaceable, relations.AlreadyReplaced) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Recorded: this paper replaces %(paper)s.") % {"paper": target})
        return self.back()


class TakeReplacementBack(RelationView):
    """Undo it."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        target = self.other(request.POST.get("target", ""))
        try:
            relations.take_replacement_back(source=self.document, target=target, actor=self.actor)
        except relations.NothingReplaced as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, _("Taken back: %(paper)s is no longer replaced by this paper.") % {"paper": target}
            )
        return self.back()
