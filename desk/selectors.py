"""What the inbox and the page of a paper put together from the rooms below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from documents.models import Validity
from documents.policies import may_confirm
from exchange.models import Dispatch
from ui.drawn import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from documents.models import Document
    from organizations.models import User
    from workflow.selectors import InboxRow


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of the inbox that are due at about the same time, so that the due date needs no reading."""

    title: str
    lines: Sequence[Row]
    is_late: bool

    @property
    def count(self) -> int:
        return len(self.lines)


def lines_of(rows: Iterable[InboxRow]) -> list[Row]:
    """The rows of an inbox as they are drawn, with their addresses."""
    paper, preview = _address("desk:paper"), _address("desk:preview")
    return [
        Row(
            url=paper.format(row.document_id), preview=preview.format(row.document_id), number=row.number,
            subject=row.subject, issuer=row.issuer, step=row.step, urgency=row.urgency, due=row.due_at,
            from_name=row.sent_by, comment=row.note, pages=row.pages,
        )
        for row in rows
    ]  # fmt: skip


@cache
def _address(name: str) -> str:
    """An address with a place for the paper's number: looked up once, not once a row."""
    return reverse(name, args=[0]).replace("/0/", "/{}/")


def group_by_due(lines: Sequence[Row], today: date) -> list[Group]:
    """Cut a list that is sorted by deadline into overdue, today, this week, later and without deadline."""
    return [
        Group(title=_titles()[key], lines=list(members), is_late=key == 0)
        for key, members in groupby(lines, key=lambda line: _bucket(line.due, today))
    ]


def _bucket(due: datetime | date | None, today: date) -> int:
    if due is None:
        return 4
    days = ((clock.office_date(due) if isinstance(due, datetime) else due) - today).days
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
        links.append((reverse("documents:replace", args=[document.pk]), _("Record a replacement")))
    sent = Dispatch.objects.visible_to(person).filter(document=document, must_act=True).order_by("id")
    for dispatch in sent:
        words = _("Who has done it: %(what)s") % {"what": dispatch.source_label or document}
        links.append((reverse("exchange:tracker", args=[dispatch.pk]), words))
    return links
