"""One act per request: load, one service call, its refusals as sentences; what was typed is never lost."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, ids
from documents.forms import day_field
from documents.models import Document
from documents.selectors import late_books
from documents.services.books import RegisterClosed
from documents.services.confirmation import NotConfirmable, StaleDocument
from documents.services.drafting import NotADraft
from documents.services.issuing import DraftNotRead, StampFailed
from documents.services.registration import AlreadyRegistered, IssueDateAhead, IssueDateBehind, NotConfirmedYet
from documents.views.base import Page, posted_version
from documents.views.confirm import Confirm
from exchange.models import Delivery
from exchange.services import DeliveryMoved, NobodyToSendTo, ReasonTooShort
from organizations.policies import holder_keys
from workflow import selectors, services
from workflow.engine.hold import AlreadyDone, Busy, StaleVersion
from workflow.engine.registry import UnknownAction
from workflow.forms import FORMS
from workflow.models import WorkItem, own_units
from workflow.presenting import count_words, present_item
from workflow.services.completion import NotYourTurn
from workflow.services.incoming import AfterTheWhole, FyiCannotReturn, LeadMissing, NamedTwice
from workflow.services.outgoing import AnotherVersion, DeputyCannotSign

if TYPE_CHECKING:
    from django.http import HttpRequest

    from documents.forms import ConfirmForm
    from workflow.forms import ActForm

NOON = time(12)
CONFLICTS = (AlreadyDone, StaleVersion, AnotherVersion, DeliveryMoved, NotADraft)
REFUSALS = (
    AfterTheWhole, LeadMissing, NamedTwice, FyiCannotReturn, ReasonTooShort, DraftNotRead, StampFailed, RegisterClosed,
    NobodyToSendTo, DeputyCannotSign, IssueDateAhead, IssueDateBehind,
)  # fmt: skip


class Complete(Page):
    """Do one task; whoever comes back to the address, by history or after signing in again, finds the paper."""

    def get(self, request: HttpRequest, task: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("desk:paper", args=[self.item(task).document_id]))

    def post(self, request: HttpRequest, task: int) -> HttpResponse:
        item = self.item(task)
        self.require_turn(item)
        action = request.POST.get("action", "")
        form_class = FORMS.get((item.node, action))
        if form_class is None:
            raise Http404
        form = form_class(request.POST, item=item, person=self.person, prefix=action)
        if not form.is_valid():
            return self.refuse(item, action, _("Please correct the marked fields."), 422)
        try:
            services.complete(
                task_id=task, actor=self.actor, action=action, payload=self.payload(form),
                expected_version=posted_version(request),
                receipt_key=ids.receipt_key(request.POST.get("receipt_key")),
            )  # fmt: skip
        except CONFLICTS as conflict:
            return self.refuse(item, action, str(conflict), 409)
        except REFUSALS as refusal:
            return self.refuse(item, action, str(refusal), 422)
        except Busy as busy:
            return self.refuse(item, action, str(busy), 503)
        except UnknownAction:
            raise Http404 from None
        messages.success(request, count_words(selectors.inbox_counts(self.person, clock.now())["todo"]))
        return self.back(item)

    def item(self, task: int) -> WorkItem:
        """
        A task of the person's own units, or that waits for them, on a paper that they may see; or that they did themselves,
        for the same form may come twice. Another unit's work on the same paper does not exist for them.
        """
        ours = Q(unit__in=own_units(self.person)) | Q(holder__in=list(holder_keys(self.person, clock.now())))
        seen = Q(document__in=Document.objects.visible_to(self.person).values("pk"))
        rows = WorkItem.objects.filter((ours & seen) | Q(completed_by=self.person)).select_related("unit", "document")
        found: WorkItem = get_object_or_404(rows, pk=task)
        return found

    def require_turn(self, item: WorkItem) -> None:
        """:raises NotYourTurn: before somebody else's form is looked at or shown again (anti-requirement A1)"""
        if item.state == WorkItem.State.OPEN and item.holder not in holder_keys(self.person, clock.now()):
            raise NotYourTurn

    def may_see(self, item: WorkItem) -> bool:
        return Document.objects.visible_to(self.person).filter(pk=item.document_id).exists()

    def back(self, item: WorkItem) -> HttpResponse:
        """To the paper; whoever gave their work back does not see it any more."""
        if self.may_see(item):
            return HttpResponseRedirect(reverse("desk:paper", args=[item.document_id]))
        return HttpResponseRedirect(reverse("desk:inbox"))

    def payload(self, form: ActForm) -> dict[str, Any]:
        facts = dict(form.cleaned_data)
        if "draft_version" in facts:
            facts["version"] = facts.pop("draft_version") or 0
        return facts

    def refuse(self, item: WorkItem, action: str, why: str, status: int) -> HttpResponse:
        if not self.may_see(item):
            messages.error(self.request, why)
            return self.back(item)
        fresh = WorkItem.objects.select_related("unit", "document").get(pk=item.pk)
        act = present_item(fresh, self.person, bound=(action, self.request.POST))
        context = {"why": why, "act": act, "document": fresh.document, "is_open": fresh.state == WorkItem.State.OPEN}
        return render(self.request, "workflow/refused.html", context, status=status)


