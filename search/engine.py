"""
Which engine serves the office: an Elasticsearch where `SEARCH_URL` names one, else the embedded index; or what an operator chose.

The choice lies in a file beside the embedded index, so that every process of the machine follows a switch with its next question.
Where the office runs on several machines, each has its settings instead.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from search.backends.embedded import EmbeddedBackend
from search.backends.place import Place

if TYPE_CHECKING:
    from search.backends.base import SearchBackend

CHOICE = "ENGINE"


def backend() -> SearchBackend:
    """The engine that is asked and followed now."""
    return engine_at(chosen())


def engine_at(urls: tuple[str, ...]) -> SearchBackend:
    """The office's index on a cluster, or without addresses the embedded one."""
    return _kept_open(place_of(urls))


def open_engine(place: Place | Path) -> SearchBackend:
    """An engine of one's own, with nothing in common with other callers'."""
    if isinstance(place, Path):
        return EmbeddedBackend(place)
    from search.backends.elastic import ElasticBackend  # its client takes a fifth of a second to load

    return ElasticBackend(place)


_kept_open = lru_cache(maxsize=4)(open_engine)


def place_of(urls: tuple[str, ...]) -> Place | Path:
    """Where the index lies."""
    if not urls:
        return Path(settings.SEARCH_ROOT)
    return Place(
        urls=urls, prefix=settings.SEARCH_INDEX, api_key=settings.SEARCH_API_KEY, ca=settings.SEARCH_CA,
        shards=settings.SEARCH_SHARDS, replicas=settings.SEARCH_REPLICAS,
    )  # fmt: skip


def chosen() -> tuple[str, ...]:
    """Addresses of the cluster that serves; none for the embedded index."""
    try:
        return tuple(json.loads(_choice().read_text()))
    except (OSError, ValueError):  # nothing was chosen, or nobody can say what
        return tuple(settings.SEARCH_URL)


def choose(urls: tuple[str, ...]) -> None:
    """Let every process of this machine ask another engine from now on. It should be current already."""
    place = _choice()
    if urls == tuple(settings.SEARCH_URL):
        place.unlink(missing_ok=True)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    half = place.with_suffix(".new")
    half.write_text(json.dumps(urls))
    half.replace(place)


def _choice() -> Path:
    return Path(settings.SEARCH_ROOT) / CHOICE
