"""Cases, directions and assignments: what happened, in the office's own terms; they make sense without the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock, ids
from organizations.managers import ProtectedManager
from organizations.policies import reader_tokens
from workflow.engine.models import DocumentProcess, WorkItem

if TYPE_CHECKING:
    from organizations.models import User

__all__ = [
    "Assignment",
    "Direction",
    "DocumentProcess",
    "IncomingCase",
    "OutgoingCase",
    "ProgressReport",
    "Review",
    "WorkItem",
]


def own_units(user: User) -> set[int]:
    """The units whose inner work a person may see: never another unit's (domain.md 13)."""
    return {ids.unit_of_token(t) for t in reader_tokens(user, clock.now()) if t.startswith("unit:")}


class Case(models.Model):
    """What both procedures share: a paper, the unit that works on it, the process that conducts."""

    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True

    @classmethod
    def visible_filter(cls, user: User) -> Q:
        return Q(unit__in=own_units(user))


class IncomingCase(Case):
    """
    A paper that a unit received: from its arrival number to done (domain.md 15).

    A paper that is sent again once its case is over is a new case under the old number.
    """

    class State(models.TextChoices):
        REGISTERED = "REGISTERED", _("Registered")
        PRESENTED = "PRESENTED", _("Awaiting direction")
        ASSIGNED = "ASSIGNED", _("Assigned")
        IN_PROGRESS = "IN_PROGRESS", _("In progress")
        REPORTED = "REPORTED", _("Reported, awaiting the leader")
        DONE = "DONE", _("Done")
        VOIDED = "VOIDED", _("Number struck out")
        LOCKED = "LOCKED", _("Locked away")

    process = models.OneToOneField(DocumentProcess, on_delete=models.PROTECT, null=True, related_name="incoming")
    delivery = models.OneToOneField("exchange.Delivery", on_delete=models.PROTECT, null=True, related_name="case")
    entry = models.ForeignKey("documents.RegisterEntry", on_delete=models.PROTECT, related_name="cases")
    leader_post = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.REGISTERED)
    return_reason = models.CharField(max_length=1000, blank=True)
    due_date = models.DateField(null=True)

    plain = models.Manager["IncomingCase"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"

    def __str__(self) -> str:
        return f"{self.document} / {self.unit}"


class CaseChild(models.Model):
    """A row of an incoming case."""

    class Meta:
        abstract = True

    @classmethod
    def visible_filter(cls, user: User) -> Q:
        return Q(case__unit__in=own_units(user))


class Direction(CaseChild):
    """Bút phê: a leader's words on a paper; append-only."""

    case = models.ForeignKey(IncomingCase, on_delete=models.PROTECT, related_name="directions")
    leader = models.JSONField()
    text = models.TextField()
    due_date = models.DateField(null=True)
    at = models.DateTimeField(default=clock.now)

    plain = models.Manager["Direction"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"

    def __str__(self) -> str:
        return self.text[:80]


class Assignment(CaseChild):
    """
    Work given to a unit or a post, never to a person.

    `parent`: the assignment of which this one was handed on within the unit (I8); the report of a part counts for the whole.
    """

    class Role(models.TextChoices):
        LEAD = "LEAD", _("Lead")
        SUPPORT = "SUPPORT", _("Support")
        FYI = "FYI", _("For information")

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        DONE = "DONE", _("Done")
        HANDED_ON = "HANDED_ON", _("Handed on")
        RETURNED = "RETURNED", _("Returned")
        CLOSED = "CLOSED", _("Closed by the office")

    case = models.ForeignKey(IncomingCase, on_delete=models.PROTECT, related_name="assignments")
    direction = models.ForeignKey(Direction, on_delete=models.PROTECT, related_name="assignments")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=7, choices=Role.choices)
    due_date = models.DateField(null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    note = models.CharField(max_length=1000, blank=True)

    plain = models.Manager["Assignment"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, post__isnull=True) | Q(unit__isnull=True, post__isnull=False),
                name="assignment_is_to_a_unit_or_a_post",
            ),
            models.UniqueConstraint(
                fields=["direction"], condition=Q(role="LEAD", parent__isnull=True), name="one_lead_per_direction"
            ),
            models.UniqueConstraint(fields=["parent"], condition=Q(state="OPEN"), name="one_open_part_per_assignment"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.assignee}"

    @property
    def assignee(self) -> str:
        """Name of the unit or title of the post."""
        return str(self.unit or self.post)

    @property
    def holder(self) -> str:
        """Whom the work waits for."""
        return ids.unit_key(self.unit_id) if self.unit_id else ids.post_key(self.post_id or 0)


class ProgressReport(models.Model):
    """What an assignee says was done."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="reports")
    text = models.TextField()
    reply_document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    by = models.JSONField()
    at = models.DateTimeField(default=clock.now)

    plain = models.Manager["ProgressReport"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"

    def __str__(self) -> str:
        return self.text[:80]

    @classmethod
    def visible_filter(cls, user: User) -> Q:
        return Q(assignment__case__unit__in=own_units(user))


class OutgoingCase(Case):
    """A paper on its way out: drafted, approved, numbered, issued (domain.md 16)."""

    class State(models.TextChoices):
        DRAFTING = "DRAFTING", _("Being drafted")
        SUBMITTED = "SUBMITTED", _("Awaiting approval")
        APPROVED = "APPROVED", _("Approved, awaiting its number")
        RETURNED = "RETURNED", _("Returned to the drafter")
        ISSUED = "ISSUED", _("Issued")
        LOCKED = "LOCKED", _("Locked away")

    process = models.OneToOneField(DocumentProcess, on_delete=models.PROTECT, null=True, related_name="outgoing")
    drafter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signer_post = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, related_name="+")
    recipients = models.JSONField(default=list)
    groups = models.JSONField(default=list)
    must_act = models.BooleanField(default=True)
    due_date = models.DateField(null=True)
    source = models.ForeignKey(IncomingCase, on_delete=models.PROTECT, null=True, related_name="answers")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFTING)
    return_reason = models.CharField(max_length=1000, blank=True)
    approved_version = models.PositiveIntegerField(null=True)

    plain = models.Manager["OutgoingCase"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"

    def __str__(self) -> str:
        return f"{self.document} / {self.unit}"


class Review(models.Model):
    """A judgement on one version of a draft, bound to the hash of its file."""

    class Decision(models.TextChoices):
        APPROVED = "APPROVED", _("Approved")
        RETURNED = "RETURNED", _("Returned")

    case = models.ForeignKey(OutgoingCase, on_delete=models.PROTECT, related_name="reviews")
    version = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    decision = models.CharField(max_length=8, choices=Decision.choices)
    comment = models.CharField(max_length=1000, blank=True)
    by = models.JSONField()
    at = models.DateTimeField(default=clock.now)

    plain = models.Manager["Review"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"
        constraints = [
            models.CheckConstraint(
                condition=~Q(decision="RETURNED") | ~Q(comment=""), name="returned_draft_has_a_reason"
            )
        ]

    def __str__(self) -> str:
        return f"v{self.version} {self.decision}"

    @classmethod
    def visible_filter(cls, user: User) -> Q:
        return Q(case__unit__in=own_units(user))
