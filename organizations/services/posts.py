"""Posts and who holds them, from day to day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from core.vietnamese import clean
from organizations.models import Appointment, Post
from organizations.policies import forget_holdings, require_admin
from organizations.services.refused import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from audit.models import Actor
    from organizations.models import Unit, User


class TitleTaken(Refused):
    """A unit has one post of a title."""

    field = "title"

    def __init__(self) -> None:
        super().__init__(_("The unit has a post with this title: choose another title."))


class PostHeld(Refused):
    """A post is closed when nobody holds it."""

    def __init__(self) -> None:
        super().__init__(_("Somebody holds this post: end the appointment first."))


class WrongAppointment(Refused):
    """This person cannot hold this post in these days."""


@transaction.atomic
def create_post(*, unit: Unit, title: str, roles: Sequence[str], actor: Actor, order: int = 100) -> Post:
    """
    Set up a seat in a unit.

    :raises TitleTaken: if the unit has one of this title
    """
    require_admin(actor, unit, roles)
    title = _free_title(unit.pk, title)
    post = Post.objects.create(unit=unit, title=title, roles=list(roles), order=order)
    record("organizations.post.created", target=post, actor=actor, data={"title": title, "roles": list(roles)})
    return post


@transaction.atomic
def change_post(*, post: Post, title: str, roles: Sequence[str], order: int, actor: Actor) -> None:
    """
    Give a post another title or other roles; its holders have them from the next request on.

    :raises TitleTaken: if the unit has another post of this title
    """
    require_admin(actor, post.unit, {*post.roles, *roles})
    title = _free_title(post.unit_id, title, except_for=post)
    Post.objects.filter(pk=post.pk).update(title=title, roles=list(roles), order=order)
    record("organizations.post.changed", target=post, actor=actor, data={"title": title, "roles": list(roles)})


def _free_title(unit_id: int, title: str, except_for: Post | None = None) -> str:
    title = clean(title).strip()
    if Post.objects.filter(unit=unit_id, title=title).exclude(pk=except_for.pk if except_for else 0).exists():
        raise TitleTaken
    return title


_guards: list[Callable[[Post], None]] = []


def guard_close(guard: Callable[[Post], None]) -> Callable[[Post], None]:
    """Let a room above forbid that a post is closed, by raising a `Refused`."""
    _guards.append(guard)
    return guard


@transaction.atomic
def close_post(*, post: Post, on: date, actor: Actor) -> None:
    """
    Take a seat away; its past stays.

    :raises PostHeld: while somebody holds it on that day or later
    :raises Refused: while work waits for it, or comes back to it (`guard_close`)
    """
    require_admin(actor, post.unit, post.roles)
    held = Appointment.objects.filter(post=post)
    if held.filter(valid_to__isnull=True).exists() or held.filter(valid_to__gt=on).exists():
        raise PostHeld
    for guard in _guards:
        guard(post)
    Post.objects.filter(pk=post.pk).update(is_closed=True)
    record("organizations.post.closed", target=post, actor=actor)


@transaction.atomic
def appoint(
    *, user: User, post: Post, valid_from: date, actor: Actor, is_primary: bool = True, is_acting: bool = False
) -> Appointment:
    """
    Give a person a post from a day on; what waits for the post is in their inbox at once.

    :raises WrongAppointment: to a closed account or post, or to who holds the post on that day or later
    """
    require_admin(actor, post.unit, post.roles)
    if not user.is_active:
        raise WrongAppointment(_("This account is closed: choose another person."))
    if post.is_closed:
        raise WrongAppointment(_("This post is closed: choose another one."))
    held = Appointment.objects.filter(user=user, post=post)
    if held.filter(valid_to__isnull=True).exists() or held.filter(valid_to__gt=valid_from).exists():
        raise WrongAppointment(_("This person holds this post already."))
    row = Appointment.objects.create(
        user=user, post=post, valid_from=valid_from, is_primary=is_primary, is_acting=is_acting
    )
    forget_holdings(user)
    record("organizations.post.filled", target=post, actor=actor, data={"user": user.pk, "from": valid_from})
    return row


@transaction.atomic
def end_appointment(*, appointment: Appointment, valid_to: date, actor: Actor) -> None:
    """
    End an appointment on a day (exclusive); what waits stays with the post.

    :raises WrongAppointment: if it begins later or has ended before
    """
    post = appointment.post
    require_admin(actor, post.unit, post.roles)
    if valid_to < appointment.valid_from:
        raise WrongAppointment(_("The appointment begins later: choose a later day."))
    if not Appointment.objects.filter(pk=appointment.pk, valid_to__isnull=True).update(valid_to=valid_to):
        raise WrongAppointment(_("This appointment has ended before. Nothing was changed."))
    forget_holdings(appointment.user)
    data = {"user": appointment.user_id, "until": valid_to}
    record("organizations.post.vacated", target=post, actor=actor, data=data)
