"""One paper is one row, however many units hold it; direction and numbers stand on registers and cases (domain.md 14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from documents.models.readers import readable
from organizations.managers import ProtectedManager

if TYPE_CHECKING:
    from organizations.models import User


class DocumentType(models.Model):
    """A kind of paper with its abbreviation in symbols; a catalogue that only people read, so rows (domain.md 4)."""

    name = models.CharField(_("Name"), max_length=60, unique=True)
    abbreviation = models.CharField(_("Abbreviation"), max_length=10, blank=True)
    order = models.PositiveSmallIntegerField(default=100)
    is_offered = models.BooleanField(_("Offered for new papers"), default=True)

    def __str__(self) -> str:
        return self.name


class Validity(models.TextChoices):
    """What a paper is worth."""

    UNCONFIRMED = "UNCONFIRMED", _("Not confirmed yet")
    DRAFT = "DRAFT", _("Draft")
    IN_FORCE = "IN_FORCE", _("In force")
    WITHDRAWN = "WITHDRAWN", _("Withdrawn")
    QUARANTINED = "QUARANTINED", _("Locked away")


class ReadState(models.TextChoices):
    """How far the reading of its pages has come."""

    QUEUED = "QUEUED", _("Waiting to be read")
    READING = "READING", _("Being read")
    READ = "READ", _("Read")
    PARTIAL = "PARTIAL", _("Read in part")
    FAILED = "FAILED", _("Could not be read")
    QUARANTINED = "QUARANTINED", _("Locked away")


class Urgency(models.IntegerChoices):
    """Degrees of urgency (domain.md 7)."""

    NONE = 0, _("Ordinary")
    URGENT = 1, _("Urgent")
    VERY_URGENT = 2, _("Very urgent")
    IMMEDIATE = 3, _("Immediate")


class Document(models.Model):
    """Identity and facts of a paper; no workflow state."""

    owner_unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=12, choices=Validity.choices, default=Validity.UNCONFIRMED)
    read_state = models.CharField(max_length=12, choices=ReadState.choices, default=ReadState.QUEUED)
    read_reason = models.CharField(max_length=30, blank=True)
    read_seconds = models.FloatField(null=True)
    pages_total = models.PositiveIntegerField(default=0)
    pages_done = models.PositiveIntegerField(default=0)
    doc_type = models.ForeignKey(DocumentType, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField(max_length=12, blank=True)
    symbol = models.CharField(max_length=60, blank=True)
    symbol_norm = models.CharField(max_length=80, blank=True, db_index=True)
    issuer = models.CharField(max_length=300, blank=True)
    parent_organ = models.CharField(max_length=300, blank=True)
    issue_date = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=100, blank=True)
    subject = models.CharField(max_length=1000, blank=True)
    signer = models.CharField(max_length=150, blank=True)
    signer_title = models.CharField(max_length=150, blank=True)
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, default=Urgency.NONE)
    due_date = models.DateField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(default=0)
    cleared_at = models.DateTimeField(null=True)  # the security officer found that a mark on it is none
    version = models.PositiveIntegerField(default=1)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    plain = models.Manager["Document"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"
        constraints = [models.CheckConstraint(condition=Q(level__lte=2), name="level_is_0_to_2")]
        indexes = [
            models.Index(fields=["owner_unit", "-created_at"], name="document_by_owner"),
            models.Index(fields=["-issue_date", "-id"], name="document_by_date"),
            models.Index(fields=["id"], name="document_to_read", condition=Q(read_state__in=["QUEUED", "READING"])),
        ]

    def __str__(self) -> str:
        return self.full_symbol or self.subject or _("Paper no. %(id)s") % {"id": self.pk}

    @classmethod
    def visible_filter(cls, user: User) -> Q:
        return Q(pk__in=readable(user))

    @property
    def full_symbol(self) -> str:
        """Number and symbol as printed, 05/CT-TLĐ; empty until both are known."""
        return f"{self.number}/{self.symbol}" if self.number and self.symbol else self.number or self.symbol

    @property
    def type_and_subject(self) -> str:
        """How people name a paper, as in the books (domain.md 6): “Chỉ thị về đẩy mạnh…”; without either, its number."""
        kind = self.doc_type.name if self.doc_type else ""
        subject = self.subject
        if subject.lower().startswith(kind.lower()):
            return subject or str(self)
        return f"{kind} {'v' + subject[1:] if subject.startswith('Về ') else subject}".strip()

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


class DocumentChild(models.Model):
    """A row of a paper: whoever may see the paper may see it."""

    class Meta:
        abstract = True

    @classmethod
    def visible_filter(cls, user: User) -> Q:
        return Q(document__in=readable(user))
