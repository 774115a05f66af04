"""How a room declares a job: a function in its `tasks.py` that takes ids, ends in `**kwargs` and may run twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")
HOUSEKEEPING = "housekeeping"


def job(*, queue: str = "default", attempts: int = 1, wait_seconds: int = 10) -> Callable[[F], F]:
    """
    Declare a job under its dotted path.

    :param attempts: how often a failing job is run in all; its worker's death is another matter (`jobs.tasks`)
    :param wait_seconds: pause before the second attempt, growing with each
    """
    retry = RetryStrategy(max_attempts=attempts - 1, linear_wait=wait_seconds) if attempts > 1 else False

    def declare(function: F) -> F:
        app.task(name=f"{function.__module__}.{function.__qualname__}", queue=queue, retry=retry)(function)
        return function

    return declare


def periodic(*, cron: str, queue: str = HOUSEKEEPING) -> Callable[[F], F]:
    """Declare a job that runs by the clock, at most once at a time; it receives `timestamp`."""

    def declare(function: F) -> F:
        name = f"{function.__module__}.{function.__qualname__}"
        task = app.task(name=name, queue=queue, queueing_lock=name)(function)
        app.periodic(cron=cron)(task)
        return function

    return declare
