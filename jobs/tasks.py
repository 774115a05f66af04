"""Jobs about jobs: those of workers that died are taken again, a job that kills its workers is ended, old ones are forgotten."""

from __future__ import annotations

import logging
import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

from core import clock
from jobs.registry import HOUSEKEEPING

if TYPE_CHECKING:
    from procrastinate.jobs import Job
    from procrastinate.manager import JobManager

logger = logging.getLogger(__name__)
RETRY, FORGET = "jobs.tasks.retry_stalled", "jobs.tasks.forget_finished"
NIGHTLY = "17 2 * * *"
KEPT_HOURS = 30 * 24
LONGEST_PAUSE_SECONDS = 60


async def take_back_stalled(manager: JobManager) -> None:
    """
    Give the jobs of workers that no longer answer to others.

    The library retries a stalled job for ever, whatever its limit: attempts are counted here, and a job that has ended
    `JOBS_ATTEMPTS` workers ends as failed. So many, because a job can hardly end its worker (files from outside are read in
    a child), while workers are ended with whatever they do by power cuts, updates and a lost database.
    """
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=settings.JOBS_STALLED_SECONDS):
        if stalled.attempts + 1 >= settings.JOBS_ATTEMPTS:
            logger.error("job %s ended its worker %s times and is given up", stalled.id, stalled.attempts + 1)
            await manager.finish_job(stalled, status=Status.FAILED, delete_job=False)
        else:
            await _retry(manager, stalled)


def pause_before(deaths: int) -> timedelta:
    """
    None after a first death; then longer and longer, by chance as well: jobs that died together are not run together again,
    so that one which does end its workers is alone with it in the end.
    """
    longest = min(LONGEST_PAUSE_SECONDS, 2**deaths - 1)
    return timedelta(seconds=random.uniform(longest / 2, longest))  # noqa: S311  # no secret


async def _retry(manager: JobManager, stalled: Job) -> None:
    try:
        await manager.retry_job(stalled, retry_at=clock.now() + pause_before(stalled.attempts))
    except ConnectorException:  # its key already waits again: that one does the work
        await manager.finish_job(stalled, status=Status.ABORTED, delete_job=False)


@app.periodic(cron=settings.JOBS_RETRY_CRON)
@app.task(name=RETRY, queue=HOUSEKEEPING, queueing_lock=RETRY, pass_context=True)
async def retry_stalled(context: Any, timestamp: int) -> None:  # the library passes it
    """Look for jobs of dead workers."""
    await take_back_stalled(context.app.job_manager)


@app.periodic(cron=NIGHTLY)
@app.task(name=FORGET, queue=HOUSEKEEPING, queueing_lock=FORGET, pass_context=True)
async def forget_finished(context: Any, timestamp: int) -> None:  # the library passes it
    """Delete the rows of jobs that succeeded a month ago; what failed stays until somebody has looked."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)
