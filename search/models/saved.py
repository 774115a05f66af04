"""Searches that people keep, what they hear of by them, and the mails that said so."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from documents.models import Document
from documents.selectors import NOT_FOUND
from organizations.managers import ProtectedManager

if TYPE_CHECKING:
    from organizations.models import User

LONGEST_NAME, LONGEST_QUERY, LONGEST_REST = 80, 1_000, 2_000


class SavedSearch(models.Model):
    """
    A search as its address keeps it: the words apart, the rest as they stand behind the question mark.

    `looked_upto` is the place of the feed up to which an alert has looked.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("Name"), max_length=LONGEST_NAME)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    parameters = models.CharField(max_length=LONGEST_REST, blank=True)
    is_alert = models.BooleanField(default=False)
    looked_upto = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)

    plain = models.Manager["SavedSearch"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_saved_search_per_name")]
        indexes = [models.Index(fields=["looked_upto", "id"], name="saved_search_alerts", condition=Q(is_alert=True))]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def visible_filter(cls, user: User) -> Q:
        return Q(owner=user.pk)


class SavedHit(models.Model):
    """A paper that an alert has met, once for good; `is_new` until its owner has looked. Seen while both may be."""

    saved = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="hits")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    is_new = models.BooleanField(default=True)
    is_mailed = models.BooleanField(default=False)

    plain = models.Manager["SavedHit"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"
        constraints = [models.UniqueConstraint(fields=["saved", "document"], name="one_hit_per_search_and_paper")]
        indexes = [models.Index(fields=["saved", "-id"], name="new_saved_hits", condition=Q(is_new=True))]

    def __str__(self) -> str:
        return f"{self.saved_id}: {self.document_id}"

    @classmethod
    def visible_filter(cls, user: User) -> Q:
        """Of one's own searches, papers that one may find now."""
        papers = Document.objects.visible_to(user).exclude(state__in=NOT_FOUND)
        return Q(saved__owner=user.pk, document__in=papers.values("pk"))


class Digest(models.Model):
    """The one mail that a person gets on a day; marked before it is sent, so that it is not sent twice (domain.md C7)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    count = models.PositiveIntegerField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="one_digest_per_person_and_day")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"
