"""What the inbox and the page of a paper put together from the rooms below."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core import clock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from workflow.selectors import InboxRow


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of the inbox that are due at about the same time, so that the due date needs no reading."""

    title: str
    rows: Sequence[InboxRow]
    is_late: bool


def group_by_due(rows: Sequence[InboxRow], today: date) -> list[Group]:
    """Cut a list that is sorted by deadline into overdue, today, this week, later and without deadline."""
    return [
        Group(title=_titles()[key], rows=list(members), is_late=key == 0)
        for key, members in groupby(rows, key=lambda row: _bucket(row, today))
    ]


def _bucket(row: InboxRow, today: date) -> int:
    if row.due_at is None:
        return 4
    days = (clock.office_date(row.due_at) - today).days
    return 0 if days < 0 else 1 if days == 0 else 2 if days <= 7 - today.isoweekday() else 3


def _titles() -> tuple[str, ...]:
    return (_("Overdue"), _("Today"), _("This week"), _("Later"), _("No deadline"))
