"""An empty queue, a diary that jobs write in, and workers."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import pytest
from django.db import connection

import tests.jobs.tasks  # declares the jobs
from tests.processes import running

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

QUICK = {
    "JOBS_HEARTBEAT_SECONDS": "0.5",
    "JOBS_STALLED_SECONDS": "2",
    "JOBS_RETRY_CRON": "* * * * * *",
    "JOBS_ATTEMPTS": "3",
}
Worker = AbstractContextManager["subprocess.Popen[bytes]"]

__all__ = ["tests"]


@pytest.fixture
def queue(transactional_db: None) -> None:
    """Rows of jobs are not Django's, so its tests do not clean them away."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    """A file with one line for each thing a job did."""
    path = tmp_path / "diary"
    path.touch()
    return path


@pytest.fixture
def worker(queue: None) -> Callable[..., Worker]:
    """`with worker("default"):` a worker process that notices a dead one within seconds."""
    return lambda *queues: running(["-m", "tests.jobs.worker", *queues], **QUICK)