class Register(Confirm):
    """Confirm a paper and give it its arrival number; the clerk's one button."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("documents:confirm", args=[pk]))

    def act(self, form: ConfirmForm) -> HttpResponse:
        try:
            case = self.register(form)
        except ValidationError as wrong:
            return self.show(form, status=422, refusal=" ".join(wrong.messages))
        except (StaleDocument, NotConfirmable, AlreadyRegistered, RegisterClosed, NotConfirmedYet) as refusal:
            return self.show(form, status=409, refusal=str(refusal))
        except Busy as busy:
            return self.show(form, status=503, refusal=str(busy))
        said = _("Registered under arrival number %(number)s.") % {"number": case.entry.display}
        messages.success(self.request, said)
        # A clerk with a pile of papers goes on from here to the next one.
        return HttpResponseRedirect(f"{reverse('desk:paper', args=[self.document.pk])}?tiep=1")

    def register(self, form: ConfirmForm) -> Any:
        key = ids.receipt_key(self.request.POST.get("receipt_key"))
        return services.confirm_and_register(
            document=self.document, values=form.cleaned_data, expected_version=posted_version(self.request),
            unit=self.document.owner_unit, received_at=self.received_at(), actor=self.actor, receipt_key=key,
        )  # fmt: skip

    def received_at(self) -> datetime:
        """Now; for a late paper noon of its day, in a book that is open to the person (domain.md 6)."""
        day = day_field("").clean(self.request.POST.get("received_on") or None)
        if day is None:
            return clock.now()
        if day.year not in {opening.register.year for opening in late_books(self.person, self.document.owner_unit)}:
            raise ValidationError(
                _("The book of this arrival date is not open to you. Leave the date empty for today.")
            )
        return datetime.combine(day, NOON, clock.OFFICE_ZONE)


class Receive(Page):
    """Receive what another unit sent."""

    def get(self, request: HttpRequest, delivery: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("exchange:waiting"))

    def post(self, request: HttpRequest, delivery: int) -> HttpResponse:
        found = get_object_or_404(
            Delivery.objects.visible_to(self.person).select_related("unit", "dispatch"), pk=delivery
        )
        try:
            case = services.receive_delivery(
                delivery=found, received_at=clock.now(), actor=self.actor,
                receipt_key=ids.receipt_key(request.POST.get("receipt_key")),
            )  # fmt: skip
        except (DeliveryMoved, AlreadyRegistered, RegisterClosed, Busy) as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("exchange:waiting"))
        messages.success(request, _("Registered under arrival number %(number)s.") % {"number": case.entry.display})
        return HttpResponseRedirect(reverse("desk:paper", args=[case.document_id]))
