"""I7: what search finds, and for whom, is what the database has."""

from __future__ import annotations

from audit import feed
from audit.checks import CheckResult, register_check
from documents.selectors import newest_id
from search.backends.base import BackendUnavailable
from search.backends.prepared import digest_of
from search.engine import backend
from search.feed import fields_by_document, index_pending

PATIENCE_SECONDS = 60.0
PORTION = 100
LOOKS = 3  # others go on working while this looks


@register_check("I7", "search finds what the database has, up to the end of the audit chain")
def index_is_current() -> CheckResult:
    """Within a minute of quiet the checkpoint is the feed's head, and every paper stands in the index as it is."""
    try:
        if not index_pending(PATIENCE_SECONDS):
            return CheckResult(0, [f"the index stands at {backend().served()}, the chain at {feed.head()}"])
        last = newest_id()
        doubtful = _differing(range(1, last + 1))
        for _look in range(LOOKS - 1):
            if doubtful:
                index_pending(PATIENCE_SECONDS)
                doubtful = _differing(sorted(doubtful))
    except BackendUnavailable as error:
        return CheckResult(0, [f"the index cannot be read: {error}"])
    return CheckResult(last, [f"document {pk} is found otherwise than it is" for pk in sorted(doubtful)])


def _differing(ids: range | list[int]) -> set[int]:
    """Papers that the index lacks, has although nobody may find them, or has with other words or readers."""
    found: set[int] = set()
    for start in range(0, len(ids), PORTION):
        portion = list(ids[start : start + PORTION])
        kept = backend().digests(portion[0], portion[-1])
        present = {pk: digest_of(fields) for pk, fields in fields_by_document(portion).items()}
        found |= {pk for pk in portion if kept.get(pk) != present.get(pk)}
    return found
