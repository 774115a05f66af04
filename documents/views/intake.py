"""S3: papers come in. The question of secrecy stands before the upload; each file is answered by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import ids
from documents.forms import SecrecyForm
from documents.models import ReadState
from documents.selectors import locked_away, title_words, uploads_of
from documents.services.uploads import Received, SecretPaperRefused, receive_upload
from documents.views.base import Page
from documents.words import reason_words

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

QUEUE_LENGTH = 50
UNREAD = {ReadState.QUEUED, ReadState.READING}


class Queue(Page):
    """The unit's uploads with their stages, a fragment that refreshes itself."""

    template = "documents/queue.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, self.template, self.context())

    def context(self) -> dict[str, object]:
        unit = self.office
        uploads = list(uploads_of(unit, self.person)[:QUEUE_LENGTH])
        for document in uploads:
            document.reason_words = reason_words(document.read_reason)  # type: ignore[attr-defined]
            document.title_words = title_words(document)  # type: ignore[attr-defined]
        locked = list(locked_away(unit, self.person)[:QUEUE_LENGTH])
        topics = " ".join(f"document:{document.pk}" for document in uploads)
        is_reading = any(document.read_state in UNREAD for document in uploads)
        return {"uploads": uploads, "topics": topics, "unit": unit, "locked": locked, "is_reading": is_reading}


class Intake(Queue):
    """The page of the upload."""

    template = "documents/intake.html"

    def context(self) -> dict[str, object]:
        return super().context() | {"form": SecrecyForm(), "receipt_key": ids.new_receipt_key()}

    def post(self, request: HttpRequest) -> HttpResponse:
        files = request.FILES.getlist("files")
        secrecy = request.POST.get("secrecy", "")
        if not secrecy or not files:
            return self.refuse(_("Answer the question of secrecy and choose at least one file."), 422)
        try:
            received = [self.receive(file, secrecy) for file in files]
        except SecretPaperRefused as refusal:
            return self.refuse(str(refusal), 422)
        return self.answer(received)

    def receive(self, file: UploadedFile[Any], secrecy: str) -> Received:
        """One file; the receipt makes a repeated post of a single file harmless."""
        key = (
            ids.receipt_key(self.request.POST.get("receipt_key"))
            if len(self.request.FILES.getlist("files")) == 1
            else None
        )
        if self.wants_json():
            key = None  # one form sends several files, each in a request of its own
        return receive_upload(
            stream=file,
            name=file.name or "",
            unit=self.office,
            actor=self.actor,
            secrecy=secrecy,
            receipt_key=key,
        )

    def wants_json(self) -> bool:
        return "application/json" in self.request.headers.get("Accept", "")

    def answer(self, received: list[Received]) -> HttpResponse:
        words = [
            _("already here, opened again") if r.is_duplicate else _("taken in, waiting to be read") for r in received
        ]
        if self.wants_json():
            url = reverse("documents:confirm", args=[received[0].document.pk])
            return JsonResponse({"url": url, "words": words[0]}, status=201)
        messages.success(self.request, _("%(count)s files taken in.") % {"count": len(received)})
        return HttpResponseRedirect(reverse("documents:intake"))

    def refuse(self, sentence: str, status: int) -> HttpResponse:
        if self.wants_json():
            return JsonResponse({"error": sentence}, status=status)
        return render(self.request, self.template, self.context() | {"refusal": sentence}, status=status)
