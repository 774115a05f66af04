"""How a room declares a job: a function in its `tasks.py` that takes ids, ends in `**kwargs` and may run twice."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app

if TYPE_CHECKING:
    from collections.abc import Callable

    from procrastinate.jobs import Job

F = TypeVar("F", bound="Callable[..., Any]")
HOUSEKEEPING = "housekeeping"


class Attempts(BaseRetryStrategy):
    """
    How often a job is run that ends with an exception.

    A lost database is not the job's failure: then it is run again as often as one whose worker died (`jobs.tasks`).
    """

    def __init__(self, most: int, wait_seconds: int) -> None:
        self.most, self.wait_seconds = most, wait_seconds

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """The library asks; `job.attempts` are the runs before this one."""
        is_outage = isinstance(exception, (OperationalError, InterfaceError))
        if job.attempts + 1 >= (settings.JOBS_ATTEMPTS if is_outage else self.most):
            return None
        return RetryDecision(retry_in={"seconds": self.wait_seconds * (1 if is_outage else job.attempts)})


def long_lane(queue: str) -> str:
    """The queue for those jobs of a queue that take long: one place of a worker serves it, and the others never do."""
    return f"{queue}-long"


def job(*, queue: str = "default", attempts: int = 1, wait_seconds: int = 10) -> Callable[[F], F]:
    """
    Declare a job under its dotted path.

    :param attempts: how often a failing job is run in all; its worker's death is another matter (`jobs.tasks`)
    :param wait_seconds: pause before a run, growing with each
    """
    retry = Attempts(attempts, wait_seconds)

    def declare(function: F) -> F:
        name = f"{function.__module__}.{function.__qualname__}"
        app.task(name=name, queue=queue, retry=retry)(_with_fresh_connection(function))
        return function

    return declare


def _with_fresh_connection(function: F) -> F:
    """No request begins and ends in a worker, so nobody else would notice that the database was started anew."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return cast("F", run)


def periodic(*, cron: str, queue: str = HOUSEKEEPING) -> Callable[[F], F]:
    """Declare a job that runs by the clock, at most once at a time; it receives `timestamp`."""

    def declare(function: F) -> F:
        name = f"{function.__module__}.{function.__qualname__}"
        task = app.task(name=name, queue=queue, queueing_lock=name)(_with_fresh_connection(function))
        app.periodic(cron=cron)(task)
        return function

    return declare
