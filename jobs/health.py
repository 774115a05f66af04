"""How the queues are: for commands that wait, for operators and for the invariants."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence

_BY_QUEUE = """
SELECT queue_name,
       count(*) FILTER (WHERE status = 'todo'),
       count(*) FILTER (WHERE status = 'doing'),
       count(*) FILTER (WHERE status = 'failed'),
       coalesce(extract(epoch FROM now() - min(since.at) FILTER (WHERE status = 'todo')), 0)::float
FROM procrastinate_jobs AS job
LEFT JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events WHERE job_id = job.id AND status = 'todo') AS since ON true
GROUP BY queue_name ORDER BY queue_name
"""
_UNFINISHED = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND queue_name = ANY(%s)"
_ORPHANS = """
SELECT id FROM procrastinate_jobs
WHERE status = 'doing' AND NOT EXISTS (SELECT 1 FROM procrastinate_workers WHERE id = worker_id) ORDER BY id
"""

_ARGUMENTS = "SELECT args FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name = %s"


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """What an operator wants to know about one queue; `oldest_seconds` is how long the first in line has waited."""

    queue: str
    waiting: int
    running: int
    failed: int
    oldest_seconds: float


def health() -> list[QueueHealth]:
    """One line per queue that holds a job."""
    return [QueueHealth(*row) for row in _rows(_BY_QUEUE)]


def waiting(queues: Sequence[str]) -> int:
    """How many jobs wait or run in these queues."""
    return int(_rows(_UNFINISHED, list(queues))[0][0])


def orphans() -> list[int]:
    """Ids of jobs that are running without a live worker."""
    return [job_id for (job_id,) in _rows(_ORPHANS)]


def unfinished(task: str) -> list[dict[str, Any]]:
    """The arguments of every job of this task that waits or runs."""
    with connection.cursor() as cursor:
        cursor.execute(_ARGUMENTS, [task])
        return [json.loads(args) if isinstance(args, str) else args for (args,) in cursor.fetchall()]


def _rows(sql: str, *values: list[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values] or None)
        return list(cursor.fetchall())
