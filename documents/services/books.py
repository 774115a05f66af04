"""The books over the years: this year's opens by itself, the old ones lock, and a named person may correct one (domain.md 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from core import clock
from core.vietnamese import clean
from documents import policies
from documents.models import Register, RegisterOpening
from documents.services.confirmation import ReasonMissing
from organizations.policies import can_register

if TYPE_CHECKING:
    from datetime import date

    from audit.models import Actor
    from organizations.models import Unit, User


class RegisterClosed(Exception):
    """The year's book is locked; late papers need a permission."""

    def __init__(self, register: Register) -> None:
        super().__init__(
            _("The book of %(year)s is closed. Use this year's book, or ask your leader to open the old one for you.")
            % {"year": register.year}
        )


class RegisterNotOpenYet(RegisterClosed):
    """Numbers of a year run from 1 January (15.1)."""

    def __init__(self, year: int) -> None:
        Exception.__init__(self, _("The book of %(year)s opens on 1 January: choose an earlier date.") % {"year": year})


class WrongOpening(Exception):
    """A book is opened for somebody who keeps it, and for a time to come."""


def lock_register(*, unit: Unit, year: int, direction: str, person: User) -> Register:
    """
    The book, held until the act is over: MAX()+1 would serve two clerks the same number. A new year's begins by itself.

    :raises RegisterClosed: if it is locked, and not open to `person`
    :raises RegisterNotOpenYet: for a year to come
    """
    if year > clock.today().year:
        raise RegisterNotOpenYet(year)
    key = {"unit": unit, "year": year, "direction": direction, "series": ""}
    held = Register.objects.select_for_update(no_key=True)
    register = held.filter(**key).first()
    if register is None:  # of two that find none, one makes it and both go on
        Register.objects.bulk_create([Register(**key)], ignore_conflicts=True)
        register = held.get(**key)
    require_open(register, person)
    return register


def require_open(register: Register, person: User) -> None:
    """:raises RegisterClosed: if the book is locked, and not open to `person`"""
    today = clock.today()
    if register.is_locked(today) and not register.openings.filter(person=person, until__gte=today).exists():
        raise RegisterClosed(register)


@transaction.atomic
def open_for_correction(*, register: Register, person: User, until: date, reason: str, actor: Actor) -> RegisterOpening:
    """
    Let one person enter late papers in a locked book, or strike lines of it out, until a day (inclusive).

    :raises NotAllowed: for anybody but a leader of the unit
    :raises ReasonMissing: without a reason
    :raises WrongOpening: if the day is over, or the person keeps no book of the unit
    """
    leader, actor = policies.require_leader(actor, register.unit)
    if not reason.strip():
        raise ReasonMissing
    if until < clock.today():
        raise WrongOpening(_("This day is over: choose today or a later day."))
    if not can_register(person, register.unit, clock.now()):
        raise WrongOpening(_("This person keeps no book of the unit: choose a registry clerk or the chief of office."))
    opening = RegisterOpening.objects.create(
        register=register, person=person, until=until, reason=clean(reason).strip()[:300], opened_by=leader
    )
    data = {"year": register.year, "direction": register.direction, "person": person.pk, "until": until.isoformat()}
    record("documents.register.opened", target=register, actor=actor, data=data | {"reason": opening.reason})
    return opening
