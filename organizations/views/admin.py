"""Units, posts and people, for administrators: what an office needs before its first paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core import clock
from organizations import services
from organizations.forms import AppointForm, PasswordForm, PersonForm, PostForm, RenameForm, UnitForm
from organizations.models import Appointment, Post, Unit, User
from organizations.policies import administers_anything, in_force_on, is_admin_of, unit_office
from organizations.services.units import WrongPlace
from organizations.views.own import Page

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest

PAGE = 100


class AdminPage(Page):
    """For administrators; for everybody else it is not there."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not administers_anything(self.person, clock.now()):
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]


class Units(AdminPage):
    """The tree of units."""

    def get(self, request: HttpRequest) -> HttpResponse:
        units = (
            Unit.objects.filter(in_force_on(clock.today())).order_by("path").annotate(name_today=Unit.current_name())
        )
        if words := request.GET.get("q", "").strip():
            units = units.filter(names__name__icontains=words).distinct()
        page = Paginator(units, PAGE).get_page(request.GET.get("page"))
        return render(request, "organizations/units.html", {"page": page, "q": words})


class UnitView(AdminPage):
    """A page or act of one unit that the person administers."""

    @cached_property
    def unit(self) -> Unit:
        unit = get_object_or_404(Unit, pk=self.kwargs["pk"])
        if not is_admin_of(self.person, unit, clock.now()):
            raise Http404
        return unit

    def all_forms(self) -> dict[str, forms.Form]:
        people = User.objects.filter(is_active=True).order_by("name_key", "id")
        posts = Post.objects.filter(unit=self.unit, is_closed=False).order_by("order", "id")
        return {
            "unit_form": UnitForm(initial={"tier": self.unit.tier}),
            "rename_form": RenameForm(initial={"name": self.unit.name}),
            "post_form": PostForm(),
            "appoint_form": AppointForm(posts=posts, people=people),
        }

    def show(self, refused: dict[str, forms.Form] | None = None) -> HttpResponse:
        today = clock.today()
        held = Appointment.objects.filter(in_force_on(today), post__in=Post.objects.filter(unit_office(self.unit)))
        context = {
            "unit": self.unit,
            "names": self.unit.names.order_by("-valid_from", "-id"),
            "children": self.unit.get_children().annotate(name_today=Unit.current_name()).order_by("path"),
            "posts": Post.objects.filter(unit_office(self.unit))
            .select_related("unit")
            .order_by("unit__path", "order", "id"),
            "appointments": held.select_related("user", "post__unit").order_by("post__unit__path", "post__order", "id"),
            **self.all_forms(),
            **(refused or {}),
        }
        return render(self.request, "organizations/unit.html", context, status=422 if refused else 200)

    def done(self, words: str) -> HttpResponse:
        messages.success(self.request, words)
        return HttpResponseRedirect(reverse("organizations:unit", args=[self.unit.pk]))


class UnitPage(UnitView):
    """One unit: names, what stands below, posts and who holds them."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show()


class AddUnit(UnitView):
    """A unit below this one."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = UnitForm(request.POST)
        if not form.is_valid():
            return self.show({"unit_form": form})
        try:
            services.create_unit(parent=self.unit, actor=self.actor, **form.cleaned_data)
        except WrongPlace as refusal:
            form.add_error("kind", str(refusal))
            return self.show({"unit_form": form})
        return self.done(_("The unit is set up."))


class Rename(UnitView):
    """A new name from a day on; papers keep the old one."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = RenameForm(request.POST)
        if not form.is_valid():
            return self.show({"rename_form": form})
        services.rename_unit(unit=self.unit, actor=self.actor, **form.cleaned_data)
        return self.done(_("The new name is kept with its date."))


class AddPost(UnitView):
    """A seat in the unit."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = PostForm(request.POST)
        if form.is_valid() and Post.objects.filter(unit=self.unit, title=form.cleaned_data["title"].strip()).exists():
            form.add_error("title", _("The unit has a post with this title."))
        if not form.is_valid():
            return self.show({"post_form": form})
        services.create_post(unit=self.unit, actor=self.actor, **form.cleaned_data)
        return self.done(_("The post is set up."))


