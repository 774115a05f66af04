"""Enqueueing in the act's own transaction."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued

# Rooms know one module of this one.
from jobs.workers import run_waiting, see_through, wait_until, workers_alive

if TYPE_CHECKING:
    from procrastinate import App

__all__ = ["enqueue", "run_waiting", "see_through", "wait_until", "workers_alive"]


def enqueue(
    task: str, *, key: str | None = None, queue: str | None = None, on_behalf_of: int | None = None, **ids: Any
) -> bool:
    """
    Enqueue a job by its dotted name in the caller's transaction: act and job commit or vanish together.

    :param key: at most one job with this key waits at a time. A key is no promise that the job will see this transaction's
        rows: the one that waits may run before the commit. Where the job must see them, leave the key away.
    :param queue: another than the job's own
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
