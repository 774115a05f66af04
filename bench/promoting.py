"""An index that was filled comes to serve, and is looked after as every night: engines may take their time over both."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from search.backends.base import BackendUnavailable
from search.backends.elastic import ElasticBackend

if TYPE_CHECKING:
    from search.backends.base import SearchBackend

COUNTED_SECONDS = 12  # Elasticsearch counts the bytes of its files every ten seconds
PAUSE = 0.5


def promoted(engine: SearchBackend) -> None:
    """Until the newest generation serves."""
    engine.promote()
    while _is_rebuilding(engine):
        time.sleep(PAUSE)
        engine.promote()


def _is_rebuilding(engine: SearchBackend) -> bool:
    try:
        return engine.health().is_rebuilding
    except BackendUnavailable:
        return True


def looked_after(engine: SearchBackend) -> None:
    """As the indexer does every night, and until it is through."""
    for generation in engine.generations():
        generation.purge(0)
    while isinstance(engine, ElasticBackend) and engine.is_packing():
        time.sleep(PAUSE)
    engine.refresh()  # searchers let go of what was merged
    if isinstance(engine, ElasticBackend):
        time.sleep(COUNTED_SECONDS)
