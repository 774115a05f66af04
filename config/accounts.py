"""
Signing in and out, one's own password; of the sign-in library's pages, those that this office uses.

Accounts are opened by administrators, and the office sends no mail yet: what needs either is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from allauth.account import views
from django.http import Http404
from django.urls import path

if TYPE_CHECKING:
    from django.http import HttpRequest


def not_here(request: HttpRequest) -> NoReturn:
    """The library links to these by name; they answer as any unknown address."""
    raise Http404


urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("signup/", not_here, name="account_signup"),
    path("email/", not_here, name="account_email"),
    path("password/set/", not_here, name="account_set_password"),
    path("password/reset/", not_here, name="account_reset_password"),
]
