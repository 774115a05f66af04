"""What other rooms ask about units, posts and people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core import clock
from organizations.models import Appointment, Delegation, Post, Role, Unit, UnitName, User
from organizations.policies import administered_paths, holdings, in_force_on, unit_office

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import date, datetime

    from audit.models import Actor

Kind = Unit.Kind


class UnknownUnit(Exception):
    """No unit has this code."""

    def __init__(self, code: str) -> None:
        """Name the code."""
        super().__init__(_("There is no unit with the code %(code)s.") % {"code": code})


def find_unit(code: str) -> Unit:
    """
    The unit with a code.

    :raises UnknownUnit: if there is none
    """
    unit = Unit.objects.filter(code=code).select_related("organ_unit").first()
    if unit is None:
        raise UnknownUnit(code)
    found: Unit = unit
    return found


def unit_names(units: Collection[Any]) -> dict[int, str]:
    """What units are called today, by their keys; the code of one that has no name."""
    valid = UnitName.objects.filter(in_force_on(clock.today()), unit__in=units).order_by("valid_from", "id")
    names = dict(valid.values_list("unit", "name"))
    nameless = set(units) - names.keys()
    return names | dict(Unit.objects.filter(pk__in=nameless).values_list("pk", "code")) if nameless else names


def find_unit_of(actor: Actor | None) -> Unit | None:
    """The organ for which an actor acts."""
    if actor is None or actor.unit_id is None:
        return None
    unit = Unit.objects.select_related("organ_unit").filter(pk=actor.unit_id).first()
    return unit.organ if unit else None


def posts_of(user: User, at: datetime) -> list[Post]:
    """The posts a person holds in their own right, the main one first."""
    return holdings(user, at).posts


def units_of(user: User, at: datetime) -> list[Unit]:
    """The units a person works in, own and as deputy, with the organs of departments."""
    wanted = {number for seat in holdings(user, at).seats for number in (seat.unit_id, seat.organ_id)}
    return list(Unit.objects.filter(pk__in=wanted).prefetch_related("names").order_by("path"))


def units_around(user: User, at: datetime) -> list[Unit]:
    """The organs a person works in, those above them and those directly below: whose papers reach a desk."""
    around = Q(pk__in=[])
    for seat in holdings(user, at).seats:
        path = seat.organ_path
        around |= Q(path__in=[path[:end] for end in range(Unit.steplen, len(path) + 1, Unit.steplen)])
        around |= Q(path__startswith=path, depth=len(path) // Unit.steplen + 1)
    return list(Unit.objects.filter(around).exclude(kind=Kind.DEPARTMENT).prefetch_related("names").order_by("path"))


def organs_of(user: User, at: datetime, roles: Collection[str]) -> list[Unit]:
    """The organs in which a person holds one of the roles."""
    wanted = {seat.organ_id for seat in holdings(user, at).seats if seat.roles & set(roles)}
    return list(Unit.objects.filter(pk__in=wanted).prefetch_related("names").order_by("path"))


def office_posts(unit: Unit, roles: Collection[str]) -> QuerySet[Post]:
    """Open posts of an organ and its departments that carry one of the roles."""
    any_role = Q()
    for role in roles:
        any_role |= Q(roles__contains=[role])
    rows = Post.objects.filter(unit_office(unit), any_role, is_closed=False).select_related("unit__organ_unit")
    return rows.prefetch_related("unit__names").order_by("order", "id")


def leader_post(unit: Unit) -> Post | None:
    """The first leader of an organ; of a department its head."""
    role = Role.DEPT_HEAD if unit.is_department else Role.LEADER
    return office_posts(unit, [role]).first()


def clerk_post(unit: Unit) -> Post | None:
    """The first clerk of an organ, or whoever substitutes (domain.md 13)."""
    for role in (Role.CLERK, Role.OFFICE_CHIEF, Role.LEADER):
        if post := office_posts(unit, [role]).prefetch_related(None).first():
            return post
    return None


def registrars_of(unit: Unit, at: datetime) -> QuerySet[User]:
    """Who keeps the books of an organ (`policies.can_register`, without deputies)."""
    keepers = office_posts(unit, [Role.CLERK, Role.OFFICE_CHIEF])
    if not Post.objects.filter(unit_office(unit), roles__contains=[Role.CLERK], is_closed=False).exists():
        keepers |= office_posts(unit, [Role.LEADER])
    held = Appointment.objects.filter(in_force_on(clock.office_date(at)), post__in=keepers.order_by().values("pk"))
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name_key", "id")


def holders_of(post: Post, at: datetime) -> list[User]:
    """Who holds a post on a day."""
    held = Appointment.objects.filter(in_force_on(clock.office_date(at)), post=post, user__is_active=True)
    return [row.user for row in held.select_related("user").order_by("-is_primary", "id")]


def colleagues(user: User, at: datetime) -> QuerySet[User]:
    """Open accounts of the organs a person works in, without the person: whom they may ask to act for them."""
    organs = {seat.organ_id for seat in holdings(user, at).seats if seat.principal is None}
    seated = Appointment.objects.filter(in_force_on(clock.office_date(at)), post__is_closed=False)
    seated = seated.filter(Q(post__unit__in=organs) | Q(post__unit__organ_unit__in=organs))
    people = User.objects.filter(is_active=True, pk__in=seated.values("user")).exclude(pk=user.pk)
    return people.order_by("name_key", "id")


def descendants(unit: Unit) -> QuerySet[Unit]:
    """Every open unit under a unit, departments too, in the order of the tree."""
    return _open().filter(path__startswith=unit.path).exclude(pk=unit.pk)


def unit_choices(units: QuerySet[Unit]) -> list[tuple[int, str]]:
    """Units as choices of a form, indented as in the tree."""
    rows = list(units.prefetch_related("names").order_by("path"))
    top = min((unit.depth for unit in rows), default=0)
    return [(unit.pk, "\u2003" * (unit.depth - top) + unit.name) for unit in rows]


def departments_of(unit: Unit) -> QuerySet[Unit]:
    """The open departments of an organ."""
    return _open().filter(organ_unit=unit)


def organs_below(unit: Unit) -> QuerySet[Unit]:
    """Every open organ under a unit, however deep."""
    return _open().filter(path__startswith=unit.path).exclude(pk=unit.pk).exclude(kind=Kind.DEPARTMENT)


def _open() -> QuerySet[Unit]:
    rows: QuerySet[Unit] = Unit.objects.filter(in_force_on(clock.today()))
    return rows.prefetch_related("names").order_by("path")


@dataclass(frozen=True, slots=True)
class RecipientGroup:
    """A group of recipients by name; it is expanded, and the expansion stored, when a paper is issued."""

    code: str
    label: str
    expand: Callable[[], QuerySet[Unit]]


def recipient_groups(unit: Unit) -> list[RecipientGroup]:
    """The groups that a unit can send to, without empty ones."""
    below = organs_below(unit)
    kinds = [
        ("PROVINCIAL", _("Provincial federations"), [Kind.PROVINCIAL]),
        ("SECTOR", _("Central sector and corporation unions"), [Kind.SECTOR_CENTRAL, Kind.CORPORATION]),
        ("WARDS", _("Commune and ward unions"), [Kind.WARD, Kind.INDUSTRIAL_ZONE]),
        ("GRASSROOTS", _("Grassroots unions"), [Kind.GRASSROOTS]),
    ]
    groups = [
        RecipientGroup("CHILDREN", _("All units directly below"), lambda: below.filter(depth=unit.depth + 1)),
        RecipientGroup("ALL_BELOW", _("All units below"), lambda: below),
        *(RecipientGroup(code, label, partial(below.filter, kind__in=kind)) for code, label, kind in kinds),
    ]
    return [group for group in groups if group.expand().exists()]


def expand_groups(unit: Unit, codes: Collection[str]) -> list[Unit]:
    """The units of the named groups, each once."""
    wanted = [group for group in recipient_groups(unit) if group.code in set(codes)]
    found = {member.pk: member for group in wanted for member in group.expand()}
    return list(found.values())


def administered_units(user: User, at: datetime, words: str = "") -> QuerySet[Unit]:
    """The open units that a person administers, in the order of the tree; with `words`, those so named or coded."""
    lies_below = Q(pk__in=[])
    for path in administered_paths(user, at):
        lies_below |= Q(path__startswith=path)
    rows = Unit.objects.filter(in_force_on(clock.office_date(at)), lies_below).annotate(name_today=Unit.current_name())
    if words:
        rows = rows.filter(Q(name_today__icontains=words) | Q(code__icontains=words))
    found: QuerySet[Unit] = rows.order_by("path")
    return found


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A unit and how far it is indented, 1 to 5."""

    unit: Unit
    level: int


