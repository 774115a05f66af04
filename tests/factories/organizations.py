"""Units, posts and people for tests, made through the services as the screens make them."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from audit.models import Actor
from core import clock
from organizations.models import Delegation, Post, Role, Unit, User
from organizations.services import appoint, create_post, create_unit, create_user, delegate

if TYPE_CHECKING:
    from collections.abc import Sequence

MAKER = Actor.system("tests")
PASSWORD = "mat-khau-thu-nghiem-1"
LONG_AGO = date(2020, 1, 1)
_numbers = itertools.count(1)


def make_unit(
    code: str = "",
    *,
    name: str = "",
    kind: str = Unit.Kind.PROVINCIAL,
    tier: int = 2,
    parent: Unit | None = None,
    symbol: str = "LĐLĐ",
    place: str = "An Hòa",
    valid_from: date = LONG_AGO,
) -> Unit:
    """A unit under `parent` (tree rows are read anew, so any instance of the parent will do)."""
    code = code or f"U{next(_numbers)}"
    return create_unit(
        code=code,
        name=name or f"Công đoàn {code}",
        kind=kind,
        tier=tier,
        parent=parent and Unit.objects.get(pk=parent.pk),
        symbol=symbol,
        place=place,
        valid_from=valid_from,
        actor=MAKER,
    )


def make_department(organ: Unit, code: str = "", *, name: str = "") -> Unit:
    """A department of an organ."""
    return make_unit(code, name=name or "Ban", kind=Unit.Kind.DEPARTMENT, tier=organ.tier, parent=organ, symbol="")


def make_post(unit: Unit, *roles: str, title: str = "", order: int = 100) -> Post:
    """A post with roles."""
    words = title or f"{' '.join(map(str, roles)) or 'post'} {next(_numbers)}"
    return create_post(unit=unit, title=words, roles=roles, order=order, actor=MAKER)


def make_user(username: str = "", *posts: Post, full_name: str = "", password: str | None = None) -> User:
    """A person appointed long ago to `posts`, the first one mainly. Without a password nobody can sign in."""
    username = username or f"nguoi-{next(_numbers)}"
    user = create_user(username=username, full_name=full_name or f"Nguyễn {username}", password=password, actor=MAKER)
    for number, post in enumerate(posts):
        appoint(user=user, post=post, valid_from=LONG_AGO, is_primary=number == 0, actor=MAKER)
    return user


def make_person(unit: Unit, *roles: str, username: str = "", full_name: str = "", password: str | None = None) -> User:
    """A person in a new post of a unit."""
    return make_user(username, make_post(unit, *roles), full_name=full_name, password=password)


def make_delegation(
    principal: User, deputy: User, *, valid_from: datetime | None = None, valid_to: datetime | None = None
) -> Delegation:
    """`deputy` acts for `principal`, by default since an hour ago for a week."""
    now = clock.now()
    return delegate(
        principal=principal,
        deputy=deputy,
        valid_from=valid_from or now - timedelta(hours=1),
        valid_to=valid_to or now + timedelta(days=7),
        actor=MAKER,
    )


def make_office(
    code: str = "", *, parent: Unit | None = None, roles: Sequence[str] = ()
) -> tuple[Unit, dict[str, User]]:
    """An organ with a person for each role, by default clerk and leader."""
    unit = make_unit(code, parent=parent)
    wanted = roles or (Role.CLERK, Role.LEADER)
    return unit, {str(role): make_person(unit, role) for role in wanted}


def fresh(user: User) -> User:
    """The person as the next request sees them, without what this instance remembers."""
    return User.objects.get(pk=user.pk)
