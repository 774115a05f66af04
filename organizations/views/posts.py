"""The page of one post: its roles, who holds and held it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core import clock
from organizations import services
from organizations.forms import EndForm, PostForm
from organizations.models import Appointment, Post
from organizations.policies import grantable_roles, is_admin_of
from organizations.views.base import AdminPage, accept

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpRequest


class PostView(AdminPage):
    """A page or act of one post in a unit that the person administers."""

    @cached_property
    def seat(self) -> Post:
        seat = get_object_or_404(Post.objects.select_related("unit__organ_unit"), pk=self.kwargs["pk"])
        if not is_admin_of(self.person, seat.unit, clock.now()):
            raise Http404
        return seat

    def change_form(self, data: Any = None) -> PostForm:
        seat = self.seat
        initial = {"title": seat.title, "order": seat.order, "roles": seat.roles}
        return PostForm(data, initial=initial, grantable=grantable_roles(self.person, clock.now()))

    def show(self, change: Form | None = None, end: Form | None = None, ending: int | None = None) -> HttpResponse:
        rows = Appointment.objects.filter(post=self.seat).select_related("user").order_by("-valid_from", "-id")
        refused = change or end
        context = {
            "seat": self.seat,
            "form": change or self.change_form(),
            "appointments": [(row, self.end_form(row, end if row.pk == ending else None)) for row in rows],
        }
        return render(self.request, "organizations/post.html", context, status=422 if refused else 200)

    def end_form(self, row: Appointment, refused: Form | None) -> Form | None:
        if row.valid_to is not None:
            return None
        return refused or EndForm(prefix=f"end-{row.pk}")

    def back(self, words: str) -> HttpResponse:
        messages.success(self.request, words)
        return HttpResponseRedirect(reverse("organizations:post", args=[self.seat.pk]))


class PostPage(PostView):
    """One post; posting changes it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = self.change_form(request.POST)
        if accept(form, services.change_post, post=self.seat, actor=self.actor):
            return self.back(_("The post is changed; its holders have the new roles."))
        return self.show(change=form)


class ClosePost(PostView):
    """Take the seat away."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            services.close_post(post=self.seat, on=clock.today(), actor=self.actor)
        except services.Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("organizations:post", args=[pk]))
        return self.back(_("The post is closed."))


class EndAppointment(PostView):
    """Somebody leaves the post on a day; what waits stays with the post."""

    def post(self, request: HttpRequest, pk: int, appointment: int) -> HttpResponse:
        row = get_object_or_404(
            Appointment.objects.select_related("post__unit", "user"), pk=appointment, post=self.seat
        )
        form = EndForm(request.POST, prefix=f"end-{row.pk}")
        if accept(form, services.end_appointment, appointment=row, actor=self.actor):
            return self.back(_("The appointment ends on that day; what waits stays with the post."))
        return self.show(end=form, ending=row.pk)
