"""Running jobs: the worker processes of an office, and commands that do the work where no worker lives."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.periodic import PeriodicRegistry

from jobs.health import waiting
from jobs.registry import HOUSEKEEPING, long_lane
from jobs.tasks import take_back_stalled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from procrastinate import App
    from procrastinate.connector import BaseAsyncConnector

ALIVE_SECONDS, PAUSE_SECONDS, GRACE_SECONDS = 30, 0.2, 5


def workers_alive() -> bool:
    """Whether any worker's heart beat in the last half minute."""
    seen = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)"
    with connection.cursor() as cursor:
        cursor.execute(seen, [ALIVE_SECONDS])
        (count,) = cursor.fetchone() or (0,)
    return bool(count)


def work(queues: Sequence[str], *, concurrency: int) -> None:
    """
    Be a worker until SIGTERM: `concurrency` jobs of these queues at once (two at least), one of them perhaps of their long lanes,
    and housekeeping beside them on a place of its own.

    A job that is still running some seconds after the signal is cut off with the process: it stays *running* in its row, so
    that it is taken again. (Ended by the library it would count as failed, although nothing failed.)
    """
    with app.replace_connector(_connector()):
        asyncio.run(_work(queues, concurrency))


async def _work(queues: Sequence[str], concurrency: int) -> None:
    """All places but one never take a long job, so that short ones go on however many long ones wait."""
    loop = asyncio.get_running_loop()
    common: dict[str, Any] = {"install_signal_handlers": False, "shutdown_graceful_timeout": None}
    async with app.open_async():
        plain, places = _without_clock(), max(1, concurrency - 1)
        workers = [
            asyncio.create_task(plain.run_worker_async(queues=list(queues), concurrency=places, **common)),
            asyncio.create_task(
                plain.run_worker_async(queues=[*queues, *map(long_lane, queues)], concurrency=1, **common)
            ),
            asyncio.create_task(app.run_worker_async(queues=[HOUSEKEEPING], delete_jobs="successful", **common)),
        ]

        def stop() -> None:
            loop.call_later(GRACE_SECONDS, os._exit, 0)
            for worker in workers:
                worker.cancel()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        # One that ends by itself has lost its database: the process ends, and whoever keeps it alive starts it anew.
        await asyncio.wait(workers, return_when=asyncio.FIRST_COMPLETED)
        stop()
        await asyncio.wait(workers)


def _without_clock() -> App:
    """The same queue and jobs, for workers that leave jobs by the clock to housekeeping: one in a process looks at the clock."""
    found = app.with_connector(app.connector)
    found.periodic_registry = PeriodicRegistry()  # type: ignore[no-untyped-call]
    return found


def run_waiting(queues: Sequence[str], *, until: Callable[[], bool] | None = None, seconds: float = 600) -> None:
    """
    Run what waits in these queues in this process, until nothing waits or `until()` holds.

    For commands on machines where no worker lives. Several processes may do so at once: each job is taken by one.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with app.replace_connector(_connector()), ThreadPoolExecutor(1) as beside:
            beside.submit(asyncio.run, _run_waiting(queues)).result()  # the caller may live in an event loop of its own
        if until is None or until() or not waiting(queues):
            return
        time.sleep(PAUSE_SECONDS)


async def _run_waiting(queues: Sequence[str]) -> None:
    options: dict[str, Any] = {"wait": False, "install_signal_handlers": False, "listen_notify": False}
    async with app.open_async():
        await take_back_stalled(app.job_manager)
        await app.run_worker_async(queues=list(queues), **options)


def wait_until(done: Callable[[], bool], *, seconds: float = 600) -> bool:
    """Wait for workers to bring about a state; False when the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(PAUSE_SECONDS)
    return False


def see_through(queues: Sequence[str], *, until: Callable[[], bool], seconds: float = 600) -> bool:
    """
    Bring about `until()` whoever does the work: wait while a worker lives, run what waits here while none does.

    :returns: False when the time is over, or nothing is left that could bring it about
    """
    end = time.monotonic() + seconds
    while not until():
        left = end - time.monotonic()
        if left < 0:
            return False
        if workers_alive():
            time.sleep(PAUSE_SECONDS)
            continue
        run_waiting(queues, until=until, seconds=left)
        if not waiting(queues):
            return until()
    return True


def _connector() -> BaseAsyncConnector:
    return DjangoConnector(alias="default").get_worker_connector()
