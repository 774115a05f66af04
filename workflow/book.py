"""The books' columns “unit or person receiving” and “day passed on”: whom a leader gave a paper to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import clock
from documents.book import Passed, tells_where_papers_went
from documents.models import Register
from workflow.models import Assignment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from documents.models import RegisterEntry

REASON = "the caller's office keeps the book of these papers"
ORDER = {Assignment.Role.LEAD: 0, Assignment.Role.SUPPORT: 1, Assignment.Role.FYI: 2}


@tells_where_papers_went
def assignees_of(entries: Sequence[RegisterEntry]) -> Mapping[int, Passed]:
    """By line of a book of arrivals: who works on the paper by the newest direction, the lead first."""
    arrived = [entry.pk for entry in entries if entry.register.direction == Register.Direction.IN]
    if not arrived:
        return {}
    rows = Assignment.objects.system(REASON).filter(case__entry__in=arrived, parent=None).order_by("direction_id", "id")
    newest: dict[int, list[Assignment]] = {}
    for row in rows.select_related("case", "direction", "unit", "post").prefetch_related("unit__names"):
        known = newest.setdefault(row.case.entry_id, [])
        if known and known[0].direction_id != row.direction_id:
            known.clear()
        known.append(row)
    return {entry: _passed(given) for entry, given in newest.items()}


def _passed(given: list[Assignment]) -> Passed:
    given.sort(key=lambda row: ORDER[Assignment.Role(row.role)])
    return Passed(", ".join(row.assignee for row in given), on=clock.office_date(given[0].direction.at))
