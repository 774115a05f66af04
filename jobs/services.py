"""Enqueueing, and running what waits where no worker lives."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from procrastinate import App
    from procrastinate.connector import BaseConnector

ALIVE_SECONDS = 30
PAUSE_SECONDS = 0.2


def enqueue(
    task: str, *, key: str | None = None, queue: str | None = None, on_behalf_of: int | None = None, **ids: Any
) -> bool:
    """
    Enqueue a job by its dotted name in the caller's transaction: act and job commit or vanish together.

    :param key: at most one job with this key waits at a time
    :returns: False if one with this key already waits
    """
    options: dict[str, Any] = {"queueing_lock": key} | ({"queue": queue} if queue else {})
    arguments = ids | ({"on_behalf_of": on_behalf_of} if on_behalf_of is not None else {})
    try:
        with transaction.atomic():  # a savepoint: the lock's violation must not abort the act
            _outbox().configure_task(task, **options).defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


@cache
def _outbox() -> App:
    """
    Always writes through Django's own connection, the act's transaction, even inside a worker, whose own connector is
    another connection.
    """
    return app.with_connector(DjangoConnector(alias="default"))


def workers_alive() -> bool:
    """Whether any worker's heart beat in the last half minute."""
    seen = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)"
    with connection.cursor() as cursor:
        cursor.execute(seen, [ALIVE_SECONDS])
        (count,) = cursor.fetchone() or (0,)
    return bool(count)


def run_waiting(queues: Sequence[str], *, until: Callable[[], bool] | None = None, seconds: float = 600) -> None:
    """
    Run what waits in these queues in this process, until nothing waits or `until()` holds.

    For commands on machines where no worker lives. Several processes may do so at once: each job is taken by one.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with app.replace_connector(_worker_connector()):
            app.run_worker(queues=list(queues), wait=False, install_signal_handlers=False, listen_notify=False)
        if until is None or until() or not _unfinished(queues):
            return
        time.sleep(PAUSE_SECONDS)


def _worker_connector() -> BaseConnector:
    return DjangoConnector(alias="default").get_worker_connector()


def wait_until(done: Callable[[], bool], *, seconds: float = 600) -> bool:
    """Wait for workers to bring about a state; False when the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(PAUSE_SECONDS)
    return False


def _unfinished(queues: Sequence[str]) -> int:
    from jobs.health import waiting  # its models are ready only after start-up

    return waiting(queues)
