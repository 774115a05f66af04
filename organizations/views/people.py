"""Accounts, for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core import clock
from core.vietnamese import clean
from organizations import services
from organizations.forms import PasswordForm, PersonForm
from organizations.models import Appointment, User
from organizations.policies import is_admin_of_person
from organizations.selectors import administered_people, found_people
from organizations.views.base import AdminPage, accept, typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

PAGE, PROPOSALS, FEWEST_LETTERS = 100, 12, 2


class People(AdminPage):
    """Accounts that the person administers, by own name; posting opens a new one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(PersonForm())

    def show(self, form: PersonForm, status: int = 200) -> HttpResponse:
        words = typed(self.request)
        people = found_people(administered_people(self.person, clock.now()), words)
        page = Paginator(people, PAGE).get_page(self.request.GET.get("page"))
        context = {"page": page, "form": form, "q": words}
        return render(self.request, "organizations/people.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PersonForm(request.POST)
        if not accept(form, services.create_user, actor=self.actor):
            return self.show(form, 422)
        messages.success(request, _("The account is open. Appoint the person to a post on the page of a unit."))
        made = User.objects.get(username=clean(form.cleaned_data["username"]).strip())
        return HttpResponseRedirect(reverse("organizations:person", args=[made.pk]))


class FindPeople(AdminPage):
    """Proposals while a name is typed: whoever has an open account may be appointed."""

    def get(self, request: HttpRequest) -> JsonResponse:
        words = typed(request)
        if len(words) < FEWEST_LETTERS:
            return JsonResponse([], safe=False)
        found = found_people(User.objects.filter(is_active=True), words)[:PROPOSALS]
        rows = [{"value": one.username, "label": f"{one.full_name} ({one.username})"} for one in found]
        return JsonResponse(rows, safe=False)


class PersonView(AdminPage):
    """A page or act of one account that the person administers; other accounts do not exist for them."""

    @cached_property
    def subject(self) -> User:
        subject = get_object_or_404(User, pk=self.kwargs["pk"])
        if not is_admin_of_person(self.person, subject, clock.now()):
            raise Http404
        return subject

    def show(self, form: PasswordForm, status: int = 200) -> HttpResponse:
        rows = Appointment.objects.filter(user=self.subject).select_related("post__unit")
        context = {
            "subject": self.subject,
            "appointments": rows.prefetch_related("post__unit__names").order_by("-valid_from", "-id"),
            "form": form,
            "is_self": self.subject == self.person,
        }
        return render(self.request, "organizations/person.html", context, status=status)

    def give_password(self, service: Callable[..., Any], words: str) -> HttpResponse:
        form = PasswordForm(self.request.POST)
        if not accept(form, service, user=self.subject, actor=self.actor):
            return self.show(form, 422)
        return self.back(words)

    def back(self, words: str) -> HttpResponse:
        messages.success(self.request, words)
        return HttpResponseRedirect(reverse("organizations:person", args=[self.subject.pk]))


class PersonPage(PersonView):
    """One account: its posts; posting gives a new password."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(PasswordForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.give_password(
            services.set_password, _("The new password counts from now on; open sessions have ended.")
        )


class CloseAccount(PersonView):
    """Close an account: it holds nothing from now on."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            services.close_account(user=self.subject, actor=self.actor)
        except services.Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("organizations:person", args=[pk]))
        return self.back(_("The account is closed and its sessions have ended."))


class ReopenAccount(PersonView):
    """Open a closed account again with a new password."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.give_password(services.reopen_account, _("The account is open again with its new password."))
