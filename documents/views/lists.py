"""S6: the papers of a unit, and its books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.clock import today
from documents.book import passed_on
from documents.forms import ReasonForm
from documents.models import Register, RegisterEntry
from documents.selectors import register_lines, register_years, registered
from documents.services.registration import AlreadyVoid, IssueStands, NumberInUse, void_entry
from documents.views.base import Page
from organizations.policies import NotAllowed, can_register
from organizations.selectors import units_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from documents.book import Passed
    from organizations.models import Unit

PAGE, BOOK_PAGE, WHOLE_BOOK = 50, 100, 20_000
Direction = Register.Direction


class PaperList(Page):
    """Registered papers, newest first."""

    direction: str = Direction.IN
    template = "documents/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        units = units_of(self.person, clock.now())
        rows = registered(units, self.person, self.direction)
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        return render(
            request,
            self.template,
            {"page": page, "direction": self.direction, "may_register": bool(self.office_units())},
        )


class Incoming(PaperList):
    """Văn bản đến."""


class Outgoing(PaperList):
    """Văn bản đi."""

    direction = Direction.OUT


class RegisterBook(Page):
    """A book as it would lie on the desk, ruled and printable."""

    def get(self, request: HttpRequest) -> HttpResponse:
        units = self.office_units()
        if not units:
            raise PermissionDenied(
                _("The books are open to the office of a unit: its clerks, chief of office and leaders.")
            )
        unit = self.chosen(units)
        direction = Direction.OUT if request.GET.get("so") == "di" else Direction.IN
        years = register_years(unit, direction)
        year = int(request.GET["nam"]) if request.GET.get("nam", "").isdecimal() else today().year
        is_whole = "ca-nam" in request.GET
        lines = Paginator(register_lines(unit, year, direction), WHOLE_BOOK if is_whole else BOOK_PAGE)
        page = lines.get_page(request.GET.get("page"))
        context = {
            "units": units, "unit": unit, "direction": direction, "years": years, "year": year, "is_whole": is_whole,
            "page": page, "lines": with_passed(page.object_list), "is_incoming": direction == Direction.IN,
            "may_void": direction == Direction.IN and can_register(self.person, unit, clock.now()),
        }  # fmt: skip
        return render(request, "documents/register.html", context)

    def chosen(self, units: list[Unit]) -> Unit:
        wanted = self.request.GET.get("don-vi", "")
        own = self.unit.pk if self.unit else 0
        return next((u for u in units if str(u.pk) == wanted), next((u for u in units if u.pk == own), units[0]))


def with_passed(entries: Iterable[RegisterEntry]) -> list[tuple[RegisterEntry, Passed | None]]:
    """Each line with where its paper went, as the rooms above know it."""
    lines = list(entries)
    known = passed_on(lines)
    return [(line, known.get(line.pk)) for line in lines]


class VoidEntry(Page):
    """Strike a number out, with a reason."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = RegisterEntry.objects.filter(register__unit__in=self.office_units()).select_related(
            "register__unit", "document"
        )
        entry = get_object_or_404(rows, pk=pk)
        form = ReasonForm(request.POST)
        if form.is_valid():
            try:
                void_entry(entry=entry, reason=form.cleaned_data["reason"], actor=self.actor)
                messages.success(
                    request, _("Number %(number)s is void and is never given again.") % {"number": entry.display}
                )
            except NotAllowed as refusal:
                messages.error(request, str(refusal.args[0]))
            except (AlreadyVoid, IssueStands, NumberInUse) as refusal:
                messages.error(request, str(refusal))
        else:
            messages.error(request, _("Give the reason for striking the number out."))
        book = "di" if entry.register.direction == Direction.OUT else "den"
        return HttpResponseRedirect(
            f"{reverse('documents:register')}?so={book}&nam={entry.register.year}&don-vi={entry.register.unit_id}"
        )
