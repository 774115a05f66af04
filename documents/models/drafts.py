"""Versions of a draft; judgements name the version they judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models

from core import clock
from documents.models.document import Document, DocumentChild
from documents.models.files import DocumentFile
from organizations.managers import ProtectedManager

if TYPE_CHECKING:
    from django.db.models import Q

    from organizations.models import User


class DraftVersion(DocumentChild):
    """One version of a draft, bound to the hash of its file."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="drafts")
    version = models.PositiveIntegerField()
    file = models.OneToOneField(DocumentFile, on_delete=models.PROTECT, related_name="draft")
    comment = models.CharField(max_length=1000, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    plain = models.Manager["DraftVersion"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"
        constraints = [models.UniqueConstraint(fields=["document", "version"], name="one_row_per_draft_version")]

    def __str__(self) -> str:
        return f"v{self.version}"

    @classmethod
    def visible_filter(cls, user: User) -> Q:
        """Versions and their comments stay in the unit that drafted the paper."""
        return DocumentFile.visible_through("file__", user)
