"""A scan that holds several papers is split, or kept as one, from the confirm page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from documents.services.confirmation import StaleDocument
from documents.services.splitting import NotSplittable, keep_whole, split_document
from documents.views.base import posted_version
from documents.views.confirm import ActOnUpload

if TYPE_CHECKING:
    from django.http import HttpRequest


class Split(ActOnUpload):
    """One paper of each part."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            papers = split_document(document=self.document, actor=self.actor, expected_version=posted_version(request))
        except (NotSplittable, StaleDocument) as refusal:
            messages.error(request, str(refusal))
            return self.back()
        words = _("Split into %(number)s papers; each is read anew.") % {"number": len(papers)}
        messages.success(request, words)
        return HttpResponseRedirect(reverse("documents:reading-queue"))


class KeepWhole(ActOnUpload):
    """It is one paper."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            keep_whole(document=self.document, actor=self.actor, expected_version=posted_version(request))
        except (NotSplittable, StaleDocument) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Kept as one paper."))
        return self.back()
