"""Enqueueing, running what waits without a worker, and knowing how the queues are."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from procrastinate.exceptions import AlreadyEnqueued

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ALIVE_SECONDS = 30
PAUSE_SECONDS = 0.2
WAITING, RUNNING = "todo", "doing"


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
            app.configure_task(task, **options).defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


def workers_alive(queue: str) -> bool:
    """Whether a worker's heart beat in the last half minute and something takes jobs of this queue."""
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
        app.run_worker(queues=list(queues), wait=False, install_signal_handlers=False, listen_notify=False)
        if until is None or until() or not waiting(queues):
            return
        time.sleep(PAUSE_SECONDS)


def wait_until(done: Callable[[], bool], *, seconds: float = 600) -> bool:
    """Wait for workers to bring about a state; False when the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(PAUSE_SECONDS)
    return False


def waiting(queues: Sequence[str]) -> int:
    """How many jobs wait or run in these queues."""
    return ProcrastinateJob.objects.filter(queue_name__in=queues, status__in=[WAITING, RUNNING]).count()


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """What an operator wants to know about one queue."""

    queue: str
    waiting: int
    running: int
    failed: int


def health() -> list[QueueHealth]:
    """One line per queue that ever had a job."""
    rows = ProcrastinateJob.objects.values_list("queue_name", "status")
    counts: dict[str, dict[str, int]] = {}
    for queue, status in rows.iterator():
        by_status = counts.setdefault(queue, {})
        by_status[status] = by_status.get(status, 0) + 1
    return [
        QueueHealth(queue, found.get(WAITING, 0), found.get(RUNNING, 0), found.get("failed", 0))
        for queue, found in sorted(counts.items())
    ]


def orphans() -> list[int]:
    """Ids of jobs that are running without a live worker."""
    alive = ProcrastinateWorker.objects.values("id")
    running = ProcrastinateJob.objects.filter(status=RUNNING)
    return list(running.exclude(worker__in=alive).values_list("id", flat=True))
