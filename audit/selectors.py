"""Reading the memory for a timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from audit.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Sequence


def entries_for(targets: Sequence[str]) -> QuerySet[AuditEntry]:
    """The acts on or touching the named rows, newest first, with their links."""
    wanted = Q(target__in=targets) | Q(touches__target__in=targets)
    return AuditEntry.objects.filter(wanted).select_related("link").distinct().order_by("-id")
