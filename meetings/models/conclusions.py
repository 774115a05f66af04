"""What was decided: each conclusion names who leads and until when, before it may be published (M9)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models.meetings import AgendaItem, Meeting, MeetingChild
from organizations.managers import ProtectedManager


class Conclusion(MeetingChild):
    """A decision of a meeting; published, it is a directive tracked like any other (M12)."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        PUBLISHED = "PUBLISHED", _("Published")
        CANCELLED = "CANCELLED", _("Cancelled")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="conclusions")
    agenda_item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, null=True, related_name="conclusions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    lead = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    due_date = models.DateField(null=True)
    measure = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    cancel_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1)
    dispatch = models.OneToOneField("exchange.Dispatch", on_delete=models.PROTECT, null=True, related_name="+")

    plain = models.Manager["Conclusion"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="one_conclusion_per_number"),
            models.CheckConstraint(
                condition=~Q(state="PUBLISHED") | Q(lead__isnull=False, due_date__isnull=False),
                name="published_conclusion_has_lead_and_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(state="CANCELLED") | ~Q(cancel_reason=""), name="cancelled_conclusion_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:80]}"

    @property
    def is_complete(self) -> bool:
        return self.lead_id is not None and self.due_date is not None


class ConclusionSupport(MeetingChild):
    """A unit that helps the lead."""

    conclusion = models.ForeignKey(Conclusion, on_delete=models.CASCADE, related_name="supports")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")

    plain = models.Manager["ConclusionSupport"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"
        constraints = [models.UniqueConstraint(fields=["conclusion", "unit"], name="one_support_per_unit")]

    def __str__(self) -> str:
        return str(self.unit)

    @classmethod
    def visible_filter(cls, user: object) -> Q:
        return Q(conclusion__meeting__in=Meeting.objects.visible_to(user).values("pk"))  # type: ignore[arg-type]
