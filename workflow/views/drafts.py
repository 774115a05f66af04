"""O1: a paper of the unit begins, and gets new versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import ids
from documents.policies import may_draft
from documents.services.drafting import NotADraft, NotAPdf, add_version
from documents.services.uploads import SecretPaperRefused
from documents.views.base import Page, PaperView
from exchange.services import NobodyToSendTo
from ui.errors import OthersTask
from workflow.engine.hold import Busy
from workflow.forms import DraftForm, VersionForm
from workflow.policies import answerable
from workflow.services import draft_outgoing

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest

    from organizations.models import Unit
    from workflow.models import IncomingCase, OutgoingCase


class NewDraft(Page):
    """Draft a paper; `?tra-loi=` names the case that it answers."""

    def organ(self) -> Unit:
        if self.unit is None:
            raise OthersTask(_("You need a post in a unit to draft papers."))
        return self.unit

    def source(self) -> IncomingCase | None:
        """The case that is answered; of a paper that the person may not see there is none."""
        number = self.request.GET.get("tra-loi", "")
        if not number.isdecimal():
            return None
        return get_object_or_404(answerable(self.person, self.organ()), pk=number)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(DraftForm(unit=self.organ()))

    def show(self, form: forms.Form, *, status: int = 200, refusal: str = "") -> HttpResponse:
        context = {
            "form": form, "refusal": refusal, "heading": _("New draft"), "receipt_key": ids.new_receipt_key(),
            "source": self.source(),
            "next": _("Next: the draft lies with you until you submit it to the signer."),
        }  # fmt: skip
        return render(self.request, "workflow/draft.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = DraftForm(request.POST, request.FILES, unit=self.organ())
        if request.POST.get("secrecy", "none") != "none":
            return self.show(form, status=422, refusal=str(SecretPaperRefused()))
        if not form.is_valid():
            return self.show(form, status=422)
        facts = form.cleaned_data
        if not facts["groups"] and not facts["recipients"]:
            return self.show(form, status=422, refusal=str(NobodyToSendTo()))
        try:
            case = self.create(facts)
        except NotAPdf as refusal:
            return self.show(form, status=422, refusal=str(refusal))
        except Busy as busy:
            return self.show(form, status=503, refusal=str(busy))
        return HttpResponseRedirect(reverse("desk:paper", args=[case.document_id]))

    def create(self, facts: dict[str, Any]) -> OutgoingCase:
        return draft_outgoing(
            unit=self.organ(), doc_type=facts["doc_type"], subject=facts["subject"], stream=facts["file"],
            name=facts["file"].name, secrecy=facts["secrecy"], urgency=facts["urgency"] or 0, due_date=facts["due_date"],
            signer_post=facts["signer_post"], recipients=[unit.pk for unit in facts["recipients"]],
            groups=facts["groups"], must_act=facts["must_act"], source=self.source(), actor=self.actor,
            receipt_key=ids.receipt_key(self.request.POST.get("receipt_key")),
        )  # fmt: skip


class NewVersion(PaperView):
    """A new version of a draft; for the people of the unit that owns it."""

    def require(self) -> None:
        if not may_draft(self.person, self.document.owner_unit):
            raise OthersTask(_("You do not work in this unit."))

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(VersionForm())

    def show(self, form: forms.Form, *, status: int = 200, refusal: str = "") -> HttpResponse:
        context = {
            "form": form,
            "refusal": refusal,
            "heading": _("Upload a new version"),
            "document": self.document,
            "receipt_key": ids.new_receipt_key(),
            "next": "",
        }
        return render(self.request, "workflow/draft.html", context, status=status)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = VersionForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, status=422)
        file = form.cleaned_data["file"]
        try:
            add_version(
                document=self.document,
                stream=file,
                name=file.name,
                comment=form.cleaned_data["comment"],
                actor=self.actor,
                receipt_key=ids.receipt_key(request.POST.get("receipt_key")),
            )
        except (NotAPdf, NotADraft) as refusal:
            return self.show(form, status=422, refusal=str(refusal))
        return HttpResponseRedirect(reverse("desk:paper", args=[pk]))
