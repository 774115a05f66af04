"""For whom an entry of the menu is: nobody is led to a page that refuses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import clock
from organizations.policies import administers_anything, guards_secrets, registers_beside, sits_in_an_office

if TYPE_CHECKING:
    from django.http import HttpRequest


def of_administrators(request: HttpRequest) -> bool:
    """The pages of units, posts and people."""
    return request.user.is_authenticated and administers_anything(request.user, clock.now())


def of_registrars(request: HttpRequest) -> bool:
    """Taking papers in, in the post that the person works in now."""
    post = getattr(getattr(request, "actor", None), "post_id", None)
    return request.user.is_authenticated and registers_beside(request.user, post, clock.now())


def of_an_office(request: HttpRequest) -> bool:
    """Books, arrivals, tracking."""
    return request.user.is_authenticated and sits_in_an_office(request.user, clock.now())


def of_security_officers(request: HttpRequest) -> bool:
    """What was locked away."""
    return request.user.is_authenticated and guards_secrets(request.user, clock.now())
