"""What a person sets for themselves: the post they work in, who acts for them, their language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View

from core import clock
from organizations import services
from organizations.forms import DelegateForm, LanguageForm
from organizations.middleware import POST_IN_SESSION
from organizations.models import Delegation, User
from organizations.services.people import LateDelegation

if TYPE_CHECKING:
    from django.http import HttpRequest

    from audit.models import Actor


class Page(LoginRequiredMixin, View):
    """A page of a signed-in person."""

    person: User
    actor: Actor

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.person = request.user  # type: ignore[assignment]
        self.actor = getattr(request, "actor", None)  # type: ignore[assignment]


class SwitchPost(Page):
    """Work in another of one's posts from now on."""

    def post(self, request: HttpRequest) -> HttpResponse:
        number = request.POST.get("post", "")
        post = services.switch_post(self.person, int(number), clock.now()) if number.isdecimal() else None
        if post is not None:
            request.session[POST_IN_SESSION] = post.pk
        target = request.POST.get("next", "")
        allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
        return HttpResponseRedirect(target if allowed else reverse("desk:inbox"))


class Delegations(Page):
    """Who acts for me, and for whom I act."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(self.form())

    def form(self, data: Any = None) -> DelegateForm:
        people = User.objects.filter(is_active=True).exclude(pk=self.person.pk).order_by("name_key", "id")
        return DelegateForm(data, people=people)

    def show(self, form: DelegateForm, status: int = 200) -> HttpResponse:
        given = Delegation.objects.filter(principal=self.person).select_related("deputy").order_by("-valid_from", "-id")
        held = Delegation.objects.filter(deputy=self.person).select_related("principal").order_by("-valid_from", "-id")
        context = {"form": form, "given": given[:50], "held": held[:50], "now": clock.now()}
        return render(self.request, "organizations/delegations.html", context, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, 422)
        try:
            services.delegate(principal=self.person, actor=self.actor, **form.cleaned_data)
        except LateDelegation as refusal:
            form.add_error("valid_to", str(refusal))
            return self.show(form, 422)
        messages.success(request, _("Your deputy finds your work from the beginning of this time on."))
        return HttpResponseRedirect(reverse("organizations:delegations"))


class Revoke(Page):
    """End a delegation that one gave."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        delegation = get_object_or_404(Delegation, pk=pk, principal=self.person)
        services.revoke_delegation(delegation=delegation, at=clock.now(), actor=self.actor)
        return HttpResponseRedirect(reverse("organizations:delegations"))


class Profile(Page):
    """One's posts and language."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = LanguageForm(initial={"language": self.person.language})
        return render(request, "organizations/profile.html", {"form": form})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LanguageForm(request.POST)
        if form.is_valid():
            services.change_language(user=self.person, language=form.cleaned_data["language"], actor=self.actor)
        return HttpResponseRedirect(reverse("organizations:profile"))
