"""Reading the memory for a timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, QuerySet

from audit.models import AuditEntry, AuditTouch

if TYPE_CHECKING:
    from collections.abc import Sequence


def entries_for(targets: Sequence[str]) -> QuerySet[AuditEntry]:
    """The acts on or touching the named rows, newest first, with their links."""
    # A union of two index look-ups: an OR over the join would read the whole table.
    on = AuditEntry.objects.filter(target__in=targets).values("id")
    touching = AuditTouch.objects.filter(target__in=targets).values("entry_id")
    rows = AuditEntry.objects.filter(id__in=on.union(touching)).select_related("link")
    return rows.order_by(F("link__n").desc(nulls_first=True), "-id")
