"""What operators ask of the index, and what verification found. The index itself can always be made anew; these rows cannot."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock


class IndexRequest(models.Model):
    """
    Something that the indexer, the index's only writer, shall do; open until it is finished.

    A switch to another engine is done by the command itself: its row is what the audit chain points to.
    """

    class Kind(models.TextChoices):
        REBUILD = "REBUILD", _("Make the index anew")
        PURGE = "PURGE", _("Forget old deletions")
        SWITCH = "SWITCH", _("Ask another engine")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    asked_at = models.DateTimeField(default=clock.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], name="open_index_request", condition=Q(finished_at=None))]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Verification(models.Model):
    """One comparison of the index with the database; `findings` are facts, `search.verification` makes sentences of them."""

    at = models.DateTimeField(default=clock.now, db_index=True)
    engine = models.CharField(max_length=20, blank=True)
    generation = models.CharField(max_length=80, blank=True)
    checked = models.PositiveIntegerField(default=0)
    documents = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    findings = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {len(self.findings)}"
