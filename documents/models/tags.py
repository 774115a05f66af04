"""Words that the office which owns a paper keeps it under; whoever may see the paper sees them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.models.document import Document, DocumentChild
from organizations.managers import ProtectedManager

LONGEST_TAG = 40


class DocumentTag(DocumentChild):
    """One word or a few; spelled as typed, compared without regard to case and marks."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="tags")
    name = models.CharField(_("Tag"), max_length=LONGEST_TAG)

    plain = models.Manager["DocumentTag"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"
        constraints = [models.UniqueConstraint(fields=["document", "name"], name="one_row_per_tag")]

    def __str__(self) -> str:
        return self.name
