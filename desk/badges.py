"""Numbers that the shell shows on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import clock
from workflow.selectors import inbox_counts

if TYPE_CHECKING:
    from django.http import HttpRequest


def open_work(request: HttpRequest) -> int:
    """How much waits for the signed-in person; asked once per request, then remembered on it."""
    if not request.user.is_authenticated:
        return 0
    counts: dict[str, int] | None = getattr(request, "inbox_counts", None)
    if counts is None:
        counts = inbox_counts(request.user, clock.now())
        request.inbox_counts = counts  # type: ignore[attr-defined]
    return counts["todo"]
