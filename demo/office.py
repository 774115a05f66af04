"""Fills an office with the invented union; what is there already is left alone, so it may run again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from audit.models import Actor
from demo.people import PASSWORD, PEOPLE
from demo.units import DEPARTMENT, LONG_AGO, TWO_LEVELS, UnitSeed, unit_seeds
from organizations.models import Post, Unit, User
from organizations.services import appoint, create_post, create_unit, create_user, rename_unit

if TYPE_CHECKING:
    from collections.abc import Collection

    from demo.people import PersonSeed, PostSeed

MAKER = Actor.system("load_demo")


@dataclass(frozen=True, slots=True)
class Made:
    """How many rows this run added."""

    units: int
    people: int


@transaction.atomic
def build_office(only: Collection[str] = ()) -> Made:
    """
    Set up the units, posts and people that are missing.

    :param only: codes of the organs that are wanted, with their departments and what stands above them; all without any
    """
    wanted = _wanted(only)
    return Made(units=_build_units(wanted), people=_build_people(wanted))


def _wanted(only: Collection[str]) -> set[str]:
    """The codes of the units to be set up."""
    seeds = {seed.code: seed for seed in unit_seeds()}
    codes = set(only or seeds)
    for code in only:
        while code := seeds[code].parent:
            codes.add(code)
    departments = {seed.code for seed in seeds.values() if seed.kind == DEPARTMENT and seed.parent in codes}
    return codes | departments


def _build_units(wanted: Collection[str]) -> int:
    known = {unit.code: unit for unit in Unit.objects.all()}
    before = len(known)
    for seed in unit_seeds():
        if seed.code in wanted and seed.code not in known:
            parent = known[seed.parent] if seed.parent else None
            known[seed.code] = _build_unit(seed, parent)
    return len(known) - before


def _build_unit(seed: UnitSeed, parent: Unit | None) -> Unit:
    if parent is not None:
        parent.refresh_from_db()  # the tree counts children in the row
    unit = create_unit(
        code=seed.code,
        name=seed.former or seed.name,
        kind=seed.kind,
        tier=seed.tier,
        symbol=seed.symbol,
        place=seed.place,
        parent=parent,
        valid_from=seed.since,
        actor=MAKER,
    )
    if seed.former:
        rename_unit(unit=unit, name=seed.name, abbreviation=seed.symbol, valid_from=TWO_LEVELS, actor=MAKER)
    return unit


def _build_people(wanted: Collection[str]) -> int:
    known = set(User.objects.values_list("username", flat=True))
    units = {unit.code: unit for unit in Unit.objects.all()}
    new = [
        person for person in PEOPLE if person.username not in known and {p.unit for p in person.posts} <= set(wanted)
    ]
    for person in new:
        _build_person(person, units)
    return len(new)


def _build_person(person: PersonSeed, units: dict[str, Unit]) -> None:
    user = create_user(username=person.username, full_name=person.name, password=PASSWORD, actor=MAKER)
    for at, seed in enumerate(person.posts):
        unit = units[seed.unit]
        appoint(
            user=user,
            post=_build_post(seed, unit, order=10 * at + 10),
            valid_from=max(unit.valid_from, LONG_AGO),
            is_primary=at == 0,
            actor=MAKER,
        )


def _build_post(seed: PostSeed, unit: Unit, *, order: int) -> Post:
    post = Post.objects.filter(unit=unit, title=seed.title).first()
    return post or create_post(unit=unit, title=seed.title, roles=seed.roles, order=order, actor=MAKER)
