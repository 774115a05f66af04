"""I7: what search finds, and for whom, is what the database has."""

from __future__ import annotations

from audit import feed
from audit.checks import CheckResult, register_check
from documents.selectors import newest_id
from search.backends.base import BackendUnavailable
from search.engine import backend
from search.feed import index_pending
from search.verification import PATIENCE_SECONDS, differing, lasting


@register_check("I7", "search finds what the database has, up to the end of the audit chain")
def index_is_current() -> CheckResult:
    """Within a minute of quiet the checkpoint is the feed's head, and every paper stands in the index as it is."""
    try:
        if not index_pending(PATIENCE_SECONDS):
            return CheckResult(0, [f"the index stands at {backend().served()}, the chain at {feed.head()}"])
        last = newest_id()
        doubtful = lasting(differing, range(1, last + 1))
    except BackendUnavailable as error:
        return CheckResult(0, [f"the index cannot be read: {error}"])
    return CheckResult(last, [f"document {pk} is found otherwise than it is" for pk in sorted(doubtful)])
