"""I7: the index has taken in all that happened."""

from __future__ import annotations

from audit import feed
from audit.checks import CheckResult, register_check
from search.backends.base import BackendUnavailable
from search.feed import backend, index_pending

PATIENCE_SECONDS = 60.0


@register_check("I7", "the index reaches the end of the audit chain")
def index_is_current() -> CheckResult:
    """Within a minute of quiet the checkpoint is the feed's head."""
    try:
        index_pending(PATIENCE_SECONDS)
        reached, head = backend().checkpoint(), feed.head()
    except BackendUnavailable as error:
        return CheckResult(0, [f"the index cannot be read: {error}"])
    return CheckResult(head, [] if reached >= head else [f"the index stands at {reached}, the chain at {head}"])