class Appoint(UnitView):
    """Somebody gets a post."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        people = User.objects.filter(is_active=True)
        form = AppointForm(request.POST, posts=Post.objects.filter(unit=self.unit), people=people)
        if form.is_valid() and self.is_held(form.cleaned_data):
            form.add_error("user", _("This person holds this post already."))
        if not form.is_valid():
            return self.show({"appoint_form": form})
        services.appoint(actor=self.actor, **form.cleaned_data)
        return self.done(_("Appointed; what waits for the post is in the inbox."))

    def is_held(self, facts: dict[str, Any]) -> bool:
        return Appointment.objects.filter(user=facts["user"], post=facts["post"], valid_to__isnull=True).exists()


class EndAppointment(AdminPage):
    """Somebody leaves a post today."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Appointment.objects.select_related("post__unit", "user"), pk=pk)
        if not is_admin_of(self.person, row.post.unit, clock.now()):
            raise Http404
        services.end_appointment(appointment=row, valid_to=clock.today(), actor=self.actor)
        return HttpResponseRedirect(reverse("organizations:unit", args=[row.post.unit_id]))


class People(AdminPage):
    """Accounts, by own name."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(PersonForm())

    def show(self, form: PersonForm, status: int = 200) -> HttpResponse:
        people = User.objects.order_by("name_key", "id")
        if words := self.request.GET.get("q", "").strip():
            people = people.filter(full_name__icontains=words)
        page = Paginator(people, PAGE).get_page(self.request.GET.get("page"))
        return render(
            self.request, "organizations/people.html", {"page": page, "form": form, "q": words}, status=status
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PersonForm(request.POST)
        if not form.is_valid():
            return self.show(form, 422)
        try:
            user = services.create_user(actor=self.actor, **form.cleaned_data)
        except ValidationError as weak:
            form.add_error("password", weak)
            return self.show(form, 422)
        messages.success(request, _("The account is open. Appoint the person to a post on the page of a unit."))
        return HttpResponseRedirect(reverse("organizations:person", args=[user.pk]))


class PersonPage(AdminPage):
    """One account: posts, a new password, closing."""

    @cached_property
    def subject(self) -> User:
        return get_object_or_404(User, pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(PasswordForm())

    def show(self, form: PasswordForm, status: int = 200) -> HttpResponse:
        rows = Appointment.objects.filter(user=self.subject).select_related("post__unit").order_by("-valid_from", "-id")
        context = {"subject": self.subject, "appointments": rows, "form": form, "may_change": self.may_change()}
        return render(self.request, "organizations/person.html", context, status=status)

    def may_change(self) -> bool:
        """Whoever administers a unit in which the person sits; a system administrator everybody."""
        now = clock.now()
        units = Unit.objects.filter(posts__appointments__user=self.subject).distinct()
        return is_admin_of(self.person, None, now) or any(is_admin_of(self.person, unit, now) for unit in units)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.may_change():
            raise Http404
        form = PasswordForm(request.POST)
        if not form.is_valid():
            return self.show(form, 422)
        try:
            services.set_password(user=self.subject, password=form.cleaned_data["password"], actor=self.actor)
        except ValidationError as weak:
            form.add_error("password", weak)
            return self.show(form, 422)
        messages.success(request, _("The new password counts from now on; open sessions have ended."))
        return HttpResponseRedirect(reverse("organizations:person", args=[pk]))


class CloseAccount(PersonPage):
    """Close an account: it holds nothing from now on."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.may_change() or self.subject == self.person:
            raise Http404
        services.close_account(user=self.subject, actor=self.actor)
        messages.success(request, _("The account is closed and its sessions have ended."))
        return HttpResponseRedirect(reverse("organizations:person", args=[pk]))
