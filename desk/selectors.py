"""What the inbox and the page of a paper put together from the rooms below."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from documents.models import Validity
from documents.policies import may_confirm
from exchange.models import Dispatch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from documents.models import Document
    from organizations.models import User
    from workflow.selectors import InboxRow


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of the inbox that are due at about the same time, so that the due date needs no reading."""

    title: str
    rows: Sequence[InboxRow]
    is_late: bool

    @property
    def count(self) -> int:
        return len(self.rows)


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


def paper_links(document: Document, person: User) -> list[tuple[str, str]]:
    """Where one goes from a paper: to its text, to its facts, to what became of it where it was sent."""
    links = [(reverse("desk:paper-text", args=[document.pk]), _("Text of the paper"))]
    if document.state == Validity.UNCONFIRMED and may_confirm(person, document):
        links.insert(0, (reverse("documents:confirm", args=[document.pk]), _("Confirm the fields")))
    elif document.state == Validity.IN_FORCE and document.is_confirmed and may_confirm(person, document):
        links.append((reverse("documents:correct", args=[document.pk]), _("Correct the fields")))
    sent = Dispatch.objects.visible_to(person).filter(document=document, must_act=True).order_by("id")
    for dispatch in sent:
        words = _("Who has done it: %(what)s") % {"what": dispatch.source_label or document}
        links.append((reverse("exchange:tracker", args=[dispatch.pk]), words))
    return links
