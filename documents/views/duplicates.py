"""Two papers that may be one, side by side, and what the clerk makes of them (I3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from documents.duplicates import BYTES, NUMBER, TEXT, Duplicate, duplicates_of
from documents.models import Document, DocumentFile, DocumentLink, Validity
from documents.policies import may_confirm
from documents.selectors import fields_of, latest_file
from documents.services import duplicates as findings
from documents.services.confirmation import NotConfirmable, ReasonMissing
from documents.views.base import PaperView
from ui.errors import OthersTask

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpRequest, HttpResponse

    from documents.selectors import FieldView
    from organizations.models import User

COMPARED = ("number", "symbol", "issue_date", "issuer", "doc_type", "subject", "signer")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One pair as it is shown: why they may be one, and their facts as (label, this paper's, the other's, differ)."""

    document: Document
    other: Document
    why: str
    verdict: str
    lines: list[tuple[str, str, str, bool]]

    @property
    def may_discard(self) -> bool:
        return self.document.state == Validity.UNCONFIRMED


def comparisons(document: Document, duplicates: Sequence[Duplicate]) -> list[Comparison]:
    """Pairs as they are shown."""
    return [_comparison(document, one) for one in duplicates]


def _comparison(document: Document, one: Duplicate) -> Comparison:
    mine, theirs = ({field.name: field for field in fields_of(paper)} for paper in (document, one.document))
    shown = [(mine[name].label, _shown(mine[name]), _shown(theirs[name])) for name in COMPARED]
    lines = [(label, one_s, other_s, one_s != other_s) for label, one_s, other_s in shown if one_s or other_s]
    pages = (str(document.pages_total or ""), str(one.document.pages_total or ""))
    lines.append((_("Pages"), *pages, pages[0] != pages[1]))
    return Comparison(document, one.document, why_words(one), one.verdict, lines)


def _shown(field: FieldView) -> str:
    """A day is proposed as in the index, and shown as on paper."""
    day = parse_date(field.value) if field.name == "issue_date" else None
    return f"{day:%d/%m/%Y}" if day else field.value


def why_words(one: Duplicate) -> str:
    """Why two papers may be one, as a sentence."""
    reason = one.reasons[0] if one.reasons else ""
    if reason == NUMBER and one.likeness:
        return _("Same number, symbol and issuer; %(percent)s%% of the text is the same.") % {"percent": one.percent}
    sentences = {
        BYTES: _("The file is the same, byte by byte."),
        NUMBER: _("Same number, symbol and issuer."),
        TEXT: _("%(percent)s%% of the text is the same.") % {"percent": one.percent},
        "": _("Somebody compared these two papers before."),
    }
    return sentences[reason]


class Compare(PaperView):
    """For whoever may see both; what to make of it is the registry clerk's."""

    @cached_property
    def other(self) -> Document:
        rows = Document.objects.visible_to(self.person).select_related("doc_type", "owner_unit")
        found: Document = get_object_or_404(rows, pk=self.kwargs["other"])
        return found

    @cached_property
    def pair(self) -> Duplicate:
        """:raises Http404: for two papers that have nothing to do with each other"""
        found = {one.document.pk: one for one in duplicates_of(self.document, self.person)}
        link = DocumentLink.objects.filter(kind__in=[findings.SAME, findings.DIFFERS])
        linked = link.filter(source__in=[self.document, self.other], target__in=[self.document, self.other]).first()
        if self.other.pk in found:
            return found[self.other.pk]
        if linked is None or self.other.pk == self.document.pk:
            raise Http404
        return Duplicate(self.other, (), None, linked.kind)

    def get(self, request: HttpRequest, pk: int, other: int) -> HttpResponse:
        context = {
            "document": self.document,
            "pair": _comparison(self.document, self.pair),
            "papers": [(paper, shown_file(paper, self.person)) for paper in (self.document, self.other)],
            "may_decide": may_confirm(self.person, self.document),
        }
        return render(request, "documents/compare.html", context)

    def post(self, request: HttpRequest, pk: int, other: int) -> HttpResponse:
        if not may_confirm(self.person, self.document):
            raise OthersTask(_("Only the registry clerk of this unit may do this."))
        decide = self.decisions().get(request.POST.get("decision", ""))
        if decide is None:
            raise Http404
        try:
            sentence, address = decide(request.POST.get("reason", ""))
        except REFUSALS as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.path)
        messages.success(request, sentence)
        return HttpResponseRedirect(address)

    def decisions(self) -> dict[str, Callable[[str], tuple[str, str]]]:
        return {"link": self.link, "keep": self.keep, "discard": self.discard, "anew": self.anew}

    def link(self, _reason: str) -> tuple[str, str]:
        findings.link_same(document=self.document, other=self.other, actor=self.actor)
        return _("Recorded: both are the same paper, and both are kept."), self.back()

    def keep(self, _reason: str) -> tuple[str, str]:
        findings.keep_apart(document=self.document, other=self.other, actor=self.actor)
        return _("Recorded: these are two papers. Nobody is asked again."), self.back()

    def discard(self, reason: str) -> tuple[str, str]:
        findings.discard_arrival(document=self.document, other=self.other, reason=reason, actor=self.actor)
        return _("The new arrival was withdrawn; its file is kept."), reverse("documents:intake")

    def anew(self, _reason: str) -> tuple[str, str]:
        findings.compare_anew(document=self.document, other=self.other, actor=self.actor)
        return _("Taken back: the two papers can be compared anew."), self.request.path

    def back(self) -> str:
        name = "documents:confirm" if self.document.state == Validity.UNCONFIRMED else "desk:paper"
        return reverse(name, args=[self.document.pk])


REFUSALS = (
    findings.NotComparable, findings.AlreadyCompared, findings.NothingCompared, NotConfirmable, ReasonMissing,
)  # fmt: skip


def shown_file(document: Document, person: User) -> DocumentFile | None:
    """The file of a paper to show this person."""
    return latest_file(DocumentFile.objects.visible_to(person).filter(document=document))
