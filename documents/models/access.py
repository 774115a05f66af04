"""For whom a paper is, and how papers hang together."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.models.document import Document


class DocumentAccess(models.Model):
    """One reader token on one paper, for one cause; it ends with its cause."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="access")
    token = models.CharField(max_length=60)
    cause = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token", "document", "cause"], name="one_grant_per_cause"),
        ]
        indexes = [models.Index(fields=["document", "token"], name="access_by_document")]

    def __str__(self) -> str:
        return f"{self.token} ({self.cause})"


class DocumentLink(models.Model):
    """One paper carries out, answers, replaces or cites another, or was found to be the same or another one."""

    class Kind(models.TextChoices):
        IMPLEMENTS = "IMPLEMENTS", _("Carries out")
        ANSWERS = "ANSWERS", _("Answers")
        REPLACES = "REPLACES", _("Replaces")
        CITES = "CITES", _("Refers to")
        SAME = "SAME", _("Is the same paper as")  # by another route; both are kept
        DIFFERS = "DIFFERS", _("Is another paper than")  # although they look alike: a person has compared them

    source = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="links")
    target = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=Kind.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target", "kind"], name="one_link_per_kind")]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.target}"
