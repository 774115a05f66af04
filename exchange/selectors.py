"""What became of a dispatch: direct recipients and, following the papers passed on, the whole subtree (domain.md 17, C4)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from exchange.models import OPEN_STATES, Delivery, DeliveryState, Dispatch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from organizations.models import Unit, User

REASON = "the roll-up shows states and times of a dispatch that the reader's office sent"
WAITING, RECEIVED, WORKING, FINISHED, REFUSED = "waiting", "received", "working", "done", "refused"
BUCKET = {
    DeliveryState.DELIVERED: WAITING,
    DeliveryState.REGISTERED: RECEIVED,
    DeliveryState.ASSIGNED: RECEIVED,
    DeliveryState.IN_PROGRESS: WORKING,
    DeliveryState.DONE: FINISHED,
    DeliveryState.REFUSED: REFUSED,
}


@dataclass(slots=True)
class Counts:
    """How many deliveries stand where; `overdue` counts open ones past their deadline beside their state."""

    total: int = 0
    waiting: int = 0
    received: int = 0
    working: int = 0
    done: int = 0
    refused: int = 0
    overdue: int = 0

    def add(self, delivery: Delivery, today: date) -> None:
        """Count one more."""
        bucket = BUCKET[DeliveryState(delivery.state)]
        self.total += 1
        setattr(self, bucket, getattr(self, bucket) + 1)
        self.overdue += delivery.is_overdue(today)

    @property
    def parts(self) -> list[tuple[str, int, str]]:
        """For bar and legend: kinds of the components with their counts and words."""
        return [
            ("done", self.done, _("done")),
            ("doing", self.working, _("in progress")),
            ("got", self.received, _("received")),
            ("back", self.refused, _("refused")),
            ("none", self.waiting, _("not received")),
        ]


@dataclass(frozen=True, slots=True)
class TrackerRow:
    """One recipient with everything that was passed on below it; `level` 1 for a direct one."""

    delivery: Delivery
    below: Counts
    is_overdue: bool
    level: int = 1

    @property
    def bucket(self) -> str:
        """The count that the row belongs to, as filters name it."""
        return BUCKET[DeliveryState(self.delivery.state)]


@dataclass(frozen=True, slots=True)
class Tracker:
    """A dispatch as its issuer sees it: `rows` are the direct recipients, `tree` has everything below each of them too."""

    dispatch: Dispatch
    direct: Counts = field(default_factory=Counts)
    subtree: Counts = field(default_factory=Counts)
    rows: list[TrackerRow] = field(default_factory=list)
    tree: list[TrackerRow] = field(default_factory=list)

    @property
    def is_passed_on(self) -> bool:
        """Whether the subtree says more than the direct recipients."""
        return self.subtree.total > self.direct.total


def tracker(dispatch: Dispatch, today: date) -> Tracker:
    """
    Count direct recipients and the whole subtree, worst rows first.

    The subtree follows deliveries, not the unit tree: what a recipient passed on counts under that recipient. One query
    per tier.
    """
    found = Tracker(dispatch, tree=_rows(None, 1, _subtree(dispatch), today))
    found.rows.extend(row for row in found.tree if row.level == 1)
    for row in found.rows:
        found.direct.add(row.delivery, today)
    for row in found.tree:
        found.subtree.add(row.delivery, today)
    return found


def _rows(
    parent: int | None, level: int, by_parent: Mapping[int | None, list[Delivery]], today: date
) -> list[TrackerRow]:
    """The recipients under a delivery, worst first, each followed by what lies below it."""
    found = []
    for delivery in by_parent.get(parent, []):
        deeper = _rows(delivery.pk, level + 1, by_parent, today)
        below = Counts()
        for row in deeper:
            below.add(row.delivery, today)
        found.append((TrackerRow(delivery, below, delivery.is_overdue(today), level), deeper))
    found.sort(key=lambda pair: _badness(pair[0], today))
    return [row for head, deeper in found for row in (head, *deeper)]


def _subtree(dispatch: Dispatch) -> dict[int | None, list[Delivery]]:
    """Deliveries by the delivery that they carry out; a copy that goes back to who sent it passes nothing on."""
    back = Q(unit=F("dispatch__parent_delivery__dispatch__sender_unit"))
    rows = Delivery.objects.system(REASON).select_related("unit").prefetch_related("unit__names")
    by_parent: dict[int | None, list[Delivery]] = defaultdict(list)
    tier = list(rows.filter(dispatch=dispatch).order_by("unit__path", "id"))
    by_parent[None] = tier
    while tier:
        passed_on = rows.filter(dispatch__parent_delivery__in=[delivery.pk for delivery in tier]).exclude(back)
        tier = list(passed_on.select_related("dispatch").order_by("unit__path", "id"))
        for delivery in tier:
            by_parent[delivery.dispatch.parent_delivery_id].append(delivery)
    return by_parent


_WORST = [
    DeliveryState.REFUSED, DeliveryState.DELIVERED, DeliveryState.REGISTERED, DeliveryState.ASSIGNED,
    DeliveryState.IN_PROGRESS, DeliveryState.DONE,
]  # fmt: skip


def _badness(row: TrackerRow, today: date) -> tuple[int, int, int, str]:
    late = (today - row.delivery.due_date).days if row.is_overdue and row.delivery.due_date else 0
    return (-late, -row.below.overdue, _WORST.index(DeliveryState(row.delivery.state)), row.delivery.unit.path)


def directives_of(user: User, today: date) -> QuerySet[Dispatch]:
    """What the person's offices sent and what must be acted on, newest first, with counts for the list."""
    late = Q(deliveries__due_date__lt=today, deliveries__state__in=OPEN_STATES)
    state = "deliveries__state"
    rows = Dispatch.objects.visible_to(user).filter(must_act=True).select_related("document__doc_type", "sender_unit")
    return rows.annotate(
        total=Count("deliveries"),
        working=Count("deliveries", filter=Q(**{state: DeliveryState.IN_PROGRESS})),
        received=Count("deliveries", filter=Q(**{f"{state}__in": [DeliveryState.REGISTERED, DeliveryState.ASSIGNED]})),
        done=Count("deliveries", filter=Q(**{state: DeliveryState.DONE})),
        waiting=Count("deliveries", filter=Q(**{state: DeliveryState.DELIVERED})),
        refused=Count("deliveries", filter=Q(**{state: DeliveryState.REFUSED})),
        overdue=Count("deliveries", filter=late),
    ).order_by("-issued_at", "-id")


def counts_of(dispatch: Any) -> Counts:
    """The counts that `directives_of` gave a dispatch."""
    return Counts(**{name: getattr(dispatch, name) for name in Counts.__slots__})


def waiting_for(units: Sequence[Unit] | set[int]) -> QuerySet[Delivery]:
    """What has arrived for these units and nobody has received."""
    rows = Delivery.objects.system("the caller names the units of the reader's own office").filter(
        unit__in=units, state=DeliveryState.DELIVERED
    )
    rows = rows.select_related("dispatch__document__doc_type", "dispatch__sender_unit", "unit")
    rows = rows.prefetch_related("dispatch__sender_unit__names", "unit__names")
    return rows.order_by("-dispatch__document__urgency", "arrived_at", "id")
