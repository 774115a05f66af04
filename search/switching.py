"""From one engine to the other while the office works: the new index is filled first, then every process follows at once."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from django.db import transaction

from audit import feed
from audit.services import record
from core import clock
from search.backends.base import BackendUnavailable, WriterBusy
from search.engine import choose, chosen, engine_at
from search.feed import index_batch
from search.models import IndexRequest

if TYPE_CHECKING:
    from audit.models import Actor
    from search.backends.base import SearchBackend

logger = logging.getLogger(__name__)
PAUSE = 0.5


def switch_engine(*, urls: tuple[str, ...], seconds: float, actor: Actor) -> bool:
    """
    Fill the other engine's index beside the one that serves, then let every process of this machine ask it.

    What happens meanwhile goes on being indexed where it serves, and is followed by the new one before and after the switch; the
    old index stays as it is. False when the time is over: then nothing was switched.

    :param urls: addresses of the cluster; none for the embedded index
    :raises BackendUnavailable: if the new engine does not answer
    """
    engine, end = engine_at(urls), time.monotonic() + seconds
    if urls == chosen():
        return True
    while not _is_current(engine):
        if time.monotonic() > end:
            return False
        try:
            if not index_batch(engine):  # the new index is being packed
                time.sleep(PAUSE)
        except WriterBusy:
            time.sleep(PAUSE)
    _choose(urls, engine.name, actor)
    logger.info("search asks %s from now on", engine.name)
    return True


@transaction.atomic
def _choose(urls: tuple[str, ...], name: str, actor: Actor) -> None:
    """The act and its memory; addresses stay out of it, they may hold a password."""
    now = clock.now()
    kind = IndexRequest.Kind.SWITCH
    request = IndexRequest.objects.create(kind=kind, asked_by_id=actor.user_id, started_at=now, finished_at=now)
    record("search.index.switched", target=request, actor=actor, data={"engine": name})
    choose(urls)


def _is_current(engine: SearchBackend) -> bool:
    try:
        return engine.served() >= feed.head() and not engine.health().is_rebuilding
    except BackendUnavailable:
        return False
