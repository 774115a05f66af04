"""How people come to their accounts: an administrator opens them, nobody signs up; who comes and goes is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_changed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction

from audit.services import record
from core.vietnamese import clean
from organizations.models import User
from organizations.services import actor_for, system_actor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]
    """No signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def remember_accounts() -> None:
    """Connect the acts of signing in and out and of changing one's password with the audit chain."""
    user_logged_in.connect(_signed_in, dispatch_uid="organizations.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="organizations.signed_out")
    user_login_failed.connect(_refused, dispatch_uid="organizations.refused")
    password_changed.connect(_password_changed, dispatch_uid="organizations.password_changed")


@transaction.atomic
def _remember(act: str, user: User) -> None:
    record(f"organizations.user.{act}", target=user, actor=actor_for(user))


def _signed_in(user: User, **_kwargs: Any) -> None:
    _remember("signed_in", user)


def _signed_out(user: User | None, **_kwargs: Any) -> None:
    if user is not None:
        _remember("signed_out", user)


def _password_changed(user: User, **_kwargs: Any) -> None:
    _remember("password_changed", user)


@transaction.atomic
def _refused(credentials: Mapping[str, Any], **_kwargs: Any) -> None:
    """Of an account that exists; what a stranger types into the name's box may be a password."""
    user = User.objects.filter(username=clean(str(credentials.get("username", "")))).first()
    if user is not None:
        record("organizations.user.sign_in_refused", target=user, actor=system_actor("sign-in"))
