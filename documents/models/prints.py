"""By what a paper is known again when it comes by another route (I3)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from documents.models.document import Document, DocumentChild
from organizations.managers import ProtectedManager


class PaperPrint(DocumentChild):
    """
    What was read or confirmed of a paper's identity, and the print of its text (`core.likeness`).

    `is_sure` where a person confirmed number and date, or they were read without doubt.
    """

    document = models.OneToOneField(Document, on_delete=models.PROTECT, primary_key=True, related_name="print")
    symbol_norm = models.CharField(max_length=80, blank=True, db_index=True)
    issuer = models.CharField(max_length=300, blank=True)
    issue_date = models.DateField(null=True)
    is_sure = models.BooleanField(default=False)
    minima = models.BinaryField(blank=True)
    bands = ArrayField(models.IntegerField(), default=list)

    plain = models.Manager["PaperPrint"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"
        indexes = [GinIndex(fields=["bands"], name="print_by_bands")]

    def __str__(self) -> str:
        return self.symbol_norm
