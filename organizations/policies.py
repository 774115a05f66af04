"""
Who holds what now, and who may do what to the organisation.

Nothing else decides: pages, counts, search and jobs all ask `reader_tokens` and `holder_keys`, so an appointment, a lapsed
delegation or a closed account counts everywhere at the next request.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext as _

from core import clock, ids
from organizations.models import Appointment, Delegation, Post, Role, Unit, User

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from audit.models import Actor

OFFICE = frozenset({Role.CLERK, Role.OFFICE_CHIEF, Role.LEADER})
ACTS_FOR_UNIT = OFFICE | {Role.DEPT_HEAD}
CLEARANCE = {Role.LEADER: 2, Role.CLERK: 1, Role.OFFICE_CHIEF: 1, Role.DEPT_HEAD: 1}
# Posts of a department are work posts: without a head, whoever sits there acts for it (small-unit rule, domain.md 13).
WORKS = ACTS_FOR_UNIT | {Role.SPECIALIST, Role.ASSISTANT, Role.SECRETARY}


class NotAllowed(PermissionDenied):
    """The act is somebody else's."""


def require(act: str, allowed: bool, message: str = "") -> None:
    """
    Stop an act that its actor may not do.

    :raises NotAllowed: with a sentence for the person
    """
    if not allowed:
        raise NotAllowed(message or _("This is not among the tasks of your post."), act)


@dataclass(frozen=True, slots=True)
class Seat:
    """A post that a person holds or acts for: as themselves (`principal` None) or as somebody's deputy."""

    post_id: int
    roles: frozenset[str]
    unit_id: int
    organ_id: int
    principal: int | None = None


@dataclass(slots=True)
class Holdings:
    """Everything a person holds at a moment; `posts` are those held in their own right."""

    user_id: int
    principals: list[int] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)


def holdings(user: User, at: datetime) -> Holdings:
    """
    The posts a person holds at a moment, own and as deputy in force; one query, kept on `user` for the same minute.

    A deputy holds what the principal holds at that moment and never what the principal holds as a deputy (no chains).
    """
    minute = at.replace(second=0, microsecond=0)
    kept: tuple[datetime, Holdings] | None = user.__dict__.get("_holdings")
    if kept is None or kept[0] != minute:
        kept = (minute, _read_holdings(user, at))
        user.__dict__["_holdings"] = kept
    return kept[1]


def forget_holdings(user: User) -> None:
    """Ask again next time: for acts that change what `user` holds within one request."""
    user.__dict__.pop("_holdings", None)


def _read_holdings(user: User, at: datetime) -> Holdings:
    found = Holdings(user.pk)
    if not user.is_active or user.pk is None:
        return found
    in_force = Delegation.objects.filter(deputy=user, valid_from__lte=at, valid_to__gt=at, revoked_at__isnull=True)
    people = Q(user=user) | Q(user__in=in_force.values("principal"), user__is_active=True)
    held = Appointment.objects.filter(in_force_on(clock.office_date(at)), people, post__is_closed=False)
    rows = held.select_related("post__unit").annotate(name_today=Unit.current_name("post__unit"))
    for row in rows.order_by("-is_primary", "post__order", "post_id"):
        row.post.unit.name_today = row.name_today  # type: ignore[attr-defined]
        principal = None if row.user_id == user.pk else row.user_id
        found.seats.append(_seat(row.post, principal))
        if principal is None:
            found.posts.append(row.post)
    found.principals = sorted({seat.principal for seat in found.seats if seat.principal is not None})
    return found


def _seat(post: Post, principal: int | None) -> Seat:
    return Seat(
        post_id=post.pk, roles=frozenset(post.roles), unit_id=post.unit_id,
        organ_id=post.unit.organ_unit_id or post.unit_id, principal=principal,
    )  # fmt: skip


