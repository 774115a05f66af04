"""Units as a tree of dated rows: moving or renaming one never rewrites what was (domain.md 12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from core import clock

if TYPE_CHECKING:
    from datetime import date


class Unit(MP_Node):  # type: ignore[misc]
    """An organ of the union or a department of one. The tree shows the present; `UnitPlacement` keeps the past."""

    class Kind(models.TextChoices):
        CONFEDERATION = "CONFEDERATION", _("Confederation")
        PROVINCIAL = "PROVINCIAL", _("Provincial federation")
        SECTOR_CENTRAL = "SECTOR_CENTRAL", _("Central sector union")
        CORPORATION = "CORPORATION", _("Corporation union")
        WARD = "WARD", _("Commune, ward or special-zone union")
        INDUSTRIAL_ZONE = "INDUSTRIAL_ZONE", _("Industrial-zones union")
        GRASSROOTS = "GRASSROOTS", _("Grassroots union")
        DEPARTMENT = "DEPARTMENT", _("Department")

    code = models.CharField(_("Code"), max_length=30, unique=True)
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind.choices)
    tier = models.PositiveSmallIntegerField(_("Tier"))
    organ_unit = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="departments", verbose_name=_("Organ")
    )
    symbol = models.CharField(_("Symbol"), max_length=20, blank=True)
    place = models.CharField(_("Place of issue"), max_length=100, blank=True)
    organ_id = models.CharField(_("Organ ID"), max_length=40, blank=True)
    valid_from = models.DateField(_("Valid from"), default=clock.today)
    valid_to = models.DateField(_("Valid until"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Successor")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(tier__gte=1, tier__lte=4), name="tier_is_one_to_four"),
            models.CheckConstraint(
                condition=Q(kind="DEPARTMENT", organ_unit__isnull=False)
                | (~Q(kind="DEPARTMENT") & Q(organ_unit__isnull=True)),
                name="departments_and_they_alone_have_an_organ",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name of today: as a query brought it along, else from `names`, which lists prefetch."""
        brought: str | None = self.__dict__.get("name_today")
        return brought or self.name_at(clock.today())

    @staticmethod
    def current_name(unit_field: str = "pk") -> models.Subquery:
        """The name of today as part of a query; annotate it as `name_today`."""
        today = clock.today()
        names = UnitName.objects.filter(unit=models.OuterRef(unit_field), valid_from__lte=today)
        open_today = names.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today)).order_by("-valid_from", "-id")
        return models.Subquery(open_today.values("name")[:1])

    def name_at(self, day: date) -> str:
        """The name on a day, or the code where none was valid."""
        current = [n for n in self.names.all() if n.valid_from <= day and (n.valid_to is None or day < n.valid_to)]
        return current[-1].name if current else self.code

    @property
    def is_department(self) -> bool:
        return self.kind == self.Kind.DEPARTMENT

    @property
    def organ(self) -> Unit:
        """The organ itself, or the organ that a department belongs to: whoever keeps the registers."""
        return self.organ_unit or self


class UnitName(models.Model):
    """What a unit was called, and when; archived papers show the name as printed."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(_("Name"), max_length=250)
    abbreviation = models.CharField(_("Abbreviation"), max_length=60, blank=True)
    valid_from = models.DateField(_("Valid from"), default=clock.today)
    valid_to = models.DateField(_("Valid until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="unit_name_dates_in_order"
            ),
            models.UniqueConstraint(fields=["unit"], condition=Q(valid_to__isnull=True), name="one_open_name_per_unit"),
        ]

    def __str__(self) -> str:
        return self.name


class UnitPlacement(models.Model):
    """Under whom a unit stood, and when."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="placements")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(valid_to__isnull=True), name="one_open_placement_per_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} < {self.parent}"


class UnitPolicy(models.Model):
    """What a unit decides for itself (domain.md 13, small-unit rule)."""

    unit = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="policy")
    single_officer = models.BooleanField(_("One officer may do every step"), default=False)

    def __str__(self) -> str:
        return str(self.unit)
