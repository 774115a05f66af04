"""M1 to M4: a meeting is set down, gets its agenda, and units are called to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from audit import receipts
from audit.services import record
from core import clock
from core.vietnamese import clean
from meetings.models import AgendaItem, Attendance, Meeting, MeetingInvite
from meetings.services.guard import as_chair_or_secretary, as_convener, as_one_who_calls_off, lock_meeting, tell
from organizations.selectors import holders_of, leader_post

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from audit.models import Actor
    from organizations.models import Post, Unit

State = Meeting.State
BEFORE_THE_END = (State.DRAFT, State.INVITED, State.RUNNING)


@transaction.atomic
def convene_meeting(
    *,
    unit: Unit,
    title: str,
    starts_at: datetime,
    chair_post: Post,
    secretary_post: Post,
    actor: Actor,
    period: str = "",
    mode: str = Meeting.Mode.HYBRID,
    place: str = "",
    link: str = "",
    units: Iterable[Unit] = (),
    receipt_key: UUID | None = None,
) -> Meeting:
    """
    Set a meeting down and call units to it; item 1 follows up the unit's last published one (M2).

    :param starts_at: aware datetime
    :param units: called under the right of whoever convenes; without any the meeting stays a draft
    :raises NotAllowed: if the actor does not belong to the unit's office
    """
    person, actor = as_convener(actor, unit)
    if earlier := receipts.find(receipt_key, actor):
        return Meeting.objects.system("the same form posted twice").get(pk=earlier["meeting"])
    meeting = Meeting.plain.create(
        unit=unit, title=title, period=period, starts_at=starts_at, mode=mode, place=place, link=link,
        chair_post=chair_post, secretary_post=secretary_post, previous=_last_published(unit), created_by=person,
    )  # fmt: skip
    if meeting.previous:
        AgendaItem.plain.create(
            meeting=meeting, order=1, title=_("Follow-up of the last meeting's conclusions"), is_follow_up=True
        )
    _expect_people(meeting, unit)
    receipts.keep(receipt_key, actor, {"meeting": meeting.pk})
    record("meetings.meeting.convened", target=meeting, actor=actor, data={"title": title, "unit": unit.code})
    if called := list(units):
        _call(meeting, called, actor)
    return meeting


def _last_published(unit: Unit) -> Meeting | None:
    published = Meeting.objects.system("the series of one unit").filter(unit=unit, state=State.PUBLISHED)
    return published.order_by("-starts_at", "-id").first()


@transaction.atomic
def add_agenda_item(
    *,
    meeting: Meeting,
    title: str,
    actor: Actor,
    presenter: str = "",
    minutes: int = 10,
    receipt_key: UUID | None = None,
) -> AgendaItem:
    """Append a point to the agenda. `minutes` is the planned duration."""
    meeting = lock_meeting(meeting, states=BEFORE_THE_END)
    _person, actor = as_chair_or_secretary(actor, meeting)
    if earlier := receipts.find(receipt_key, actor):
        return AgendaItem.objects.system("the same form posted twice").get(pk=earlier["item"])
    last = meeting.agenda.aggregate(last=Max("order"))["last"] or 0
    item = AgendaItem.plain.create(meeting=meeting, order=last + 1, title=title, presenter=presenter, minutes=minutes)
    receipts.keep(receipt_key, actor, {"item": item.pk})
    tell(meeting)
    record("meetings.agenda.item_added", target=meeting, actor=actor, data={"item": item.pk, "title": title})
    return item


@transaction.atomic
def move_agenda_item(*, item: AgendaItem, up: bool, actor: Actor) -> None:
    """Swap a point with its neighbour; at either end nothing happens."""
    meeting = lock_meeting(item.meeting, states=BEFORE_THE_END)
    _person, actor = as_chair_or_secretary(actor, meeting)
    item = meeting.agenda.get(pk=item.pk)  # its place may have changed while the lock was waited for
    neighbours = meeting.agenda.filter(order__lt=item.order) if up else meeting.agenda.filter(order__gt=item.order)
    other = neighbours.order_by("-order" if up else "order").first()
    if other is None:
        return
    AgendaItem.plain.filter(pk__in=[item.pk, other.pk]).update(order=item.order + other.order - F("order"))
    tell(meeting)
    record("meetings.agenda.item_moved", target=meeting, actor=actor, data={"item": item.pk, "up": up})


@transaction.atomic
def invite_units(*, meeting: Meeting, units: Iterable[Unit], actor: Actor) -> list[MeetingInvite]:
    """
    Call units to the meeting; their leaders are expected until the units name others.

    Calling a unit twice changes nothing. The first call moves a draft to convened.
    """
    meeting = lock_meeting(meeting, states=BEFORE_THE_END)
    _person, actor = as_chair_or_secretary(actor, meeting)
    return _call(meeting, units, actor)


@transaction.atomic
def call_off_meeting(*, meeting: Meeting, reason: str, actor: Actor) -> None:
    """
    A meeting that will not take place; those who were called see it with the reason (domain.md 18).

    :raises WrongMeetingState: once it was opened
    :raises NotAllowed: for anybody but the convening office, the chair and the secretary
    """
    meeting = lock_meeting(meeting, states=(State.DRAFT, State.INVITED))
    _person, actor = as_one_who_calls_off(actor, meeting)
    reason = clean(reason).strip()
    Meeting.plain.filter(pk=meeting.pk).update(state=State.CANCELLED, cancel_reason=reason)
    tell(meeting)
    record("meetings.meeting.called_off", target=meeting, actor=actor, data={"reason": reason})


def _call(meeting: Meeting, units: Iterable[Unit], actor: Actor) -> list[MeetingInvite]:
    """Call units to a meeting that is locked, or that nobody else knows of yet."""
    known = set(meeting.invites.values_list("unit_id", flat=True))
    new = [unit for unit in units if unit.pk not in known]
    invites = MeetingInvite.plain.bulk_create(MeetingInvite(meeting=meeting, unit=unit) for unit in new)
    for unit in new:
        _expect_people(meeting, unit)
    if meeting.state == State.DRAFT:
        meeting.state = State.INVITED
        Meeting.plain.filter(pk=meeting.pk).update(state=meeting.state)
    tell(meeting)
    record("meetings.meeting.units_invited", target=meeting, actor=actor, data={"units": [u.code for u in new]})
    return invites


def _expect_people(meeting: Meeting, unit: Unit) -> None:
    """One attendance row per person who leads the unit today, with the name and post of the day (M4)."""
    post = leader_post(unit)
    if post is None:
        return
    rows = [
        Attendance(meeting=meeting, unit=unit, person=person, name=person.full_name, position=post.title)
        for person in holders_of(post, clock.now())
    ]
    Attendance.plain.bulk_create(rows, ignore_conflicts=True)