def in_force_on(day: date) -> Q:
    """Dated rows that count on a day: from inclusive, until exclusive."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def reader_tokens(user: User, at: datetime) -> frozenset[str]:
    """What a person may read by, at a moment: people, posts, staff and office circles (docs/architecture.md)."""
    held = holdings(user, at)
    if not user.is_active:
        return frozenset()
    tokens = {ids.user_key(user.pk), *map(ids.user_key, held.principals)}
    for seat in held.seats:
        tokens |= _tokens_of(seat)
    return frozenset(tokens)


def _tokens_of(seat: Seat) -> set[str]:
    if seat.roles <= {Role.UNIT_ADMIN, Role.SYS_ADMIN}:
        return set()  # administrators read no content by that office alone
    tokens = {ids.post_key(seat.post_id), ids.unit_token(seat.unit_id, 0), ids.unit_token(seat.organ_id, 0)}
    cleared = max((CLEARANCE.get(Role(role), 0) for role in seat.roles), default=0)
    if seat.roles & OFFICE:
        tokens |= {ids.office_token(seat.organ_id, level) for level in range(cleared + 1)}
    if Role.DEPT_HEAD in seat.roles:
        tokens |= {ids.office_token(seat.unit_id, level) for level in range(cleared + 1)}
    if Role.SECURITY_OFFICER in seat.roles:
        tokens.add(ids.security_token(seat.organ_id))
    return tokens


def holder_keys(user: User, at: datetime) -> dict[str, int | None]:
    """
    The keys under which work waits for a person, each with whom they act for (None: themselves).

    Work of a unit is done by those who may act for it: its office, a department's head, and where a department has no head,
    whoever works there.
    """
    held = holdings(user, at)
    keys: dict[str, int | None] = {}
    for principal in held.principals:
        keys[ids.user_key(principal)] = principal
    for seat in sorted(held.seats, key=lambda seat: seat.principal is None):
        keys[ids.post_key(seat.post_id)] = seat.principal
        if seat.roles & WORKS:
            keys[ids.unit_key(seat.unit_id)] = seat.principal
        if seat.roles & OFFICE:
            keys[ids.unit_key(seat.organ_id)] = seat.principal
    if user.is_active:
        keys[ids.user_key(user.pk)] = None
    return keys


def has_role(user: User, roles: str | Collection[str], unit: Unit, at: datetime) -> bool:
    """
    Whether a person holds, or acts for a holder of, one of the roles in the unit or in one of its departments.

    The office of an organ counts for the organ's departments too.
    """
    wanted = {roles} if isinstance(roles, str) else set(roles)
    organ = unit.organ_unit_id or unit.pk
    return any(
        seat.roles & wanted
        and (
            unit.pk in {seat.unit_id, seat.organ_id} or (seat.organ_id == organ and bool(seat.roles & OFFICE & wanted))
        )
        for seat in holdings(user, at).seats
    )


def can_register(user: User, unit: Unit, at: datetime) -> bool:
    """Clerks register; the chief of office substitutes; where neither post exists, a leader does (domain.md 13)."""
    if has_role(user, (Role.CLERK, Role.OFFICE_CHIEF), unit, at):
        return True
    is_small = not Post.objects.filter(unit_office(unit), roles__contains=[Role.CLERK], is_closed=False).exists()
    return is_small and has_role(user, Role.LEADER, unit, at)


def unit_office(unit: Unit) -> Q:
    """Posts of an organ and of its own departments, not of the organs below it."""
    return Q(unit=unit) | Q(unit__organ_unit=unit)


def can_administer(user: User, unit: Unit | None, at: datetime) -> bool:
    """System administrators everywhere, unit administrators in their unit and below; neither reads contents by it."""
    seats = [seat for seat in holdings(user, at).seats if seat.principal is None]
    if any(Role.SYS_ADMIN in seat.roles for seat in seats):
        return True
    own = [seat.organ_id for seat in seats if Role.UNIT_ADMIN in seat.roles]
    if unit is None or not own:
        return False
    return any(unit.path.startswith(top.path) for top in Unit.objects.filter(pk__in=own))


def administers_anything(user: User, at: datetime) -> bool:
    """Whether the administration pages are for this person at all."""
    admin = {Role.SYS_ADMIN, Role.UNIT_ADMIN}
    return any(seat.roles & admin and seat.principal is None for seat in holdings(user, at).seats)


def require_clerk(actor: Actor, unit: Unit) -> User:
    """
    Registering, receiving, refusing and issuing are the clerk's of the unit.

    :raises NotAllowed: for anybody else
    """
    person = User.objects.get(pk=actor.user_id)
    allowed = can_register(person, unit, clock.now())
    require("organizations.unit.clerk", allowed, _("Only the registry clerk of this unit may do this."))
    return person
