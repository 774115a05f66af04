"""S3: the page on the left, the fields on the right; nothing is official before the clerk says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import ids
from core.symbols import normal_symbol
from documents import selectors
from documents.duplicates import NUMBER, Facts, duplicates_of, undecided
from documents.forms import ConfirmForm, ReasonForm
from documents.models import DocumentFile, DocumentType, ReadState, Urgency
from documents.policies import may_confirm
from documents.selectors import PROPOSED_AS, failed_pages, proposals_of, shown_first
from documents.services import confirmation
from documents.services.reading import NothingToReadAgain, read_again
from documents.services.splitting import PARTS, parts_in
from documents.views.base import PaperView, posted_version
from documents.views.duplicates import comparisons
from documents.warnings import warnings_of
from documents.words import reading_words
from ui.errors import OthersTask
from ui.templatetags.ui_tags import is_doubtful

if TYPE_CHECKING:
    from django.http import HttpRequest

    from documents.duplicates import Duplicate
    from documents.models import Document, ExtractedField

CORE = {
    "doc_type",
    "number",
    "symbol",
    "issue_date",
    "issuer",
    "subject",
    "signer",
}  # domain.md 15, I2; not each has a deadline


def initial_values(document: Document, proposals: dict[str, ExtractedField]) -> dict[str, Any]:
    """What the form begins with: the confirmed columns, or what was read."""
    if document.is_confirmed:
        return {name: getattr(document, name) for name in confirmation.FIELDS}
    values: dict[str, Any] = {
        name: _proposed(proposals.get(PROPOSED_AS.get(name, name))) for name in confirmation.FIELDS
    }
    values["doc_type"] = DocumentType.objects.filter(name__iexact=values["doc_type"] or "-").first()
    values["urgency"] = confirmation.URGENCY_WORDS.get(str(values["urgency"] or "").lower(), Urgency.NONE)
    return values


def _proposed(field: ExtractedField | None) -> str | None:
    return str(field.value) if field and isinstance(field.value, str) and field.value else None


class Confirm(PaperView):
    """Shows and takes the facts of a paper."""

    template = "documents/confirm.html"

    def require(self) -> None:
        if not may_confirm(self.person, self.document):
            raise OthersTask(_("Only the registry clerk of this unit may do this."))

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ConfirmForm(initial=initial_values(self.document, proposals_of(self.document)))
        return self.show(form)

    def show(self, form: ConfirmForm, *, status: int = 200, refusal: str = "") -> HttpResponse:
        document = self.document
        proposals = proposals_of(document)
        files = DocumentFile.objects.visible_to(self.person).filter(document=document)
        asks = not document.is_confirmed
        rows = [_form_row(form, name, proposals, asks=asks) for name in form.fields]
        symbol = symbol_in(form)
        context = {
            "document": document, "form": form, "rows": rows, "file": shown_first(files),
            "doubts": sum(row["is_missing"] or is_doubtful(row["confidence"]) for row in rows),
            "refusal": refusal, "receipt_key": ids.new_receipt_key(),
            "reason_words": reading_words(document.read_reason, failed_pages(document)),
            "can_read_again": document.read_state in {ReadState.FAILED, ReadState.PARTIAL},
            "late_books": selectors.late_books(self.person, document.owner_unit),
            "issuers": selectors.known_issuers(self.person, document.owner_unit),
            "routes": selectors.routes_of(document), "warnings": warnings_of(document, self.person),
            "parts": parts_in(proposals.get(PARTS)) if asks else [],
            "symbol_norm": symbol, "duplicates": comparisons(document, self.duplicates(form, symbol)),
        }  # fmt: skip
        return render(self.request, self.template, context, status=status)

    def duplicates(self, form: ConfirmForm, symbol: str) -> list[Duplicate]:
        """Papers that this one may be and that nobody has compared with it: by what stands in the form, once it was sent."""
        if not form.is_bound:
            return undecided(duplicates_of(self.document, self.person))
        try:
            day = form.fields["issue_date"].to_python(form["issue_date"].value() or None)
        except ValidationError:
            day = None
        facts = Facts(symbol, str(form["issuer"].value() or ""), day)
        return undecided(duplicates_of(self.document, self.person, facts))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        symbol = symbol_in(form)
        if request.POST.get("duplicates_seen") != symbol and self.has_a_namesake(form, symbol):
            sentence = _(
                "A paper with this number and issuer is here already. Compare them; to keep both, press again."
            )
            return self.show(form, status=409, refusal=sentence)
        return self.act(form)

    def has_a_namesake(self, form: ConfirmForm, symbol: str) -> bool:
        """Whether the number as it stands in the form belongs to a paper that is here."""
        return any(NUMBER in one.reasons for one in self.duplicates(form, symbol))

    def act(self, form: ConfirmForm) -> HttpResponse:
        """What a valid form does, once the clerk has seen possible duplicates."""
        try:
            confirmation.confirm_fields(
                document=self.document, values=form.cleaned_data, actor=self.actor,
                expected_version=posted_version(self.request),
            )  # fmt: skip
        except (confirmation.StaleDocument, confirmation.NotConfirmable) as refusal:
            return self.show(form, status=409, refusal=str(refusal))
        messages.success(self.request, _("Saved. The paper has no arrival number yet."))
        return HttpResponseRedirect(reverse("desk:paper", args=[self.document.pk]))


def _form_row(form: ConfirmForm, name: str, proposals: dict[str, ExtractedField], *, asks: bool) -> dict[str, Any]:
    """A field with what was read for it; `is_missing` asks for one of the core facts that nothing was read for."""
    proposal = proposals.get(PROPOSED_AS.get(name, name))
    has_value = bool(proposal and proposal.value)
    confidence = proposal.confidence if proposal and has_value else None
    return {
        "field": form[name],
        "confidence": confidence,
        "page": proposal.page if proposal else None,
        "box": proposal.box if proposal else None,
        "is_missing": asks and confidence is None and name in CORE,
        "is_wide": name in {"subject", "issuer"},
    }


def symbol_in(form: ConfirmForm) -> str:
    """The normal form of number and symbol as they stand in the form."""
    return normal_symbol(f"{form['number'].value() or ''}/{form['symbol'].value() or ''}") or ""


class ActOnUpload(PaperView):
    """Whoever comes back to an act's address, by history or after signing in again, finds the confirm page."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.back()

    def back(self) -> HttpResponse:
        """To where the button stood: the queue, or the paper's own page."""
        if self.request.POST.get("from") == "queue":
            return HttpResponseRedirect(reverse("documents:reading-queue"))
        return HttpResponseRedirect(reverse("documents:confirm", args=[self.document.pk]))


