"""The cover sheet of a unit, to be printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse

from documents.rendition.cover import cover_sheet
from documents.views.base import Page

if TYPE_CHECKING:
    from django.http import HttpRequest


class CoverSheet(Page):
    """A PDF, for whoever takes papers in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponse(cover_sheet(self.office), content_type="application/pdf")
        response.headers["Content-Disposition"] = 'inline; filename="to-bia.pdf"'
        return response
