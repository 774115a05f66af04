"""
Who holds what now, and who may do what to the organisation.

Nothing else decides: pages, counts, search and jobs all ask `reader_tokens` and `holder_keys`, so an appointment, a lapsed
delegation or a closed account counts everywhere at the next request.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core import clock, ids
from organizations.held import Held, held_by
from organizations.models import Appointment, Delegation, Post, Role, Unit, User

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from audit.models import Actor

OFFICE = frozenset({Role.CLERK, Role.OFFICE_CHIEF, Role.LEADER})
REGISTRARS = frozenset({Role.CLERK, Role.OFFICE_CHIEF})
ADMINISTRATION = frozenset({Role.UNIT_ADMIN, Role.SYS_ADMIN})
CLEARANCE: dict[str, int] = {Role.LEADER: 2, Role.CLERK: 1, Role.OFFICE_CHIEF: 1, Role.DEPT_HEAD: 1}
# No page takes longer; what changes meanwhile counts at the next one.
REQUEST = timedelta(seconds=10)


class NotAllowed(PermissionDenied):
    """The act is somebody else's; `str()` is a sentence for the person, `act` the name of what was refused."""

    def __init__(self, message: str, act: str = "") -> None:
        super().__init__(message)
        self.act = act


def person_of(actor: Actor) -> User:
    """
    The account behind an actor.

    :raises User.DoesNotExist: for the system, which does nothing in a person's place
    """
    return User.objects.get(pk=actor.user_id or 0)


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
    organ_path: str
    is_in_department: bool
    department_has_head: bool
    organ_has_clerk: bool
    principal: int | None = None

    @property
    def is_administration(self) -> bool:
        """A post that serves the machine: it reads no content and is given no work (domain.md 13)."""
        return bool(self.roles) and self.roles <= ADMINISTRATION

    @property
    def registers(self) -> bool:
        """Clerks and the chief of office; where the organ has no clerk its leader (`can_register`, for one's own organ)."""
        return bool(self.roles & REGISTRARS) or (Role.LEADER in self.roles and not self.organ_has_clerk)


@dataclass(slots=True)
class Holdings:
    """Everything a person holds at a moment; `posts` are those held in their own right."""

    user_id: int
    principals: list[int] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)


def holdings(user: User, at: datetime) -> Holdings:
    """
    The posts a person holds at a moment, own and as deputy in force; one query, kept on `user` for the length of a request.

    A deputy holds what the principal holds at that moment and never what the principal holds as a deputy (no chains).
    """
    kept: tuple[datetime, Holdings] | None = user.__dict__.get("_holdings")
    if kept is None or not timedelta() <= at - kept[0] <= REQUEST:
        kept = (at, _read_holdings(user, at))
        user.__dict__["_holdings"] = kept
    return kept[1]


def forget_holdings(user: User) -> None:
    """Ask again next time: for acts that change what `user` holds within one request."""
    user.__dict__.pop("_holdings", None)


def _read_holdings(user: User, at: datetime) -> Holdings:
    found = Holdings(user.pk)
    if not user.is_active or user.pk is None:
        return found
    for row in held_by(user.pk, at):
        principal = None if row.user_id == user.pk else row.user_id
        found.seats.append(_seat(row, principal))
        if principal is None:
            found.posts.append(row.post)
        found.principals = row.principals
    if not found.seats:  # the list came with no row
        given = delegations_in_force(at).filter(deputy=user).order_by("principal")
        found.principals = list(given.values_list("principal", flat=True).distinct())
    return found


def _seat(row: Held, principal: int | None) -> Seat:
    unit = row.post.unit
    return Seat(
        post_id=row.post.pk, roles=frozenset(row.post.roles), unit_id=unit.pk, organ_id=unit.organ.pk,
        organ_path=unit.organ.path, is_in_department=unit.is_department, department_has_head=row.has_head,
        organ_has_clerk=row.has_clerk, principal=principal,
    )  # fmt: skip


def delegations_in_force(at: datetime) -> QuerySet[Delegation]:
    """Who acts for whom at a moment; a closed account can neither give nor hold."""
    return Delegation.objects.filter(
        Q(revoked_at__isnull=True) | Q(revoked_at__gt=at),
        valid_from__lte=at, valid_to__gt=at, principal__is_active=True, deputy__is_active=True,
    )  # fmt: skip


