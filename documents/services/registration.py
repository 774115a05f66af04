"""I4, O6: numbers. A locked counter gives them, so they run without gaps and none is given twice (domain.md 5, 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit.services import record
from core import clock
from core.vietnamese import clean
from documents import policies
from documents.models import Document, Register, RegisterEntry, Validity
from documents.services.books import lock_register, require_open
from documents.services.confirmation import ReasonMissing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from audit.models import Actor
    from organizations.models import Unit, User

Direction = Register.Direction


class AlreadyRegistered(Exception):
    """The unit has given this paper a number before."""

    def __init__(self, entry: RegisterEntry) -> None:
        super().__init__(
            _("Your unit registered this paper already, under number %(number)s.") % {"number": entry.display}
        )
        self.entry = entry


class IssueStands(Exception):
    """An issued paper is recalled or replaced by another paper; its number is not struck out (18.3, 18.4)."""

    def __init__(self) -> None:
        super().__init__(
            _("This number was issued with its paper and stands. To take the paper back, issue another one.")
        )


class AlreadyVoid(Exception):
    """Somebody struck the number out before; their reason stands."""

    def __init__(self, entry: RegisterEntry) -> None:
        super().__init__(
            _("Number %(number)s was struck out before. Nothing was changed by you.") % {"number": entry.display}
        )


class NumberInUse(Exception):
    """Somebody works on the paper by this number; rooms above say who (domain.md 15: only if nothing is forwarded)."""


class NotConfirmedYet(Exception):
    """A paper gets its number when a person has said what it is."""

    def __init__(self) -> None:
        super().__init__(_("Confirm the fields of the paper first."))


@transaction.atomic
def register_arrival(
    *, document: Document, unit: Unit, received_at: datetime, actor: Actor, sender_text: str = ""
) -> RegisterEntry:
    """
    Enter a confirmed paper in the unit's book of arrivals and return its line.

    The line's date and the book's year are those of `received_at` in the office's time zone, not of UTC.

    :param received_at: aware datetime, the moment on the receipt stamp
    :raises RegisterClosed: if the year's book is locked, or not open yet (domain.md 6)
    :raises AlreadyRegistered: if the unit has a valid number for this paper
    :raises NotConfirmedYet: if nobody has confirmed the paper
    """
    person, actor = policies.require_registrar(actor, unit)
    if not document.is_confirmed:
        raise NotConfirmedYet
    day = clock.office_date(received_at)
    register = lock_register(unit=unit, year=day.year, direction=Direction.IN, person=person)
    _refuse_second_number(document, unit)
    entry = enter(register, document, day, person, received_at=received_at, sender_text=clean(sender_text))
    data = {"number": entry.number_int, "year": day.year, "unit": unit.code}
    record("documents.document.registered", target=document, actor=actor, data=data)
    return entry


def _refuse_second_number(document: Document, unit: Unit) -> None:
    earlier = RegisterEntry.objects.filter(
        document=document, register__unit=unit, register__direction=Direction.IN, state=RegisterEntry.State.USED
    ).first()
    if earlier:
        raise AlreadyRegistered(earlier)


def enter(
    register: Register,
    document: Document,
    day: date,
    person: User,
    *,
    received_at: datetime | None = None,
    sender_text: str = "",
) -> RegisterEntry:
    """The next line of a book that the caller holds locked (`lock_register`)."""
    entry = RegisterEntry.objects.create(
        register=register, number_int=register.next_number, document=document, entry_date=day,
        received_at=received_at, sender_text=sender_text, entered_by=person,
    )  # fmt: skip
    Register.objects.filter(pk=register.pk).update(next_number=F("next_number") + 1)
    return entry


class IssueDateAhead(Exception):
    """A paper is in force from the day it bears; that day has come (15.3)."""

    def __init__(self) -> None:
        super().__init__(_("The date of issue lies ahead. Choose today."))


class IssueDateBehind(Exception):
    """Numbers of a book follow its days."""

    def __init__(self, last: date) -> None:
        super().__init__(
            _("The book has a later number of %(day)s already. Choose that day or a later one.")
            % {"day": f"{last:%d/%m/%Y}"}
        )


@transaction.atomic
def take_issue_number(*, document: Document, unit: Unit, issued_on: date, actor: Actor) -> RegisterEntry:
    """
    Give a paper of the unit the next number of its book of issues for the year of `issued_on`.

    :raises RegisterClosed: if that book is locked, or not open yet
    :raises IssueDateAhead, IssueDateBehind: for a day to come, or before the one of the book's last number
    """
    person, actor = policies.require_registrar(actor, unit)
    register = lock_register(unit=unit, year=issued_on.year, direction=Direction.OUT, person=person)
    _require_day(register, issued_on)
    entry = enter(register, document, issued_on, person)
    data = {"number": entry.number_int, "year": issued_on.year, "unit": unit.code}
    record("documents.document.numbered", target=document, actor=actor, data=data)
    return entry


def _require_day(register: Register, day: date) -> None:
    if day > clock.today():
        raise IssueDateAhead
    last = register.entries.order_by("-number_int").values_list("entry_date", flat=True).first()
    if last and day < last:
        raise IssueDateBehind(last)


_guards: list[Callable[[RegisterEntry, Actor], None]] = []


def guard_void(guard: Callable[[RegisterEntry, Actor], None]) -> Callable[[RegisterEntry, Actor], None]:
    """Let a room above forbid striking a number out, or end what hangs on it; called within the act's transaction."""
    _guards.append(guard)
    return guard


@transaction.atomic
def void_entry(*, entry: RegisterEntry, reason: str, actor: Actor) -> None:
    """
    Strike a line out. Its number stays void for ever, and the reason stands beside it (domain.md 15).

    :raises NotAllowed: for anybody but the unit's registrar
    :raises ReasonMissing: without a reason
    :raises RegisterClosed: if the book is of a year that is over, and not open to the actor
    :raises IssueStands: for the number of an issued paper
    :raises NumberInUse: while a room above works with the number (`guard_void`)
    :raises AlreadyVoid: if somebody was first
    """
    person, actor = policies.require_registrar(actor, entry.register.unit)
    if not reason.strip():
        raise ReasonMissing
    require_open(entry.register, person)
    if entry.register.direction == Direction.OUT and entry.document.state == Validity.IN_FORCE:
        raise IssueStands
    for guard in _guards:
        guard(entry, actor)
    struck = RegisterEntry.objects.filter(pk=entry.pk, state=RegisterEntry.State.USED).update(
        state=RegisterEntry.State.VOID, void_reason=clean(reason).strip()
    )
    if not struck:
        raise AlreadyVoid(entry)
    data = {"number": entry.number_int, "reason": clean(reason)}
    record("documents.entry.voided", target=entry.document, actor=actor, data=data)
