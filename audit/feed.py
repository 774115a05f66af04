"""What happened, in the order of commits: the source that the search index follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from audit.models import AuditHead, AuditLink

if TYPE_CHECKING:
    from datetime import datetime

CHANNEL = "audit"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An act and the rows it touched, as `documents.document:12`."""

    n: int
    at: datetime
    act: str
    targets: tuple[str, ...]


def entries_after(n: int, limit: int) -> list[FeedEntry]:
    """
    At most `limit` entries with numbers above `n`, in chain order.

    Numbers are given at commit under one lock, so whoever has read up to n will never see a smaller number appear.
    """
    links = AuditLink.objects.filter(n__gt=n).select_related("entry").prefetch_related("entry__touches").order_by("n")
    return [
        FeedEntry(
            n=link.n or 0,
            at=link.entry.at,
            act=link.entry.act,
            targets=(link.entry.target, *(touch.target for touch in link.entry.touches.all())),
        )
        for link in links[:limit]
    ]


# In the database's own words, since every search asks.
_TARGETS_AFTER = """
    SELECT entry.target FROM audit_auditlink link JOIN audit_auditentry entry ON entry.id = link.entry_id
    WHERE link.n > %(n)s AND starts_with(entry.target, %(kind)s)
    UNION
    SELECT touch.target FROM audit_auditlink link JOIN audit_audittouch touch ON touch.entry_id = link.entry_id
    WHERE link.n > %(n)s AND starts_with(touch.target, %(kind)s)
"""


def targets_after(n: int, kind: str) -> set[str]:
    """The rows of a kind (`documents.document:`) that entries with numbers above `n` are about; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_TARGETS_AFTER, {"n": n, "kind": kind})
        return {target for (target,) in cursor}


def number_at(moment: datetime) -> int:
    """The number of the last entry that was made before a moment; 0 where none was."""
    last = (
        AuditLink.objects.filter(entry__at__lt=moment, n__isnull=False)
        .order_by("-n")
        .values_list("n", flat=True)
        .first()
    )
    return last or 0


def head() -> int:
    """The number of the last entry; 0 when nothing has happened."""
    last = AuditHead.objects.first()
    return last.n if last else 0
