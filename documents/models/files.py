"""Bytes, pages and what was read on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from documents.models.document import Document, DocumentChild, Validity
from documents.models.readers import drafted, readable
from organizations.managers import ProtectedManager

if TYPE_CHECKING:
    from organizations.models import User


class DocumentFile(DocumentChild):
    """
    A file of a paper: its bytes lie under their hash and are never rewritten.

    An archive copy (searchable PDF/A) names the file that it was made of, which says what its copy was made by and from.
    """

    class Kind(models.TextChoices):
        SCAN = "SCAN", _("As received")
        DRAFT = "DRAFT", _("Draft")
        ISSUED = "ISSUED", _("As issued")
        ATTACHMENT = "ATTACHMENT", _("Attachment")
        SOURCE = "SOURCE", _("Scan of several papers")  # as received, before it was split
        ARCHIVE = "ARCHIVE", _("Archive copy")

    class CopyState(models.TextChoices):
        """Whether there is a copy for reading and keeping; empty while nobody has tried."""

        MADE = "MADE", _("PDF/A copy beside it")
        NOT_PDFA = "NOT_PDFA", _("not PDF/A")
        FAILED = "FAILED", _("No copy could be made")

    INSIDE = (Kind.DRAFT, Kind.SOURCE)

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    page_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    source = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    first_page = models.PositiveIntegerField(null=True)  # of the source, of which this file is pages first to last
    last_page = models.PositiveIntegerField(null=True)
    removed_at = models.DateTimeField(
        null=True
    )  # handed over by the security officer: the row stays, its bytes are gone
    is_signed = models.BooleanField(default=False)
    copy_of = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="archive_copy")
    copy_state = models.CharField(max_length=10, choices=CopyState.choices, blank=True)
    copy_recipe = models.CharField(max_length=80, blank=True)

    plain = models.Manager["DocumentFile"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"

    def __str__(self) -> str:
        return self.name

    @property
    def is_of_words(self) -> bool:
        """A file of an office program, old or new: no browser shows it, so people see what was read in it."""
        return self.media_type.startswith("application/") and self.media_type != "application/pdf"

    def texts(self) -> list[str]:
        """Page by page what was read in it; whoever may open the file may read them."""
        return list(self.pages.order_by("number").values_list("text", flat=True))

    @classmethod
    def visible_filter(cls, user: User) -> Q:
        """
        Versions of a draft, and scans of several papers, stay in the unit that has them; what is locked away is nobody's to open.

        The security officer sees that a paper is there, and judges it on paper (domain.md 7: no text, no preview).
        """
        return cls.visible_through("", user)

    @classmethod
    def visible_through(cls, path: str, user: User) -> Q:
        """The same for rows that hang on a file; `path` leads there, as "file__" does: joined, not asked for within."""
        inside = Q((f"{path}kind__in", cls.INSIDE)) & ~Q((f"{path}document__in", drafted(user)))
        locked = Q((f"{path}document__state", Validity.QUARANTINED))
        return Q((f"{path}document__in", readable(user)), (f"{path}removed_at__isnull", True)) & ~locked & ~inside


class Page(models.Model):
    """One page as it was read: written in one piece, never edited."""

    class Source(models.TextChoices):
        TEXT = "text", _("Text layer")
        LEGACY = "legacy", _("Text layer in an old encoding")
        OCR = "ocr", _("Recognised")
        BLANK = "blank", _("Blank")
        FAILED = "failed", _("Not readable")

    file = models.ForeignKey(DocumentFile, on_delete=models.PROTECT, related_name="pages")
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=10, choices=Source.choices)
    text = models.TextField(blank=True)
    boxes = models.BinaryField(blank=True)
    mean_confidence = models.FloatField(null=True)
    coverage = models.FloatField(null=True)  # share of what looks like text that has words
    width_pt = models.FloatField(default=0)
    height_pt = models.FloatField(default=0)
    reason = models.CharField(max_length=30, blank=True)
    key = models.CharField(max_length=64, blank=True, db_index=True)  # of the page as drawn, by which it is known again
    seen = models.JSONField(null=True)  # what the reading saw beside the text: second looks, marks, how the page lies
    turn = models.PositiveSmallIntegerField(default=0)
    needs_review = models.BooleanField(default=False)

    plain = models.Manager["Page"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="one_row_per_page")]

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def visible_filter(cls, user: User) -> Q:
        return DocumentFile.visible_through("file__", user)


class ExtractedField(DocumentChild):
    """A value proposed from the pages, and what the clerk made of it; unconfirmed values feed no report."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="fields")
    name = models.CharField(max_length=30)
    value = models.JSONField(null=True)
    confidence = models.FloatField(default=0)
    page = models.PositiveIntegerField(null=True)
    box = models.JSONField(null=True)
    alternatives = models.JSONField(default=list)
    confirmed_value = models.JSONField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    plain = models.Manager["ExtractedField"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"
        constraints = [models.UniqueConstraint(fields=["document", "name"], name="one_row_per_field")]

    def __str__(self) -> str:
        return self.name
