"""The index follows the audit chain: each entry names papers that changed, their present state is loaded and applied."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from audit import feed
from documents.selectors import indexable
from search.backends.base import Op, WriterBusy
from search.backends.embedded import EmbeddedBackend

if TYPE_CHECKING:
    from search.backends.base import SearchBackend

DOCUMENT = "documents.document:"
BATCH = 500
PATIENCE_SECONDS, PAUSE = 60.0, 0.2


@cache
def backend() -> SearchBackend:
    """The engine of this office."""
    return EmbeddedBackend(settings.SEARCH_ROOT)


def index_batch(engine: SearchBackend) -> int:
    """Apply the next entries of the feed; returns how many there were, 0 when the index is current."""
    entries = feed.entries_after(engine.checkpoint(), BATCH)
    if not entries:
        return 0
    versions: dict[int, int] = {}
    for entry in entries:
        for target in entry.targets:
            if target.startswith(DOCUMENT):
                versions[int(target.removeprefix(DOCUMENT))] = entry.n
    engine.apply(ops_for(versions), entries[-1].n)
    return len(entries)


def ops_for(versions: dict[int, int]) -> list[Op]:
    """Operations for papers at a place of the feed; those that may not be found any more are forgotten."""
    present = {document.id: document for document in indexable(list(versions))}
    return [Op(pk, version, _fields(present.get(pk))) for pk, version in versions.items()]


def _fields(document: object) -> dict[str, object] | None:
    if document is None:
        return None
    fields = asdict(document)  # type: ignore[call-overload]
    day = fields["date"]
    return {**fields, "day": date.fromisoformat(day).toordinal() if day else 0}


def index_pending(seconds: float = PATIENCE_SECONDS) -> bool:
    """
    Bring the index up to date in this process, or wait for the indexer that holds it; False when the time is over.

    For commands that must see their own act.
    """
    wanted, engine = feed.head(), backend()
    end = time.monotonic() + seconds
    while engine.checkpoint() < wanted and time.monotonic() < end:
        try:
            index_batch(engine)
        except WriterBusy:
            time.sleep(PAUSE)
    return engine.checkpoint() >= wanted
