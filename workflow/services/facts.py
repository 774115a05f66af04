"""What a work item shows beside its paper."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from core.clock import OFFICE_ZONE
from workflow.engine.models import WorkItem

if TYPE_CHECKING:
    from workflow.engine.models import DocumentProcess

END_OF_DAY = time(17, 0)


def deadline(day: date | None) -> str | None:
    """The end of the working day of a deadline, in ISO, as a task keeps it."""
    return datetime.combine(day, END_OF_DAY, OFFICE_ZONE).isoformat() if day else None


def sent_by(process: DocumentProcess) -> str:
    """Who did the step before."""
    done = WorkItem.objects.filter(task__process=process, completed_by__isnull=False)
    last = done.select_related("completed_by").order_by("-completed_at").first()
    return str(last.completed_by) if last else ""