class ReadAgain(ActOnUpload):
    """Queue a paper whose reading failed once more."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            read_again(document=self.document, actor=self.actor)
        except NothingToReadAgain as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The paper waits to be read again."))
        return self.back()


class Withdraw(ActOnUpload):
    """Take back an upload that nobody has confirmed."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Give the reason for the withdrawal."))
            return HttpResponseRedirect(reverse("documents:confirm", args=[pk]))
        try:
            confirmation.withdraw_upload(document=self.document, reason=form.cleaned_data["reason"], actor=self.actor)
        except confirmation.NotConfirmable as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("desk:paper", args=[pk]))
        messages.success(request, _("The upload was withdrawn."))
        return HttpResponseRedirect(reverse("documents:intake"))


class Correct(Confirm):
    """Change a confirmed paper, with a reason."""

    template = "documents/correct.html"

    def show(self, form: ConfirmForm, *, status: int = 200, refusal: str = "") -> HttpResponse:
        context = {"document": self.document, "form": form, "refusal": refusal, "reason_form": self.reason_form()}
        return render(self.request, self.template, context, status=status)

    def reason_form(self) -> ReasonForm:
        """What was typed is kept."""
        return ReasonForm(self.request.POST) if self.request.method == "POST" else ReasonForm()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            confirmation.correct_fields(
                document=self.document, values=form.cleaned_data, reason=request.POST.get("reason", ""), actor=self.actor,
                expected_version=posted_version(request),
            )  # fmt: skip
        except (confirmation.ReasonMissing, confirmation.IssuedFactsStand) as refusal:
            return self.show(form, status=422, refusal=str(refusal))
        except (confirmation.StaleDocument, confirmation.NotConfirmable) as refusal:
            return self.show(form, status=409, refusal=str(refusal))
        messages.success(request, _("Corrected; old and new values stand in the log."))
        return HttpResponseRedirect(reverse("desk:paper", args=[pk]))
