"""Units come, are renamed, move and go; what was stays in dated rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from core import clock
from core.vietnamese import clean
from organizations.models import Unit, UnitName, UnitPlacement
from organizations.policies import in_force_on, require_admin
from organizations.services.refused import Refused

if TYPE_CHECKING:
    from datetime import date

    from audit.models import Actor


class WrongPlace(Refused):
    """The tree would not hold together."""


class WrongDate(Refused):
    """Dated rows would overlap, or the tree would show what is not yet so."""

    field = "valid_from"


class WrongEnd(WrongDate):
    """A unit cannot end before it began."""

    field = "valid_to"


class CodeTaken(Refused):
    """A code names one unit for ever."""

    field = "code"

    def __init__(self, code: str) -> None:
        super().__init__(_("Another unit has the code %(code)s: choose another one.") % {"code": code})


@transaction.atomic
def create_unit(
    *,
    code: str,
    name: str,
    kind: str,
    tier: int,
    actor: Actor,
    parent: Unit | None = None,
    abbreviation: str = "",
    symbol: str = "",
    place: str = "",
    valid_from: date | None = None,
) -> Unit:
    """
    Set up a unit under `parent`, or at the top, with its first name and placement.

    :raises WrongPlace: for a department without an organ above it, or an organ below a department
    :raises CodeTaken: if the code is another unit's
    """
    require_admin(actor, parent)
    day, code = valid_from or clock.today(), clean(code).strip()
    above = _locked(parent)
    if Unit.objects.filter(code=code).exists():
        raise CodeTaken(code)
    facts: dict[str, Any] = {"code": code, "kind": kind, "tier": tier, "valid_from": day}
    facts |= {"symbol": clean(symbol).strip(), "place": clean(place).strip(), "organ_unit": _organ_for(kind, above)}
    unit: Unit = Unit.objects.add_child(above, facts) if above else Unit.objects.add_root(facts)
    first = UnitName.objects.create(
        unit=unit, name=clean(name).strip(), abbreviation=clean(abbreviation).strip(), valid_from=day
    )
    UnitPlacement.objects.create(unit=unit, parent=above, valid_from=day)
    record("organizations.unit.created", target=unit, actor=actor, data={"code": code, "name": first.name})
    return unit


def _locked(unit: Unit | None) -> Unit | None:
    """The row as it is now: the tree counts children in it, and two clerks may add at once."""
    return Unit.objects.select_for_update(no_key=True).get(pk=unit.pk) if unit else None


def _organ_for(kind: str, parent: Unit | None) -> Unit | None:
    if kind == Unit.Kind.DEPARTMENT:
        if parent is None:
            raise WrongPlace(_("A department belongs to a unit: choose the unit above it."))
        organ: Unit = parent.organ
        return organ
    if parent is not None and parent.is_department:
        raise WrongPlace(_("Below a department there are only departments: choose the organ above it."))
    return None


@transaction.atomic
def change_unit(*, unit: Unit, symbol: str, place: str, organ_id: str, actor: Actor) -> None:
    """Correct what new papers will bear; issued papers keep what is printed on them."""
    require_admin(actor, unit)
    facts = {"symbol": clean(symbol).strip(), "place": clean(place).strip(), "organ_id": clean(organ_id).strip()}
    Unit.objects.filter(pk=unit.pk).update(**facts)
    record("organizations.unit.changed", target=unit, actor=actor, data=facts)


@transaction.atomic
def rename_unit(*, unit: Unit, name: str, abbreviation: str, valid_from: date, actor: Actor) -> UnitName:
    """
    Give a unit a new name from a day on; the old one stays with its dates.

    :raises WrongDate: if the present name began later
    """
    require_admin(actor, unit)
    _locked(unit)
    present = UnitName.objects.filter(unit=unit, valid_to__isnull=True)
    if present.filter(valid_from__gt=valid_from).exists():
        raise WrongDate(_("The present name counts from a later day: choose that day or a later one."))
    present.update(valid_to=valid_from)
    new = UnitName.objects.create(
        unit=unit, name=clean(name).strip(), abbreviation=clean(abbreviation).strip(), valid_from=valid_from
    )
    record("organizations.unit.renamed", target=unit, actor=actor, data={"name": new.name, "from": valid_from})
    return new


@transaction.atomic
def move_unit(*, unit: Unit, parent: Unit, valid_from: date, actor: Actor) -> None:
    """
    Put a unit under another one; what stands under it moves along, its history stays.

    :raises WrongPlace: if `parent` is the unit itself, stands below it, or cannot hold it
    :raises WrongDate: for a day to come, since the tree shows the present, or before the last move
    """
    require_admin(actor, unit)
    require_admin(actor, parent)
    moved, above = Unit.objects.get(pk=unit.pk), Unit.objects.get(pk=parent.pk)
    if above.path.startswith(moved.path):
        raise WrongPlace(_("A unit cannot be moved below itself."))
    organ = _organ_for(moved.kind, above)
    present = UnitPlacement.objects.filter(unit=unit, valid_to__isnull=True)
    if valid_from > clock.today() or present.filter(valid_from__gt=valid_from).exists():
        raise WrongDate(_("Choose a day that is not to come and not before the last move."))
    present.update(valid_to=valid_from)
    UnitPlacement.objects.create(unit=unit, parent=above, valid_from=valid_from)
    if organ is not None:
        Unit.objects.filter(path__startswith=moved.path, kind=Unit.Kind.DEPARTMENT).update(organ_unit=organ)
    Unit.objects.move(moved, above, pos="last-child")
    record("organizations.unit.moved", target=unit, actor=actor, data={"parent": above.code, "from": valid_from})


@transaction.atomic
def close_unit(*, unit: Unit, valid_to: date, actor: Actor, successor: Unit | None = None) -> None:
    """
    End a unit on a day (exclusive); papers keep its name, new ones go to the successor.

    :raises WrongPlace: while open units stand below it
    :raises WrongEnd: if it began later
    """
    require_admin(actor, unit)
    fresh = Unit.objects.get(pk=unit.pk)
    if Unit.objects.get_descendants(fresh).filter(in_force_on(valid_to)).exists():
        raise WrongPlace(_("Open units stand below this one: move or close them first."))
    if valid_to < fresh.valid_from:
        raise WrongEnd(_("The unit began later: choose a later day."))
    Unit.objects.filter(pk=unit.pk).update(valid_to=valid_to, successor=successor)
    data = {"until": valid_to, "successor": successor.code if successor else None}
    record("organizations.unit.closed", target=unit, actor=actor, data=data)
