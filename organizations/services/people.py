"""People, their posts and who acts for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from core import clock
from core.vietnamese import clean
from organizations.models import Appointment, Delegation, Post, User
from organizations.policies import forget_holdings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from audit.models import Actor
    from organizations.models import Unit


class LateDelegation(Exception):
    """A delegation that is over before it begins."""


@transaction.atomic
def create_user(
    *, username: str, full_name: str, password: str | None, actor: Actor, email: str = "", language: str = "vi"
) -> User:
    """
    Open an account.

    :raises ValidationError: if the password is too weak
    """
    if password is not None:
        validate_password(password)
    user = User.objects.create_user(
        clean(username).strip(), password, full_name=clean(full_name).strip(), email=email, language=language
    )
    record("organizations.user.created", target=user, actor=actor, data={"username": user.username})
    return user


@transaction.atomic
def set_password(*, user: User, password: str, actor: Actor) -> None:
    """Give an account a new password; its open sessions end."""
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    record("organizations.user.password_set", target=user, actor=actor)


@transaction.atomic
def close_account(*, user: User, actor: Actor) -> None:
    """Close an account: it holds nothing from now on and its sessions end at once. Rows are never deleted."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    _end_sessions(user)
    forget_holdings(user)
    record("organizations.user.closed", target=user, actor=actor)


def _end_sessions(user: User) -> None:
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


@transaction.atomic
def change_language(*, user: User, language: str, actor: Actor) -> None:
    """Remember the language of a person's pages."""
    User.objects.filter(pk=user.pk).update(language=language)
    record("organizations.user.language_changed", target=user, actor=actor, data={"language": language})


@transaction.atomic
def create_post(*, unit: Unit, title: str, roles: Sequence[str], actor: Actor, order: int = 100) -> Post:
    """Set up a seat in a unit."""
    post = Post.objects.create(unit=unit, title=clean(title).strip(), roles=list(roles), order=order)
    record("organizations.post.created", target=post, actor=actor, data={"title": title, "roles": list(roles)})
    return post


@transaction.atomic
def appoint(
    *, user: User, post: Post, valid_from: date, actor: Actor, is_primary: bool = True, is_acting: bool = False
) -> Appointment:
    """Give a person a post from a day on; what waits for the post is in their inbox at once."""
    row = Appointment.objects.create(
        user=user, post=post, valid_from=valid_from, is_primary=is_primary, is_acting=is_acting
    )
    forget_holdings(user)
    record("organizations.post.filled", target=post, actor=actor, data={"user": user.pk, "from": str(valid_from)})
    return row


@transaction.atomic
def end_appointment(*, appointment: Appointment, valid_to: date, actor: Actor) -> None:
    """End an appointment on a day (exclusive); what waits stays with the post."""
    Appointment.objects.filter(pk=appointment.pk).update(valid_to=valid_to)
    forget_holdings(appointment.user)
    data = {"user": appointment.user_id, "until": str(valid_to)}
    record("organizations.post.vacated", target=appointment.post, actor=actor, data=data)


@transaction.atomic
def delegate(
    *, principal: User, deputy: User, valid_from: datetime, valid_to: datetime, actor: Actor, reason: str = ""
) -> Delegation:
    """
    Let `deputy` act for `principal` in a window of time: routing and reading, never signing.

    :raises LateDelegation: if the window ends before it begins or is already over
    """
    if valid_to <= max(valid_from, clock.now()):
        raise LateDelegation(_("The end must lie after the beginning and in the future."))
    row = Delegation.objects.create(
        principal=principal, deputy=deputy, valid_from=valid_from, valid_to=valid_to, reason=clean(reason)
    )
    forget_holdings(deputy)
    data = {"deputy": deputy.pk, "from": valid_from.isoformat(), "until": valid_to.isoformat()}
    record("organizations.delegation.given", target=principal, actor=actor, data=data)
    return row


@transaction.atomic
def revoke_delegation(*, delegation: Delegation, at: datetime, actor: Actor) -> None:
    """End a delegation now."""
    Delegation.objects.filter(pk=delegation.pk, revoked_at__isnull=True).update(revoked_at=at)
    forget_holdings(delegation.deputy)
    data = {"deputy": delegation.deputy_id}
    record("organizations.delegation.revoked", target=delegation.principal, actor=actor, data=data)
