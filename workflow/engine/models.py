"""A process bound to its paper, and the read model of what waits."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process


class DocumentProcess(Process):  # type: ignore[misc]
    """
    A running or finished procedure of one unit on one paper.

    `version` counts the acts of this unit: another unit's act on the same paper is no conflict. `is_open` lives here since
    the engine's own status sits in the parent table, where no constraint can join it.
    """

    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    flow_key = models.CharField(max_length=30)
    is_open = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "unit", "flow_key"],
                condition=Q(is_open=True),
                name="one_open_process_per_paper_unit_flow",
            )
        ]

    def __str__(self) -> str:
        return f"{self.flow_key} {self.pk}"


class WorkItem(models.Model):
    """
    One human task as inboxes, badges and reports read it. It is the truth for nothing: tasks can rebuild it.

    `holder` is whom it waits for: `post:7`, `unit:12`, `user:3`. Written by the engine alone.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        DONE = "DONE", _("Done")
        CANCELLED = "CANCELLED", _("Cancelled")

    task = models.OneToOneField("viewflow.Task", on_delete=models.PROTECT, primary_key=True, related_name="item")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    flow = models.CharField(max_length=30)
    node = models.CharField(max_length=30)
    holder = models.CharField(max_length=40)
    role = models.CharField(max_length=7, blank=True)
    urgency = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=150, blank=True)
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    completed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    completed_for = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    completed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["holder", "due_at"], condition=Q(state="OPEN"), name="inbox"),
            models.Index(fields=["document", "state"], name="item_by_document"),
            models.Index(fields=["completed_by", "-completed_at"], condition=Q(state="DONE"), name="item_by_doer"),
        ]

    def __str__(self) -> str:
        return f"{self.node} {self.holder}"
