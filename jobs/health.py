"""How the queues are: for commands that wait, for operators and for the invariants."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

if TYPE_CHECKING:
    from collections.abc import Sequence

WAITING, RUNNING, FAILED = "todo", "doing", "failed"


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
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for queue, status in ProcrastinateJob.objects.values_list("queue_name", "status").iterator():
        counts[queue][status] += 1
    return [QueueHealth(q, found[WAITING], found[RUNNING], found[FAILED]) for q, found in sorted(counts.items())]


def orphans() -> list[int]:
    """Ids of jobs that are running without a live worker."""
    running = ProcrastinateJob.objects.filter(status=RUNNING)
    return list(running.exclude(worker__in=ProcrastinateWorker.objects.values("id")).values_list("id", flat=True))
