"""Numbers that the shell shows on every page: one query, asked once per request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import clock
from workflow.selectors import inbox_counts

if TYPE_CHECKING:
    from django.http import HttpRequest


def counts_of(request: HttpRequest) -> dict[str, int]:
    """What waits for the signed-in person, remembered on the request."""
    counts: dict[str, int] | None = getattr(request, "inbox_counts", None)
    if counts is None:
        counts = inbox_counts(request.user, clock.now()) if request.user.is_authenticated else {}
        request.inbox_counts = counts  # type: ignore[attr-defined]
    return counts


def open_work(request: HttpRequest) -> int:
    """Work to do."""
    return counts_of(request).get("todo", 0)


def arrivals(request: HttpRequest) -> int:
    """Deliveries to receive."""
    return counts_of(request).get("arrivals", 0)
