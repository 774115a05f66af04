"""Registers: numbers run without gaps per unit, book and year, and a void one stays void (domain.md 5, 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.models.document import Document

if TYPE_CHECKING:
    from datetime import date


class Register(models.Model):
    """One book of one unit and year."""

    class Direction(models.TextChoices):
        IN = "IN", _("Incoming")
        OUT = "OUT", _("Outgoing")

    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="registers")
    year = models.PositiveSmallIntegerField()
    direction = models.CharField(max_length=3, choices=Direction.choices)
    series = models.CharField(max_length=20, blank=True)
    next_number = models.PositiveIntegerField(default=1)
    is_closed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "direction", "series"], name="one_register_per_book")
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.year}"

    def is_locked(self, today: date) -> bool:
        """On 1 January the old year's books lock by themselves (domain.md 6); one may be closed before."""
        return self.is_closed or self.year < today.year


class RegisterOpening(models.Model):
    """
    The permission to correct a locked book: for one named person, until a day (inclusive), with a reason.

    Late papers of a year that is over are entered, and lines of it struck out, by nobody else (anti-requirement A8).
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="openings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    until = models.DateField()
    reason = models.CharField(max_length=300)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="opening_has_a_reason")]
        indexes = [models.Index(fields=["register", "person", "until"], name="opening_by_person")]

    def __str__(self) -> str:
        return f"{self.register}: {self.person}"


class RegisterEntry(models.Model):
    """A line of a book. Access follows the unit whose book it is."""

    class State(models.TextChoices):
        USED = "USED", _("In use")
        VOID = "VOID", _("Void")

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="entries")
    number_int = models.PositiveIntegerField()
    number_suffix = models.CharField(max_length=5, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="entries")
    entry_date = models.DateField()
    received_at = models.DateTimeField(null=True)
    sender_text = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=4, choices=State.choices, default=State.USED)
    void_reason = models.CharField(max_length=300, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "number_int", "number_suffix"], name="one_entry_per_number"),
            models.CheckConstraint(condition=~Q(state="VOID") | ~Q(void_reason=""), name="void_number_has_a_reason"),
        ]
        indexes = [models.Index(fields=["document"], name="entry_by_document")]

    def __str__(self) -> str:
        return self.display

    @property
    def display(self) -> str:
        """The number as written: below ten with a leading zero (domain.md 5)."""
        return f"{self.number_int:02d}{self.number_suffix}"
