"""Papers taken with a phone: several photos become the pages of one paper, in the order in which they stand on the page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, ids
from documents.forms import SecrecyForm
from documents.rendition.photos import NotAPhoto, bind, photo
from documents.services.uploads import NOT_SECRET, Received, SecretPaperRefused, receive_upload
from documents.views.base import Page

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

    from organizations.models import Unit

MOST_PHOTOS = 60
LARGEST_PHOTO, LARGEST_PAPER = 25 << 20, 100 << 20


class Refused(Exception):
    """Why nothing was taken in: a sentence for the person."""


class Capture(Page):
    """The page, and what it sends: photos that make one paper, or a single file as it is."""

    template = "documents/capture.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, self.template, self.context())

    def context(self, refusal: str = "") -> dict[str, object]:
        return {
            "unit": self.office, "form": SecrecyForm(), "receipt_key": ids.new_receipt_key(), "refusal": refusal,
            "most": MOST_PHOTOS, "largest": LARGEST_PHOTO, "largest_all": LARGEST_PAPER, "megabytes": LARGEST_PHOTO >> 20,
        }  # fmt: skip

    def post(self, request: HttpRequest) -> HttpResponse:
        unit = self.office
        try:
            received = self.receive(unit)
        except (Refused, SecretPaperRefused) as refusal:
            return self.refuse(str(refusal))
        url = reverse("documents:confirm", args=[received.document.pk])
        words = _("already here, opened again") if received.is_duplicate else _("taken in, waiting to be read")
        if self.wants_json():
            return JsonResponse({"url": url, "words": words}, status=201)
        messages.success(request, _("The paper was taken in and waits to be read."))
        return HttpResponseRedirect(url)

    def receive(self, unit: Unit) -> Received:
        files = self.files()
        stream: Any = files[0]
        name = files[0].name or ""
        if len(files) > 1:
            stream = io.BytesIO(bound(files))
            name = f"{_('photos')}-{clock.local(clock.now()):%Y%m%d-%H%M%S}.pdf"
        return receive_upload(
            stream=stream, name=name, unit=unit, actor=self.actor, secrecy=NOT_SECRET,
            receipt_key=ids.receipt_key(self.request.POST.get("receipt_key")),
        )  # fmt: skip

    def files(self) -> list[UploadedFile[Any]]:
        """
        What was sent, in its order.

        :raises SecretPaperRefused: if the answer to the question of secrecy is a degree
        :raises Refused: without an answer or a file, or with too much
        """
        secrecy, files = self.request.POST.get("secrecy", ""), self.request.FILES.getlist("files")
        if not secrecy or not files:
            raise Refused(_("Answer the question of secrecy and choose at least one photo."))
        if secrecy != NOT_SECRET:
            raise SecretPaperRefused
        if len(files) > MOST_PHOTOS:
            raise Refused(
                _("A paper has at most %(most)s photos. Send the rest as another paper.") % {"most": MOST_PHOTOS}
            )
        sizes = [file.size or 0 for file in files]
        if max(sizes) > LARGEST_PHOTO or sum(sizes) > LARGEST_PAPER:
            raise Refused(
                _("A photo has at most %(megabytes)s MB. Choose a smaller picture size in the camera.")
                % {"megabytes": LARGEST_PHOTO >> 20}
            )
        return files

    def wants_json(self) -> bool:
        return "application/json" in self.request.headers.get("Accept", "")

    def refuse(self, sentence: str) -> HttpResponse:
        if self.wants_json():
            return JsonResponse({"error": sentence}, status=422)
        return render(self.request, self.template, self.context(sentence), status=422)


def bound(files: list[UploadedFile[Any]]) -> bytes:
    """
    One PDF of several photos.

    :raises Refused: if one of them is none
    """
    photos = []
    for number, file in enumerate(files, start=1):
        try:
            photos.append(photo(file.read()))
        except NotAPhoto as broken:
            raise Refused(
                _("Page %(number)s is not a JPEG photo. Take it away, or send it as a paper of its own.")
                % {"number": number}
            ) from broken
    return bind(photos)
