"""The one door to the job queue: rows in the same database, enqueued in the act's own transaction."""

from jobs.registry import job, long_lane, periodic
from jobs.services import enqueue

__all__ = ["enqueue", "job", "long_lane", "periodic"]
