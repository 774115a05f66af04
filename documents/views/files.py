"""The bytes of a paper, to whom may see it: never rewritten, never rendered as anything but a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404

from documents import store
from documents.models import DocumentFile
from documents.views.base import PaperView

if TYPE_CHECKING:
    from django.http import HttpRequest

SHOWN_INLINE = {"application/pdf", "image/png", "image/jpeg", "image/tiff"}
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'"


class Download(PaperView):
    """The original under its own name; `?inline=1` for the viewer, in a sandbox without rights."""

    def get(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        rows = DocumentFile.objects.visible_to(self.person).filter(document=self.document)
        found = get_object_or_404(rows, pk=file)
        path = store.path_of(found.sha256)
        if not path.exists():
            raise Http404
        inline = bool(request.GET.get("inline")) and found.media_type in SHOWN_INLINE
        media_type = found.media_type if inline else "application/octet-stream"
        response = FileResponse(path.open("rb"), as_attachment=not inline, filename=found.name, content_type=media_type)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Content-Security-Policy"] = SANDBOX
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response  # type: ignore[return-value]
