"""The cover sheet of a unit, to be printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext as _

from core import clock
from documents.rendition.cover import cover_sheet
from documents.views.base import Page
from organizations.policies import can_register
from ui.errors import OthersTask

if TYPE_CHECKING:
    from django.http import HttpRequest


class CoverSheet(Page):
    """A PDF, for whoever takes papers in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.unit is None or not can_register(self.person, self.unit, clock.now()):
            raise OthersTask(_("Only the registry clerk of a unit takes papers in."))
        response = HttpResponse(cover_sheet(self.unit), content_type="application/pdf")
        response.headers["Content-Disposition"] = 'inline; filename="to-bia.pdf"'
        return response
