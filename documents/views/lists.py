"""S6: the papers of a unit, and its books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.clock import today
from documents.book import passed_on
from documents.forms import OpeningForm, ReasonForm
from documents.models import Register, RegisterEntry
from documents.selectors import lock_of, register_lines, register_years, registered
from documents.services.books import RegisterClosed, WrongOpening, open_for_correction
from documents.services.registration import AlreadyVoid, IssueStands, NumberInUse, void_entry
from documents.views.base import Page
from organizations.models import Role
from organizations.navigation import of_registrars
from organizations.policies import NotAllowed, can_register, has_role
from organizations.selectors import units_of
from ui.errors import OthersTask

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
            {"page": page, "direction": self.direction, "may_register": of_registrars(request)},
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
            raise OthersTask(_("The books are open to the office of a unit: its clerks, chief of office and leaders."))
        direction = Direction.OUT if request.GET.get("so") == "di" else Direction.IN
        year = int(request.GET["nam"]) if request.GET.get("nam", "").isdecimal() else today().year
        return self.show(self.chosen(units), direction, year)

    def show(
        self, unit: Unit, direction: str, year: int, *, form: OpeningForm | None = None, status: int = 200
    ) -> HttpResponse:
        is_whole = "ca-nam" in self.request.GET
        lines = Paginator(register_lines(unit, year, direction), WHOLE_BOOK if is_whole else BOOK_PAGE)
        page = lines.get_page(self.request.GET.get("page"))
        lock = lock_of(unit, year, direction)
        keeps = can_register(self.person, unit, clock.now())
        may_open = lock.is_locked and has_role(self.person, Role.LEADER, unit, clock.now())
        context = {
            "units": self.office_units(), "unit": unit, "direction": direction, "years": register_years(unit, direction),
            "year": year, "is_whole": is_whole, "page": page, "lines": with_passed(page.object_list),
            "is_incoming": direction == Direction.IN, "lock": lock,
            "may_void": direction == Direction.IN and keeps and lock.is_open_to(self.person),
            "opening_form": form or (OpeningForm(unit=unit) if may_open else None),
        }  # fmt: skip
        return render(self.request, "documents/register.html", context, status=status)

    def chosen(self, units: list[Unit]) -> Unit:
        wanted = self.request.GET.get("don-vi", "")
        own = self.unit.pk if self.unit else 0
        return next((u for u in units if str(u.pk) == wanted), next((u for u in units if u.pk == own), units[0]))


class OpenBook(RegisterBook):
    """Open a locked book for one person, for a time; looked at, the address leads to the books."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # type: ignore[override]  # the book stands in the address
        return HttpResponseRedirect(reverse("documents:register"))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Register.objects.filter(unit__in=self.office_units()).select_related("unit__organ_unit")
        register = get_object_or_404(rows, pk=pk)
        form = OpeningForm(request.POST, unit=register.unit)
        if not form.is_valid():
            return self.show(register.unit, register.direction, register.year, form=form, status=422)
        try:
            open_for_correction(register=register, actor=self.actor, **form.cleaned_data)
        except WrongOpening as refusal:
            form.add_error("until", str(refusal))
            return self.show(register.unit, register.direction, register.year, form=form, status=422)
        messages.success(request, _("The book is open to this person until the day that you gave."))
        return HttpResponseRedirect(book_url(register))


def with_passed(entries: Iterable[RegisterEntry]) -> list[tuple[RegisterEntry, Passed | None]]:
    """Each line with where its paper went, as the rooms above know it."""
    lines = list(entries)
    known = passed_on(lines)
    return [(line, known.get(line.pk)) for line in lines]


class VoidEntry(Page):
    """Strike a number out, with a reason."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("documents:register"))

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
                messages.error(request, str(refusal))
            except (AlreadyVoid, IssueStands, NumberInUse, RegisterClosed) as refusal:
                messages.error(request, str(refusal))
        else:
            messages.error(request, _("Give the reason for striking the number out."))
        return HttpResponseRedirect(book_url(entry.register))


def book_url(register: Register) -> str:
    """The address of a book's page."""
    book = "di" if register.direction == Direction.OUT else "den"
    return f"{reverse('documents:register')}?so={book}&nam={register.year}&don-vi={register.unit_id}"
