"""M6 to M8: the meeting opens, people are marked, the secretary writes, the chair closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit import receipts
from audit.services import record
from core import clock
from core.vietnamese import clean
from meetings.models import AgendaItem, Attendance, Meeting
from meetings.services.guard import UnitNotInvited, as_chair_or_secretary, as_secretary, lock_meeting, tell
from organizations.policies import person_of

if TYPE_CHECKING:
    from uuid import UUID

    from audit.models import Actor
    from organizations.models import Unit

State = Meeting.State


class MinutesChanged(Exception):
    """Somebody else saved this item since it was shown; both texts are kept for the secretary to choose from."""

    def __init__(self, item: AgendaItem) -> None:
        """Keep the text that is in the minutes now, its version and who wrote it."""
        super().__init__(_("The text was changed elsewhere since you opened it. Nothing was overwritten: compare."))
        self.item, self.saved, self.version, self.who = item, item.text, item.text_version, str(item.edited_by or "")


class ReasonMissing(Exception):
    """An excused absence needs its reason (M6)."""

    def __init__(self) -> None:
        """Ask for it."""
        super().__init__(_("Give the reason for the excused absence."))


class AlreadyExpected(Exception):
    """The roll holds each name of a unit once."""

    def __init__(self, row: Attendance) -> None:
        """Say as what the person is expected."""
        super().__init__(
            _("%(name)s of %(unit)s is on the roll already. If this is somebody else, add what tells them apart.")
            % {"name": row.name, "unit": row.unit.name}
        )


@transaction.atomic
def open_meeting(*, meeting: Meeting, actor: Actor) -> None:
    """Begin: the minutes can be written, people can be marked."""
    meeting = lock_meeting(meeting, states=(State.DRAFT, State.INVITED))
    _person, actor = as_chair_or_secretary(actor, meeting)
    Meeting.plain.filter(pk=meeting.pk).update(state=State.RUNNING)
    tell(meeting)
    record("meetings.meeting.opened", target=meeting, actor=actor)


@transaction.atomic
def close_meeting(*, meeting: Meeting, actor: Actor) -> None:
    """End the session; what was concluded can still be put into words until it is published."""
    meeting = lock_meeting(meeting, states=(State.RUNNING,))
    _person, actor = as_chair_or_secretary(actor, meeting)
    Meeting.plain.filter(pk=meeting.pk).update(state=State.CLOSED)
    tell(meeting)
    record("meetings.meeting.closed", target=meeting, actor=actor)


@transaction.atomic
def add_attendance(
    *,
    meeting: Meeting,
    unit: Unit,
    name: str,
    actor: Actor,
    position: str = "",
    receipt_key: UUID | None = None,
) -> Attendance:
    """
    Expect one more person of a unit that takes part: a substitute or a guest (M5, M6).

    :raises UnitNotInvited: for a unit that neither convenes nor is called
    :raises AlreadyExpected: if the unit's name is on the roll
    """
    meeting = lock_meeting(meeting, states=(State.DRAFT, State.INVITED, State.RUNNING))
    _person, actor = as_secretary(actor, meeting)
    if earlier := receipts.find(receipt_key, actor):
        return Attendance.objects.system("the same form posted twice").get(pk=earlier["attendance"])
    if unit.pk != meeting.unit_id and not meeting.invites.filter(unit=unit).exists():
        raise UnitNotInvited(unit)
    row, is_new = Attendance.plain.get_or_create(
        meeting=meeting, unit=unit, name=clean(name).strip(), defaults={"position": clean(position).strip()}
    )
    if not is_new:
        raise AlreadyExpected(row)
    receipts.keep(receipt_key, actor, {"attendance": row.pk})
    tell(meeting)
    record("meetings.attendance.added", target=meeting, actor=actor, data={"attendance": row.pk})
    return row


@transaction.atomic
def mark_attendance(*, attendance: Attendance, state: str, actor: Actor, reason: str = "") -> None:
    """
    Mark one person, by themselves or by the secretary.

    :raises ReasonMissing: for an excused absence without a reason
    :raises NotAllowed: for anybody else's row
    """
    if state == Attendance.State.ABSENT_EXCUSED and not reason.strip():
        raise ReasonMissing
    meeting = lock_meeting(attendance.meeting, states=(State.INVITED, State.RUNNING))
    is_own = attendance.person_id == person_of(actor).pk
    if not is_own:
        _person, actor = as_secretary(actor, meeting)
    rows = Attendance.plain.filter(pk=attendance.pk)
    rows.update(state=state, reason=clean(reason).strip(), marked_at=clock.now())
    tell(meeting)
    data = {"attendance": attendance.pk, "state": state, "by_self": is_own}
    record("meetings.attendance.marked", target=meeting, actor=actor, data=data)


@transaction.atomic
def write_minutes(*, item: AgendaItem, text: str, expected_version: int, actor: Actor) -> int:
    """
    Save what the secretary typed under one item and return its new version.

    :raises MinutesChanged: if the item's version is no longer `expected_version`; nothing is overwritten
    """
    meeting = lock_meeting(item.meeting, states=(State.RUNNING, State.CLOSED))
    person, actor = as_secretary(actor, meeting)
    saved = AgendaItem.plain.filter(pk=item.pk, text_version=expected_version).update(
        text=clean(text), text_version=F("text_version") + 1, edited_by=person, edited_at=clock.now()
    )
    if not saved:
        raise MinutesChanged(AgendaItem.plain.select_related("edited_by").get(pk=item.pk))
    tell(meeting)
    data = {"item": item.pk, "version": expected_version + 1, "characters": len(text)}
    record("meetings.minutes.written", target=meeting, actor=actor, data=data)
    return expected_version + 1
