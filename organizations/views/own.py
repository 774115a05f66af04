"""What a person sets for themselves: the post they work in, who acts for them, their language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core import clock
from organizations import services
from organizations.forms import DelegateForm, LanguageForm
from organizations.middleware import POST_IN_SESSION
from organizations.models import Delegation
from organizations.selectors import colleagues
from organizations.views.base import Page, accept

if TYPE_CHECKING:
    from django.http import HttpRequest

MOST_SHOWN = 50


class SwitchPost(Page):
    """Work in another of one's posts from now on; one that is not held does not exist."""

    def post(self, request: HttpRequest) -> HttpResponse:
        number = request.POST.get("post", "")
        post = services.switch_post(self.person, int(number), clock.now()) if number.isdecimal() else None
        if post is None:
            raise Http404
        request.session[POST_IN_SESSION] = post.pk
        target = request.POST.get("next", "")
        allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
        return HttpResponseRedirect(target if allowed else reverse("desk:inbox"))


class Delegations(Page):
    """Who acts for me, and for whom I act."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(self.form())

    def form(self, data: Any = None) -> DelegateForm:
        return DelegateForm(data, people=colleagues(self.person, clock.now()))

    def show(self, form: DelegateForm, status: int = 200) -> HttpResponse:
        given = Delegation.objects.filter(principal=self.person).select_related("deputy").order_by("-valid_from", "-id")
        held = Delegation.objects.filter(deputy=self.person).select_related("principal").order_by("-valid_from", "-id")
        context = {"form": form, "given": given[:MOST_SHOWN], "held": held[:MOST_SHOWN], "now": clock.now()}
        return render(self.request, "organizations/delegations.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not accept(form, services.delegate, principal=self.person, actor=self.actor):
            return self.show(form, 422)
        messages.success(request, _("Your deputy finds your work from the beginning of this time on."))
        return HttpResponseRedirect(reverse("organizations:delegations"))


class Revoke(Page):
    """End a delegation that one gave."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Delegation.objects.select_related("principal", "deputy")
        delegation = get_object_or_404(rows, pk=pk, principal=self.person)
        try:
            services.revoke_delegation(delegation=delegation, at=clock.now(), actor=self.actor)
        except services.Refused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("organizations:delegations"))


class Profile(Page):
    """One's posts and language."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(LanguageForm(initial={"language": self.person.language}))

    def show(self, form: LanguageForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "posts": getattr(self.request, "posts", [])}
        return render(self.request, "organizations/profile.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LanguageForm(request.POST)
        if not accept(form, services.change_language, user=self.person, actor=self.actor):
            return self.show(form, 422)
        return HttpResponseRedirect(reverse("organizations:profile"))
