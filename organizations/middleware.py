"""Who the signed-in person is on this request: the post they work in, and their language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation

from core import clock
from organizations.selectors import posts_of
from organizations.services.actors import choose, describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

POST_IN_SESSION = "post_id"


class ActorMiddleware:
    """Sets `request.actor` and `request.posts`; runs after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        user = request.user
        posts = posts_of(user, clock.now())
        post = choose(posts, request.session.get(POST_IN_SESSION))
        request.posts = posts  # type: ignore[attr-defined]
        request.actor = describe(user, post)  # type: ignore[attr-defined]
        with translation.override(user.language):
            request.LANGUAGE_CODE = user.language
            return self.get_response(request)
