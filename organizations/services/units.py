"""Units come, are renamed, move and go; what was stays in dated rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from core import clock
from core.vietnamese import clean
from organizations.models import Unit, UnitName, UnitPlacement

if TYPE_CHECKING:
    from datetime import date

    from audit.models import Actor


class WrongPlace(Exception):
    """The tree would not hold together."""


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

    :raises WrongPlace: for a department without an organ above it
    """
    day = valid_from or clock.today()
    facts: dict[str, Any] = {
        "code": code,
        "kind": kind,
        "tier": tier,
        "symbol": symbol,
        "place": place,
        "valid_from": day,
    }
    if kind == Unit.Kind.DEPARTMENT:
        if parent is None:
            raise WrongPlace(_("A department belongs to a unit: choose the unit above it."))
        facts["organ_unit"] = parent.organ
    unit: Unit = parent.add_child(**facts) if parent else Unit.add_root(**facts)
    UnitName.objects.create(unit=unit, name=clean(name).strip(), abbreviation=abbreviation, valid_from=day)
    UnitPlacement.objects.create(unit=unit, parent=parent, valid_from=day)
    record("organizations.unit.created", target=unit, actor=actor, data={"code": code, "name": name})
    return unit


@transaction.atomic
def rename_unit(*, unit: Unit, name: str, abbreviation: str, valid_from: date, actor: Actor) -> UnitName:
    """Give a unit a new name from a day on; the old one stays with its dates."""
    UnitName.objects.filter(unit=unit, valid_to__isnull=True).update(valid_to=valid_from)
    new = UnitName.objects.create(
        unit=unit, name=clean(name).strip(), abbreviation=clean(abbreviation).strip(), valid_from=valid_from
    )
    record("organizations.unit.renamed", target=unit, actor=actor, data={"name": new.name, "from": str(valid_from)})
    return new


@transaction.atomic
def move_unit(*, unit: Unit, parent: Unit, valid_from: date, actor: Actor) -> None:
    """
    Put a unit under another one; departments under it move along, its history stays.

    :raises WrongPlace: if `parent` is the unit itself or stands below it
    """
    if parent.path.startswith(unit.path):
        raise WrongPlace(_("A unit cannot be moved below itself."))
    UnitPlacement.objects.filter(unit=unit, valid_to__isnull=True).update(valid_to=valid_from)
    UnitPlacement.objects.create(unit=unit, parent=parent, valid_from=valid_from)
    if unit.is_department:
        Unit.objects.filter(pk=unit.pk).update(organ_unit=parent.organ)
    unit.move(parent, pos="last-child")
    record("organizations.unit.moved", target=unit, actor=actor, data={"parent": parent.code, "from": str(valid_from)})


@transaction.atomic
def close_unit(*, unit: Unit, valid_to: date, actor: Actor, successor: Unit | None = None) -> None:
    """End a unit on a day (exclusive); papers keep its name, new ones go to the successor."""
    Unit.objects.filter(pk=unit.pk).update(valid_to=valid_to, successor=successor)
    data = {"until": str(valid_to), "successor": successor.code if successor else None}
    record("organizations.unit.closed", target=unit, actor=actor, data=data)