def given_to(person: User, at: datetime) -> QuerySet[Delegation]:
    """Delegations to a person that count now or will."""
    return Delegation.objects.filter(deputy=person, valid_to__gt=at).exclude(revoked_at__lte=at)


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
    if seat.is_administration:
        return set()
    tokens = {ids.post_key(seat.post_id), ids.unit_token(seat.unit_id, 0), ids.unit_token(seat.organ_id, 0)}
    levels = range(max((CLEARANCE.get(role, 0) for role in seat.roles), default=0) + 1)
    if seat.roles & OFFICE:
        tokens |= {ids.office_token(seat.organ_id, level) for level in levels}
    if Role.DEPT_HEAD in seat.roles and seat.is_in_department:
        tokens |= {ids.office_token(seat.unit_id, level) for level in levels}
    if Role.SECURITY_OFFICER in seat.roles:
        tokens.add(ids.security_token(seat.organ_id))
    return tokens


def holder_keys(user: User, at: datetime) -> dict[str, int | None]:
    """
    The keys under which work waits for a person, each with whom they act for (None: themselves).

    Work of an organ is its office's. Work of a department is its head's and, while nobody heads it, everybody's who sits there:
    work never waits for an empty chair (small-unit rule, domain.md 13).
    """
    held = holdings(user, at)
    keys: dict[str, int | None] = {ids.user_key(principal): principal for principal in held.principals}
    for seat in sorted(held.seats, key=lambda seat: seat.principal is None):  # one's own right wins
        keys |= dict.fromkeys(_keys_of(seat), seat.principal)
    if user.is_active:
        keys[ids.user_key(user.pk)] = None
    return keys


def _keys_of(seat: Seat) -> set[str]:
    if seat.is_administration:
        return set()
    keys = {ids.post_key(seat.post_id)}
    if seat.roles & OFFICE:
        keys.add(ids.unit_key(seat.organ_id))
    if seat.is_in_department and (Role.DEPT_HEAD in seat.roles or not seat.department_has_head):
        keys.add(ids.unit_key(seat.unit_id))
    return keys


def has_role(user: User, roles: str | Collection[str], unit: Unit, at: datetime) -> bool:
    """
    Whether a person holds, or acts for a holder of, one of the roles in the unit or in one of its departments.

    The office of an organ counts for the organ's departments too.
    """
    return bool(seats_with(user, roles, unit, at))


def seats_with(user: User, roles: str | Collection[str], unit: Unit, at: datetime) -> list[Seat]:
    """The seats by which a person has one of the roles in a unit (`has_role`)."""
    wanted = {roles} if isinstance(roles, str) else set(roles)
    organ = unit.organ_unit_id or unit.pk
    return [
        seat
        for seat in holdings(user, at).seats
        if seat.roles & wanted
        and (
            unit.pk in {seat.unit_id, seat.organ_id} or (seat.organ_id == organ and bool(seat.roles & OFFICE & wanted))
        )
    ]


def can_register(user: User, unit: Unit, at: datetime) -> bool:
    """Clerks register; the chief of office substitutes; where neither post exists, a leader does (domain.md 13)."""
    return bool(registrar_seats(user, unit, at))


def registrar_seats(user: User, unit: Unit, at: datetime) -> list[Seat]:
    """The seats by which a person registers for a unit (`can_register`)."""
    if seats := seats_with(user, REGISTRARS, unit, at):
        return seats
    is_small = not Post.objects.filter(unit_office(unit), roles__contains=[Role.CLERK], is_closed=False).exists()
    return seats_with(user, Role.LEADER, unit, at) if is_small else []


def in_capacity(actor: Actor, claims: Collection[int | None]) -> Actor:
    """
    The actor as the record names them: as themselves, or as a deputy where only somebody else's right allows the act.

    :param claims: by what they may do it: None for a right of their own, else the principal for whom they act
    """
    others = [principal for principal in claims if principal is not None]
    if len(others) < len(claims) or not others or actor.on_behalf_of_id is not None:
        return actor
    principal = User.objects.get(pk=others[0])
    return actor.for_principal(principal.pk, str(principal))


def registers_beside(user: User, post_id: int | None, at: datetime) -> bool:
    """Whether taking papers in is the person's task in the organ of a post of theirs; no query beside the holdings."""
    seats = holdings(user, at).seats
    organs = {seat.organ_id for seat in seats if seat.post_id == post_id}
    return any(seat.registers and seat.organ_id in organs for seat in seats)


