"""The index follows the audit chain: each entry names papers that changed, their present state is loaded and applied."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import date
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.conf import settings

from audit import feed
from documents.selectors import indexable
from search.backends.base import BackendUnavailable, Op, WriterBusy
from search.backends.embedded import EmbeddedBackend

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from search.backends.base import SearchBackend

DOCUMENT = "documents.document:"
BATCH, PORTION = 500, 50
PATIENCE_SECONDS, PAUSE = 60.0, 0.2


@cache
def backend() -> SearchBackend:
    """The engine of this office."""
    return EmbeddedBackend(settings.SEARCH_ROOT)


def index_batch(engine: SearchBackend) -> int:
    """
    Apply the next entries of the feed; returns how many there were, 0 when the index is current, which is then served.

    An index that cannot be read, or that followed another chain than this database's, is made anew.
    """
    reached = _reached(engine)
    entries = feed.entries_after(reached, BATCH)
    versions: dict[int, int] = {}
    for entry in entries:
        for target in entry.targets:
            if target.startswith(DOCUMENT):
                versions[int(target.removeprefix(DOCUMENT))] = entry.n
    if entries:
        engine.apply(ops_for(versions), entries[-1].n)
    if len(entries) < BATCH:
        engine.promote()
    return len(entries)


def _reached(engine: SearchBackend) -> int:
    try:
        reached = engine.checkpoint()
    except BackendUnavailable:
        reached = None
    if reached is None or reached > feed.head():
        engine.begin_anew()
        return 0
    return reached


def ops_for(versions: dict[int, int]) -> Iterator[Op]:
    """Operations for papers at a place of the feed; those that may not be found any more are forgotten."""
    for ids in _portions(versions):
        present = fields_by_document(ids)
        for pk in ids:
            yield Op(pk, versions[pk], present.get(pk))


def _portions(ids: Iterable[int]) -> Iterator[list[int]]:
    """Texts are long: few papers are held at once."""
    rest = iter(ids)
    while portion := list(islice(rest, PORTION)):
        yield portion


def fields_by_document(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What the index keeps of papers as they are now."""
    found = {document.id: asdict(document) for document in indexable(ids)}
    for fields in found.values():
        fields["day"] = date.fromisoformat(fields["date"]).toordinal() if fields["date"] else 0
    return found


def changed_since(n: int) -> set[int]:
    """Papers that acts beyond a place of the feed have changed: an index that stands there may be wrong about them."""
    return {int(target.removeprefix(DOCUMENT)) for target in feed.targets_after(n, DOCUMENT)}


def index_pending(seconds: float = PATIENCE_SECONDS) -> bool:
    """
    Bring the index up to date in this process, or wait for the indexer that holds it; False when the time is over.

    For commands that must see their own act.
    """
    wanted, engine = feed.head(), backend()
    end = time.monotonic() + seconds
    while not (is_current := _serves(engine, wanted)) and time.monotonic() < end:
        try:
            index_batch(engine)
        except WriterBusy:
            time.sleep(PAUSE)
    return is_current


def _serves(engine: SearchBackend, wanted: int) -> bool:
    try:
        return wanted <= engine.served() <= feed.head()
    except BackendUnavailable:
        return False
