"""
What operators ask of the index: a row each, obeyed by the indexer, which alone writes.

An indexer that lives holds a lock of the database. Where none does, a command does its work itself.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit import feed
from audit.services import record
from core import clock
from organizations.models import User
from organizations.policies import is_sys_admin, require
from search.backends.base import BackendUnavailable, WriterBusy
from search.engine import backend
from search.feed import PAUSE, index_batch, index_pending, rebuild
from search.models import IndexRequest

if TYPE_CHECKING:
    from audit.models import Actor
    from search.backends.base import SearchBackend

LOCK = (20_261, 7)  # two numbers that nothing else of the office locks
TOMBSTONES_KEPT = timedelta(days=7)


# --- whether somebody writes ----------------------------------------------------------------------------------------------


def announce() -> None:
    """Say, for as long as this connection lasts, that an indexer lives."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock_shared(%s, %s)", LOCK)


def indexer_lives() -> bool:
    """Whether another process follows the feed now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND objsubid = 2"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()",
            LOCK,
        )
        (count,) = cursor.fetchone() or (0,)
    return bool(count)


def settle(seconds: float) -> bool:
    """Until the index has what is chained now: by waiting for the indexer, or by doing its work where none lives."""
    wanted, end = feed.head(), time.monotonic() + seconds
    while indexer_lives():
        if _has(backend(), wanted):
            return True
        if time.monotonic() > end:
            return False
        time.sleep(PAUSE)
    return index_pending(max(0.0, end - time.monotonic()))


def _has(engine: SearchBackend, wanted: int) -> bool:
    try:
        return engine.served() >= wanted
    except BackendUnavailable:
        return False


# --- asking ---------------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_for_rebuild(*, actor: Actor) -> IndexRequest:
    """
    Let the indexer make the index anew, while the present one serves; asking twice is asking once.

    :raises NotAllowed: for everybody but system administrators and commands
    """
    if actor.user_id is not None:
        allowed = is_sys_admin(User.objects.get(pk=actor.user_id), clock.now())
        require("search.index.rebuild", allowed, _("Only a system administrator may have the index made anew."))
    waiting = IndexRequest.objects.filter(kind=IndexRequest.Kind.REBUILD, started_at=None, finished_at=None).first()
    if waiting is not None:
        return waiting
    request = IndexRequest.objects.create(kind=IndexRequest.Kind.REBUILD, asked_by_id=actor.user_id)
    record("search.index.rebuild_asked", target=request, actor=actor)  # its commit wakes the indexer
    return request


def ask_for_purge() -> None:
    """Let the indexer forget what was deleted long ago."""
    if not IndexRequest.objects.filter(kind=IndexRequest.Kind.PURGE, finished_at=None).exists():
        IndexRequest.objects.create(kind=IndexRequest.Kind.PURGE)


def open_rebuild() -> IndexRequest | None:
    """The rebuild that was asked for and is not finished."""
    rows = IndexRequest.objects.filter(kind=IndexRequest.Kind.REBUILD, finished_at=None)
    return rows.select_related("asked_by").order_by("id").first()


# --- obeying --------------------------------------------------------------------------------------------------------------


def step(engine: SearchBackend) -> int:
    """
    What the indexer does again and again: what was asked, then the next part of the feed; returns how much there was.

    :raises WriterBusy: if another process writes
    :raises BackendUnavailable: if the engine does not answer
    """
    waiting = list(IndexRequest.objects.filter(finished_at=None).order_by("id"))
    _begin([one for one in waiting if one.kind == IndexRequest.Kind.REBUILD and one.started_at is None], engine)
    _purge([one for one in waiting if one.kind == IndexRequest.Kind.PURGE], engine)
    steps = index_batch(engine)
    _conclude([one for one in waiting if one.kind == IndexRequest.Kind.REBUILD], engine)
    return steps


def _begin(asked: list[IndexRequest], engine: SearchBackend) -> None:
    """Begun first, said afterwards: a death between the two begins it once more."""
    if asked:
        rebuild(engine)
        for request in asked:
            request.started_at = clock.now()
            request.save(update_fields=["started_at"])


def _conclude(begun: list[IndexRequest], engine: SearchBackend) -> None:
    if begun and _is_made(engine):
        IndexRequest.objects.filter(pk__in=[request.pk for request in begun]).update(finished_at=clock.now())


def _is_made(engine: SearchBackend) -> bool:
    try:
        return not engine.health().is_rebuilding
    except BackendUnavailable:  # nothing serves yet
        return False


def _purge(asked: list[IndexRequest], engine: SearchBackend) -> None:
    if asked:
        before = feed.number_at(clock.now() - TOMBSTONES_KEPT) + 1
        for generation in engine.generations():
            generation.purge(before)
        IndexRequest.objects.filter(pk__in=[request.pk for request in asked]).update(finished_at=clock.now())


def see_through(request: IndexRequest, seconds: float) -> bool:
    """Wait for the indexer to finish what was asked; where none lives, do it here. False when the time is over."""
    end = time.monotonic() + seconds
    while request.finished_at is None and time.monotonic() < end:
        try:
            if indexer_lives() or not step(backend()):
                time.sleep(PAUSE)
        except (WriterBusy, BackendUnavailable):
            time.sleep(PAUSE)
        request.refresh_from_db()
    return request.finished_at is not None
