"""How much a clerk had to change of what was read: the measure of reading quality (domain.md 21), by month and by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q
from django.db.models.functions import TruncMonth

from core.clock import OFFICE_ZONE
from documents.models import ExtractedField
from documents.selectors import LABELS, PROPOSED_AS

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from organizations.models import Unit, User

MONTHS = 24
CORRECTED = Q(value__isnull=False, confirmed_value__isnull=True) | Q(value__isnull=False) & ~Q(
    value=F("confirmed_value")
)
FILLED_IN = Q(value__isnull=True, confirmed_value__isnull=False)
_LABELS = {PROPOSED_AS.get(name, name): label for name, label in LABELS.items()}


@dataclass(frozen=True, slots=True)
class Month:
    """Papers that were confirmed in a month: fields that were read wrongly, and fields that were not read at all."""

    day: date
    papers: int
    corrected: int
    filled_in: int

    @property
    def corrected_each(self) -> float:
        return self.corrected / self.papers

    @property
    def filled_in_each(self) -> float:
        return self.filled_in / self.papers


@dataclass(frozen=True, slots=True)
class OneField:
    """The same for one field over all these months; `read` counts the papers on which it was read."""

    label: str
    read: int
    corrected: int
    filled_in: int

    @property
    def right_percent(self) -> float | None:
        return 100 * (self.read - self.corrected) / self.read if self.read else None


def corrections_by_month(unit: Unit, user: User) -> list[Month]:
    """Of the unit's papers that the person may see, the newest month first."""
    months = _confirmed(unit, user).annotate(month=TruncMonth("confirmed_at", tzinfo=OFFICE_ZONE)).values("month")
    rows = months.annotate(
        papers=Count("document", distinct=True), corrected=_corrected(), filled_in=_filled_in()
    ).order_by("-month")[:MONTHS]
    return [Month(row["month"].date(), row["papers"], row["corrected"], row["filled_in"]) for row in rows]


def corrections_by_field(unit: Unit, user: User) -> list[OneField]:
    """Of the same papers, in the order of the confirm page."""
    names = _confirmed(unit, user).values("name")
    rows = names.annotate(
        read=Count("pk", filter=Q(value__isnull=False)), corrected=_corrected(), filled_in=_filled_in()
    )
    found = {row["name"]: row for row in rows.order_by("name")}
    return [
        OneField(str(label), found[name]["read"], found[name]["corrected"], found[name]["filled_in"])
        for name, label in _LABELS.items()
        if name in found
    ]


def _corrected() -> Count:
    return Count("pk", filter=CORRECTED)


def _filled_in() -> Count:
    return Count("pk", filter=FILLED_IN)


def _confirmed(unit: Unit, user: User) -> QuerySet[ExtractedField]:
    """Fields of papers that were read, as somebody confirmed them; a paper typed by hand says nothing of the reading."""
    rows = ExtractedField.objects.visible_to(user).filter(document__owner_unit=unit, confirmed_at__isnull=False)
    read = ExtractedField.objects.visible_to(user).filter(value__isnull=False).values("document")
    return rows.filter(document__in=read)
