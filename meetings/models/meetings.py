"""The meeting itself: convened by one unit, attended by units of any tier (domain.md 18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models.scope import meeting_scope
from organizations.managers import ProtectedManager

if TYPE_CHECKING:
    from organizations.models import User


LONGEST_LINK = 1000  # links to video rooms carry keys


class Meeting(models.Model):
    """One briefing of one unit; its minutes become a numbered paper when it is published."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Being prepared")
        INVITED = "INVITED", _("Convened")
        RUNNING = "RUNNING", _("In session")
        CLOSED = "CLOSED", _("Closed, minutes not published")
        PUBLISHED = "PUBLISHED", _("Conclusions published")
        CANCELLED = "CANCELLED", _("Cancelled")

    class Mode(models.TextChoices):
        IN_PERSON = "IN_PERSON", _("In person")
        ONLINE = "ONLINE", _("Online")
        HYBRID = "HYBRID", _("In person and online")

    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    period = models.CharField(max_length=60, blank=True)
    starts_at = models.DateTimeField()
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.HYBRID)
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=LONGEST_LINK, blank=True)
    chair_post = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, related_name="+")
    secretary_post = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, related_name="+")
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="following")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    cancel_reason = models.CharField(max_length=300, blank=True, default="", db_default="")
    has_no_conclusions = models.BooleanField(default=False)
    minutes_document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    plain = models.Manager["Meeting"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"
        indexes = [models.Index(fields=["unit", "-starts_at"], name="meeting_by_unit")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="CANCELLED") | ~Q(cancel_reason=""), name="cancelled_meeting_has_a_reason"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def visible_filter(cls, user: User) -> Q:
        """Those who convene, chair or write it see it always; the invited units from the invitation on."""
        scope = meeting_scope(user)
        convening = Q(unit__in=scope.office_units) | Q(chair_post__in=scope.posts) | Q(secretary_post__in=scope.posts)
        invited = Q(pk__in=MeetingInvite.plain.filter(unit__in=scope.staff_units).values("meeting"))
        return convening | (invited & ~Q(state=cls.State.DRAFT))

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.DRAFT, self.State.INVITED, self.State.RUNNING}


class MeetingChild(models.Model):
    """A row of a meeting: whoever may see the meeting may see it."""

    class Meta:
        abstract = True

    @classmethod
    def visible_filter(cls, user: User) -> Q:
        return Q(meeting__in=Meeting.objects.visible_to(user).values("pk"))


class MeetingInvite(MeetingChild):
    """A unit that is called to the meeting (M4: units are invited, they name their people)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="invites")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")

    plain = models.Manager["MeetingInvite"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"
        constraints = [models.UniqueConstraint(fields=["meeting", "unit"], name="one_invite_per_unit")]

    def __str__(self) -> str:
        return str(self.unit)


class AgendaItem(MeetingChild):
    """A point of the agenda and what the secretary wrote under it. Item 1 follows up the last meeting (M2)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    presenter = models.CharField(max_length=150, blank=True)
    minutes = models.PositiveSmallIntegerField(default=10, help_text=_("Planned duration in minutes"))
    is_follow_up = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    text_version = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True)

    plain = models.Manager["AgendaItem"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "order"], name="one_item_per_place", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.title}"


class Attendance(MeetingChild):
    """One person expected or present, named as on the day: the row outlives posts and names (M4, M6)."""

    class State(models.TextChoices):
        UNMARKED = "UNMARKED", _("Not marked yet")
        PRESENT = "PRESENT", _("Present in person")
        ONLINE = "ONLINE", _("Present online")
        LATE = "LATE", _("Late")
        ABSENT_EXCUSED = "ABSENT_EXCUSED", _("Absent with a reason")
        ABSENT = "ABSENT", _("Absent")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=150)
    position = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=15, choices=State.choices, default=State.UNMARKED)
    reason = models.CharField(max_length=300, blank=True)
    marked_at = models.DateTimeField(null=True)

    plain = models.Manager["Attendance"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "unit", "name"], name="one_attendance_per_name"),
            models.CheckConstraint(
                condition=~Q(state="ABSENT_EXCUSED") | ~Q(reason=""), name="excused_absence_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.name
