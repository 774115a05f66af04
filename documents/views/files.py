"""The bytes of a paper, to whom may see it: never rewritten, never rendered as anything but a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404

from documents import store
from documents.models import DocumentFile
from documents.ocr import draw_part
from documents.views.base import PaperView

if TYPE_CHECKING:
    from django.http import HttpRequest

SHOWN_INLINE = {"application/pdf", "image/png", "image/jpeg", "image/tiff"}
UNIT, LEAST, TALLEST = 1000, 10, 300  # thousandths of a page: what a list of hits asks for, not a way to copy papers
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'"


class FileView(PaperView):
    """A view of one file; one that the person may not see does not exist for them."""

    def file(self) -> DocumentFile:
        rows = DocumentFile.objects.visible_to(self.person).filter(document=self.document)
        found: DocumentFile = get_object_or_404(rows, pk=self.kwargs["file"])
        return found


class Download(FileView):
    """The original under its own name; `?inline=1` for the viewer, in a sandbox without rights."""

    def get(self, request: HttpRequest, pk: int, file: int) -> HttpResponse:
        found = self.file()
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


class PagePart(FileView):
    """A strip of a page as a picture, in thousandths of the page: where a hit stands."""

    def get(self, request: HttpRequest, pk: int, file: int, page: int, x: int, y: int, w: int, h: int) -> HttpResponse:
        found = self.file()
        if not (LEAST <= w <= UNIT - x and LEAST <= h <= min(TALLEST, UNIT - y)):
            raise Http404
        picture = _drawn(found.sha256, page, (x, y, w, h))
        if not picture:
            raise Http404
        headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
        return HttpResponse(picture, content_type="image/jpeg", headers=headers)


def _drawn(sha256: str, page: int, box: tuple[int, int, int, int]) -> bytes:
    """Drawn once. Empty for a page that cannot be drawn."""
    name, path = "-".join(map(str, (page, *box))), store.path_of(sha256)
    if (kept := store.picture(sha256, name)) is not None or not path.exists():
        return kept or b""
    x, y, w, h = (side / UNIT for side in box)
    with store.scratch() as room:
        picture = draw_part(path, page=page, box=(x, y, w, h), scratch=room) or b""
    store.keep_picture(sha256, name, picture)
    return picture
