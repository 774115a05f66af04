"""How papers came in where nobody stood at the page: by a watched folder or a mailbox; each thing is taken once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from documents.models.document import Document


class Route(models.TextChoices):
    """By which door."""

    FOLDER = "FOLDER", _("Watched folder")
    MAIL = "MAIL", _("Mail")


class Mail(models.Model):
    """
    A mail of the office's mailbox, by its place there and by its own id; kept as it came, and taken once.

    Read by the office's own jobs alone; what people see of it stands on its arrivals.
    """

    class State(models.TextChoices):
        TAKEN = "TAKEN", _("Taken in")
        EMPTY = "EMPTY", _("Nothing to take in")
        REFUSED = "REFUSED", _("Refused")

    mailbox = models.CharField(max_length=300)
    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    message_id = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State.choices)
    reason = models.CharField(max_length=30, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "uid_validity", "uid"], name="one_row_per_place_of_a_mail"),
        ]
        indexes = [models.Index(fields=["message_id"], name="mail_by_message_id")]

    def __str__(self) -> str:
        return self.message_id or str(self.uid)


class Arrival(models.Model):
    """
    One file that came by a route: taken, with its paper, or refused, with its reason.

    `key` names the thing within its route: the same key is never taken twice, whatever dies in between, save a file
    of a paper that was withdrawn or handed over and is put into the folder again. `place` is where the route has put it. Of a
    refused one only its unit's registrars are told.
    """

    class State(models.TextChoices):
        TAKEN = "TAKEN", _("Taken in")
        REFUSED = "REFUSED", _("Refused")

    route = models.CharField(max_length=8, choices=Route.choices)
    key = models.CharField(max_length=64)
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="arrivals")
    mail = models.ForeignKey(Mail, on_delete=models.PROTECT, null=True, related_name="arrivals")
    state = models.CharField(max_length=8, choices=State.choices)
    reason = models.CharField(max_length=30, blank=True)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, blank=True)
    arrived_at = models.DateTimeField(default=clock.now)
    sender = models.CharField(max_length=300, blank=True)
    subject = models.CharField(max_length=1000, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    place = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["route", "key"], name="one_arrival_per_key")]
        indexes = [models.Index(fields=["unit", "state", "-created_at"], name="arrival_by_unit")]

    def __str__(self) -> str:
        return self.name
