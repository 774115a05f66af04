"""Sending between units: one dispatch, one delivery per recipient unit, each with its own state (domain.md 10, 17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock, ids
from organizations.managers import ProtectedManager
from organizations.policies import reader_tokens

if TYPE_CHECKING:
    from datetime import date

    from organizations.models import User


def office_units(user: User) -> set[int]:
    """The units whose office a person belongs to now; only offices see whom a paper went to."""
    tokens = reader_tokens(user, clock.now())
    return {ids.unit_of_token(token) for token in tokens if ":office@0" in token}


class DeliveryRole(models.TextChoices):
    """What a recipient is to do."""

    LEAD = "LEAD", _("Lead")
    SUPPORT = "SUPPORT", _("Support")
    FYI = "FYI", _("For information")


class DeliveryState(models.TextChoices):
    """The codes of QCVN 102:2016 (domain.md 10)."""

    DELIVERED = "01", _("Not received yet")
    REFUSED = "02", _("Refused")
    REGISTERED = "03", _("Received")
    ASSIGNED = "04", _("Assigned")
    IN_PROGRESS = "05", _("In progress")
    DONE = "06", _("Done")


OPEN_STATES = (DeliveryState.DELIVERED, DeliveryState.REGISTERED, DeliveryState.ASSIGNED, DeliveryState.IN_PROGRESS)


class Dispatch(models.Model):
    """One sending of a paper. A directive is a dispatch that must be acted on."""

    class CloseRequires(models.TextChoices):
        DIRECT = "DIRECT", _("Direct recipients")
        SUBTREE = "SUBTREE", _("The whole subtree")
        NONE = "NONE", _("Nothing")

    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="dispatches")
    sender_unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    must_act = models.BooleanField(default=True)
    due_date = models.DateField(null=True)
    close_requires = models.CharField(max_length=8, choices=CloseRequires.choices, default=CloseRequires.DIRECT)
    groups = models.JSONField(default=list)
    parent_delivery = models.ForeignKey("Delivery", on_delete=models.PROTECT, null=True, related_name="passed_on")
    source_label = models.CharField(max_length=400, blank=True)
    issued_at = models.DateTimeField(default=clock.now)

    plain = models.Manager["Dispatch"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"
        indexes = [models.Index(fields=["sender_unit", "-issued_at"], name="dispatch_by_sender")]

    def __str__(self) -> str:
        return self.source_label or str(self.document)

    @classmethod
    def visible_filter(cls, user: User) -> Q:
        """Who sent what to whom is the sending office's to see."""
        return Q(sender_unit__in=office_units(user))


class Delivery(models.Model):
    """
    What one recipient unit did with a dispatch. The sender sees states and times, never the unit's inner work.

    `received_with`: the delivery with which the unit received this one, where the same paper was sent to it more than once, as
    with several conclusions of one notice: one paper, one number, one case, and each delivery keeps its own state.
    """

    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, related_name="deliveries")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="deliveries")
    role = models.CharField(max_length=7, choices=DeliveryRole.choices, default=DeliveryRole.LEAD)
    state = models.CharField(max_length=2, choices=DeliveryState.choices, default=DeliveryState.DELIVERED)
    due_date = models.DateField(null=True)
    arrived_at = models.DateTimeField(default=clock.now)
    received_at = models.DateTimeField(null=True)
    state_at = models.DateTimeField(default=clock.now)
    reason = models.CharField(max_length=500, blank=True)
    received_with = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="companions")

    plain = models.Manager["Delivery"]()
    objects: ClassVar[ProtectedManager[Self]] = ProtectedManager()

    class Meta:
        default_manager_name = "plain"
        base_manager_name = "plain"
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "unit"], name="one_delivery_per_unit"),
            models.CheckConstraint(condition=~Q(state="02") | ~Q(reason=""), name="refusal_has_a_reason"),
        ]
        indexes = [models.Index(fields=["unit", "state", "-arrived_at"], name="delivery_by_unit_and_state")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.get_state_display()}"

    @classmethod
    def visible_filter(cls, user: User) -> Q:
        units = office_units(user)
        return Q(unit__in=units) | Q(dispatch__sender_unit__in=units)

    def is_overdue(self, today: date) -> bool:
        """Derived, never stored: open after its deadline."""
        return self.due_date is not None and self.due_date < today and self.state in OPEN_STATES


class DeliveryEvent(models.Model):
    """Each change of a delivery's state, as it was sent; append-only."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="events")
    code = models.CharField(max_length=2, choices=DeliveryState.choices)
    at = models.DateTimeField(default=clock.now)
    actor = models.JSONField()
    reason = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.code
