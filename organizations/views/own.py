"""What everybody does about themselves: choose the post to work in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core import clock
from organizations.middleware import POST_IN_SESSION
from organizations.services import switch_post

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_required
@require_POST
def switch(request: HttpRequest) -> HttpResponseRedirect:
    """Work in another of one's posts from now on; the choice lives in the session."""
    number = request.POST.get("post", "")
    post = switch_post(request.user, int(number), clock.now()) if number.isdecimal() else None  # type: ignore[arg-type]
    if post is None:
        raise Http404
    request.session[POST_IN_SESSION] = post.pk
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(wanted if is_ours else reverse("desk:inbox"))
