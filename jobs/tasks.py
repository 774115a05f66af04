"""Jobs about jobs: those of workers that died are taken again, and a job that kills its workers is ended."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

from jobs.registry import HOUSEKEEPING

logger = logging.getLogger(__name__)
NAME = "jobs.tasks.retry_stalled"


@app.periodic(cron="* * * * *")
@app.task(name=NAME, queue=HOUSEKEEPING, queueing_lock=NAME, pass_context=True)
async def retry_stalled(context: Any, timestamp: int) -> None:  # noqa: ARG001  # the library passes it
    """
    Give the jobs of workers that no longer answer to others.

    The library retries a stalled job for ever, whatever its limit: attempts are counted here, and a job that has ended
    `JOBS_ATTEMPTS` workers ends as failed.
    """
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=settings.JOBS_STALLED_SECONDS):
        if stalled.attempts + 1 >= settings.JOBS_ATTEMPTS:
            logger.error("job %s ended its worker %s times and is given up", stalled.id, stalled.attempts + 1)
            await manager.finish_job(stalled, status=Status.FAILED, delete_job=False)
            continue
        try:
            await manager.retry_job(stalled)
        except ConnectorException:  # its key already waits again: that one does the work
            await manager.finish_job(stalled, status=Status.ABORTED, delete_job=False)
