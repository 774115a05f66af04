"""How well the office's papers are read, by what clerks had to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from documents.corrections import corrections_by_field, corrections_by_month
from documents.views.base import Page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class Corrections(Page):
    """For those who confirm papers."""

    def get(self, request: HttpRequest) -> HttpResponse:
        unit = self.office
        months, fields = corrections_by_month(unit, self.person), corrections_by_field(unit, self.person)
        context = {"unit": unit, "months": months, "fields": fields}
        return render(request, "documents/corrections.html", context)
