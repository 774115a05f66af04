"""What the list of meetings and the meeting room read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from core import clock
from meetings import policies
from meetings.models import Attendance, Conclusion, Meeting
from organizations.models import Unit, User
from organizations.selectors import organs_below

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from meetings.models import AgendaItem

STATIONS = (
    Meeting.State.DRAFT, Meeting.State.INVITED, Meeting.State.RUNNING, Meeting.State.CLOSED, Meeting.State.PUBLISHED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Station:
    """One station on a meeting's way, for the routing strip."""

    name: str
    state: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """A meeting as one person sees it now."""

    meeting: Meeting
    agenda: Sequence[AgendaItem]
    attendance: Sequence[Attendance]
    conclusions: Sequence[Conclusion]
    follow_up: Sequence[Conclusion]
    present: int
    planned_minutes: int
    is_secretary: bool
    is_chair: bool
    may_call_off: bool
    chair_principal: str

    @property
    def stations(self) -> list[Station]:
        """Where the meeting stands between being prepared and its conclusions; a cancelled one stands nowhere."""
        if self.meeting.state not in STATIONS:
            return []
        here = STATIONS.index(Meeting.State(self.meeting.state))
        is_over = here == len(STATIONS) - 1
        return [
            Station(str(station.label), "done" if place < here or is_over else "now" if place == here else "next")
            for place, station in enumerate(STATIONS)
        ]

    @property
    def may_run(self) -> bool:
        return self.is_secretary or self.is_chair

    @property
    def may_expect(self) -> bool:
        """Whether the roll may grow: the secretary's, until the session ends (M6)."""
        return self.is_secretary and self.meeting.is_open

    @property
    def may_publish(self) -> bool:
        return self.is_chair and not self.chair_principal and self.meeting.state == Meeting.State.CLOSED

    @property
    def waits_for_chair(self) -> bool:
        """Publishing is the next act, and the person acts for the chair, who alone signs the minutes."""
        return bool(self.chair_principal) and self.meeting.state == Meeting.State.CLOSED

    @property
    def may_write(self) -> bool:
        return self.is_secretary and self.meeting.state in {Meeting.State.RUNNING, Meeting.State.CLOSED}

    @property
    def may_conclude(self) -> bool:
        return self.may_run and self.meeting.state in {Meeting.State.RUNNING, Meeting.State.CLOSED}


def meetings_of(user: User) -> QuerySet[Meeting]:
    """The meetings a person may see, newest first."""
    done = Q(conclusions__state=Conclusion.State.PUBLISHED)
    visible: QuerySet[Meeting] = Meeting.objects.visible_to(user)
    return (
        visible.select_related("unit", "chair_post", "minutes_document")
        .prefetch_related("unit__names")
        .annotate(conclusion_count=Count("conclusions", filter=done, distinct=True))
        .order_by("-starts_at", "-id")
    )


def meeting_room(meeting: Meeting, user: User) -> Room:
    """
    Everything the room shows, for a meeting that `user` may see.

    The caller has found the meeting through `visible_to`; its rows share its visibility.
    """
    now = clock.now()
    attendance = list(meeting.attendance.select_related("unit").order_by("unit__path", "id"))
    agenda = list(meeting.agenda.select_related("edited_by").order_by("order"))
    not_begun = meeting.state in {Meeting.State.DRAFT, Meeting.State.INVITED}
    here = {Attendance.State.PRESENT, Attendance.State.ONLINE, Attendance.State.LATE}
    return Room(
        meeting=meeting,
        agenda=agenda,
        attendance=attendance,
        conclusions=_conclusions(meeting),
        follow_up=_open_conclusions(meeting.previous),
        present=sum(row.state in here for row in attendance),
        planned_minutes=sum(item.minutes for item in agenda),
        is_secretary=policies.is_secretary(user, meeting, now),
        is_chair=policies.is_chair(user, meeting, now),
        may_call_off=not_begun and policies.can_call_off(user, meeting, now),
        chair_principal=_chair_principal(meeting, user, now),
    )


def _chair_principal(meeting: Meeting, user: User, at: datetime) -> str:
    """For whom the person acts as chair; empty for the chair and for everybody else."""
    principal = policies.principal_among(policies.claims_by_post(user, [meeting.chair_post_id], at))
    return str(User.objects.get(pk=principal)) if principal else ""


def _conclusions(meeting: Meeting) -> list[Conclusion]:
    rows = meeting.conclusions.select_related("lead", "dispatch").prefetch_related(
        "lead__names", "supports__unit__names"
    )
    return list(rows.order_by("number"))


def _open_conclusions(previous: Meeting | None) -> list[Conclusion]:
    """Item 1 of a briefing: what the last one decided, with the state of each delivery (M13)."""
    if previous is None:
        return []
    rows = previous.conclusions.filter(state=Conclusion.State.PUBLISHED)
    return list(
        rows.select_related("lead", "dispatch")
        .prefetch_related("lead__names", "dispatch__deliveries__unit__names")
        .order_by("number")
    )


def units_to_invite(meeting: Meeting) -> QuerySet[Unit]:
    """The organs directly below the convening one that are not called yet."""
    below = organs_below(meeting.unit).filter(depth=meeting.unit.depth + 1)
    return below.exclude(pk__in=meeting.invites.values("unit"))


def attending_units(meeting: Meeting) -> QuerySet[Unit]:
    """The units whose people sit in the room: the convening one and those it called."""
    taking_part = Q(pk=meeting.unit_id) | Q(pk__in=meeting.invites.values("unit"))
    units: QuerySet[Unit] = Unit.objects.filter(taking_part).prefetch_related("names").order_by("path")
    return units


def invited_units(meeting: Meeting) -> QuerySet[Unit]:
    """The units that conclusions may name."""
    ids = meeting.invites.values("unit")
    units: QuerySet[Unit] = Unit.objects.filter(pk__in=ids).prefetch_related("names").order_by("path")
    return units
