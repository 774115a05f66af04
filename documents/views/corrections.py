"""How well the office's papers are read, by what clerks had to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext as _

from core import clock
from documents.corrections import corrections_by_field, corrections_by_month
from documents.views.base import Page
from organizations.policies import can_register
from ui.errors import OthersTask

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class Corrections(Page):
    """For those who confirm papers."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.unit is None or not can_register(self.person, self.unit, clock.now()):
            raise OthersTask(_("Only the registry clerk of a unit takes papers in."))
        months, fields = corrections_by_month(self.unit, self.person), corrections_by_field(self.unit, self.person)
        context = {"unit": self.unit, "months": months, "fields": fields}
        return render(request, "documents/corrections.html", context)