def sits_in_an_office(user: User, at: datetime) -> bool:
    """Whether the person is a clerk, chief of office or leader anywhere: books, arrivals and tracking are theirs."""
    return any(seat.roles & OFFICE for seat in holdings(user, at).seats)


def guards_secrets(user: User, at: datetime) -> bool:
    """Whether the person is a security officer anywhere: what was locked away there is theirs (domain.md 7)."""
    return any(Role.SECURITY_OFFICER in seat.roles for seat in holdings(user, at).seats)


def unit_office(unit: Unit) -> Q:
    """Posts of an organ and of its own departments, not of the organs below it."""
    return Q(unit=unit) | Q(unit__organ_unit=unit)


def is_admin_of(user: User, unit: Unit | None, at: datetime) -> bool:
    """System administrators everywhere, unit administrators in their unit and below; no deputy. Neither reads contents by it."""
    if is_sys_admin(user, at):
        return True
    return unit is not None and any(unit.path.startswith(top) for top in administered_paths(user, at))


def is_sys_admin(user: User, at: datetime) -> bool:
    """Whether the whole installation is this person's to administer."""
    return any(Role.SYS_ADMIN in seat.roles for seat in _own_seats(user, at))


def administered_paths(user: User, at: datetime) -> list[str]:
    """The tree paths of the units that a person administers; the empty path, below which all units lie, for the system's."""
    if is_sys_admin(user, at):
        return [""]
    return sorted({seat.organ_path for seat in _own_seats(user, at) if Role.UNIT_ADMIN in seat.roles})


def _own_seats(user: User, at: datetime) -> list[Seat]:
    return [seat for seat in holdings(user, at).seats if seat.principal is None]


def administers_anything(user: User, at: datetime) -> bool:
    """Whether the administration pages are for this person at all."""
    return bool(administered_paths(user, at))


def is_admin_of_person(user: User, person: User, at: datetime) -> bool:
    """
    Whoever administers every unit in which a person ever sat may give them a password or close their account.

    Not merely one of the units: the password would open what the person holds elsewhere, as somebody's deputy too. Nor by way
    of a unit the account of a system administrator.
    """
    if is_sys_admin(user, at):
        return True
    held = Q(user=person) | Q(user__in=given_to(person, at).values("principal"))
    rows = list(Appointment.objects.filter(held).select_related("post__unit"))
    paths = administered_paths(user, at)
    return bool(paths) and all(
        Role.SYS_ADMIN not in row.post.roles and any(row.post.unit.path.startswith(top) for top in paths)
        for row in rows
    )


def grantable_roles(user: User, at: datetime) -> list[Role]:
    """The roles an administrator may put into a post: nobody makes themselves more than they are."""
    return [role for role in Role if role != Role.SYS_ADMIN or is_sys_admin(user, at)]


def require_admin(actor: Actor, unit: Unit | None, roles: Iterable[str] = ()) -> None:
    """
    Units, posts and people are the administrator's; commands and jobs act for the office itself.

    :param roles: what a post carries that is made, changed or filled
    :raises NotAllowed: for anybody else
    """
    if actor.user_id is None:
        return
    person, now = User.objects.get(pk=actor.user_id), clock.now()
    allowed = is_admin_of(person, unit, now) and set(roles) <= set(grantable_roles(person, now))
    require("organizations.unit.administer", allowed, _("Only an administrator of this unit may do this."))


def require_admin_of_person(actor: Actor, person: User | None) -> None:
    """
    Accounts are the administrator's (`person` None: a new one).

    :raises NotAllowed: for anybody else
    """
    if actor.user_id is None:
        return
    admin, now = User.objects.get(pk=actor.user_id), clock.now()
    allowed = is_admin_of_person(admin, person, now) if person else administers_anything(admin, now)
    require("organizations.user.administer", allowed, _("Only an administrator of this person's units may do this."))


def require_clerk(actor: Actor, unit: Unit) -> tuple[User, Actor]:
    """
    Registering, receiving, refusing and issuing are the clerk's of the unit.

    Returns the person, and the actor as the record names them: with the principal, where a deputy acts.

    :raises NotAllowed: for anybody else
    """
    person = User.objects.get(pk=actor.user_id or 0)
    seats = registrar_seats(person, unit, clock.now())
    require("organizations.unit.clerk", bool(seats), _("Only the registry clerk of this unit may do this."))
    return person, in_capacity(actor, [seat.principal for seat in seats])
