"""What holds in every office at every moment, as the random walk asks after each step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count

from audit.checks import run_checks
from audit.verification import verify_chain
from core import clock
from documents.checks import numbers_run
from documents.models import Document
from exchange.models import Delivery, DeliveryState
from organizations.policies import holder_keys
from workflow import selectors, services
from workflow.checks import items_mirror_tasks
from workflow.models import Assignment, DocumentProcess, IncomingCase, WorkItem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from organizations.models import User

DEAR = ("I1", "I2", "I3", "I8")


def check_cases() -> None:
    """
    I6: items mirror tasks, no open process without a human task, none over with something left, states fit the steps that wait.

    One open procedure of a kind per paper and unit; one lead at a time.
    """
    assert items_mirror_tasks().violations == []
    kinds = DocumentProcess.objects.filter(is_open=True).values("document", "unit", "flow_key")
    assert not kinds.annotate(times=Count("pk")).filter(times__gt=1).exists()
    leads = Assignment.plain.filter(role=Assignment.Role.LEAD, state=Assignment.State.OPEN).values("case")
    assert not leads.annotate(times=Count("pk")).filter(times__gt=1).exists()


def check_numbers() -> None:
    """I3: no gap, no double."""
    assert numbers_run().violations == []


def check_deliveries(earlier: dict[int, str]) -> dict[int, str]:
    """They go forward, follow their case and end with it (A2); returns their states, for the next time."""
    now = dict(Delivery.plain.values_list("pk", "state"))
    assert all(now[pk] >= state for pk, state in earlier.items())
    cases = IncomingCase.plain.filter(delivery__isnull=False).annotate(times=Count("assignments"))
    by_delivery = {case.delivery_id: case for case in cases}
    for delivery in Delivery.plain.filter(state__gt=DeliveryState.REFUSED):
        case = by_delivery[delivery.received_with_id or delivery.pk]
        assert (delivery.state == DeliveryState.DONE) == (case.state == IncomingCase.State.DONE)
        assert (delivery.state >= DeliveryState.ASSIGNED) == bool(case.times)
    return now


def check_desks(people: Sequence[User]) -> None:
    """Whatever waits has somebody to do it, who may read its paper."""
    waiting = set(WorkItem.objects.filter(state=WorkItem.State.OPEN).values_list("holder", "document"))
    served = set()
    for person in people:
        keys = holder_keys(person, clock.now())
        theirs = {(holder, document) for holder, document in waiting if holder in keys}
        served |= theirs
        wanted = {document for _holder, document in theirs}
        seen = set(Document.objects.visible_to(person).filter(pk__in=wanted).values_list("pk", flat=True))
        assert seen == wanted, person
    assert served == waiting


def check_counters(person: User) -> None:
    """A12: counters count what the lists show."""
    counts = selectors.inbox_counts(person, clock.now())
    for tab in selectors.TABS:
        assert counts[tab] == len(selectors.inbox(person, at=clock.now(), tab=tab, size=500).rows), tab


def check_what_is_dear() -> None:
    """Bytes, chain, jobs, and all items made anew from their tasks. Ends what items the transaction had."""
    before = item_rows()
    WorkItem.objects.all().delete()
    services.rebuild_items()
    assert item_rows() == before
    with connection.cursor() as cursor:  # what a commit would check and chain
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert verify_chain().violations == []
    for check in DEAR:
        assert run_checks(check)["ok"], run_checks(check)


def item_rows() -> list[dict[str, Any]]:
    """All work items, without what only the moment of writing says."""
    rows = WorkItem.objects.order_by("pk").values()
    return [{name: value for name, value in row.items() if name not in {"created_at", "urgency"}} for row in rows]