def tree_rows(units: Iterable[Unit]) -> list[TreeRow]:
    """Units as the rows of a tree, from the highest among them."""
    rows = list(units)
    top = min((unit.depth for unit in rows), default=0)
    return [TreeRow(unit, min(5, unit.depth - top + 1)) for unit in rows]


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post with the words of its roles and who holds it."""

    post: Post
    roles: list[str]
    holders: list[Appointment]


def posts_with_holders(posts: QuerySet[Post], day: date) -> list[PostRow]:
    """Open posts in their order, each with its holders of a day; two queries."""
    rows = list(posts.filter(is_closed=False).order_by("order", "id"))
    held: dict[int, list[Appointment]] = {}
    appointments = Appointment.objects.filter(in_force_on(day), post__in=rows).select_related("user")
    for row in appointments.order_by("-is_primary", "id"):
        held.setdefault(row.post_id, []).append(row)
    return [PostRow(post, [str(Role(role).label) for role in post.roles], held.get(post.pk, [])) for post in rows]


def administered_people(user: User, at: datetime) -> QuerySet[User]:
    """The accounts that a person administers (`policies.is_admin_of_person` as one query)."""
    paths = administered_paths(user, at)
    if "" in paths:
        return User.objects.all()
    ours = Q(pk__in=[])
    for path in paths:
        ours |= Q(post__unit__path__startswith=path)
    elsewhere = Appointment.objects.exclude(ours & ~Q(post__roles__contains=[Role.SYS_ADMIN]))
    deputies = Delegation.objects.filter(principal__in=elsewhere.values("user"), valid_to__gt=at)
    foreign = Q(pk__in=elsewhere.values("user")) | Q(pk__in=deputies.exclude(revoked_at__lte=at).values("deputy"))
    return User.objects.exclude(foreign)


def found_people(people: QuerySet[User], words: str) -> QuerySet[User]:
    """Those whose name or user name holds the words, by own name."""
    if words:
        people = people.filter(Q(full_name__icontains=words) | Q(username__icontains=words))
    return people.order_by("name_key", "id")
