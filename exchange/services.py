"""C1 to C5: a paper is sent to units, and each unit's state comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from core import clock, ids
from core.vietnamese import clean
from documents.services.access import grant_many
from exchange.models import Delivery, DeliveryEvent, DeliveryRole, DeliveryState, Dispatch
from live import publish
from organizations.policies import require_clerk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from audit.models import Actor
    from documents.models import Document
    from organizations.models import Unit

BATCH = 5000
SHORTEST_REASON, LONGEST_REASON = 10, 500


class NobodyToSendTo(Exception):
    """A dispatch needs a recipient."""

    def __init__(self) -> None:
        super().__init__(_("Choose at least one recipient unit, or a group that is not empty."))


class ReasonTooShort(Exception):
    """A refusal or return says why, in at least ten characters (domain.md 15)."""

    def __init__(self) -> None:
        super().__init__(_("Write the reason in at least 10 characters, so that the other side knows what to do."))


class ReasonTooLong(Exception):
    """The other side reads it in one look."""

    def __init__(self) -> None:
        super().__init__(
            _("The reason is longer than %(most)s characters. Shorten it; nothing was saved.")
            % {"most": LONGEST_REASON}
        )


def require_reason(text: object) -> str:
    """
    The reason of a refusal or return, cleaned.

    :raises ReasonTooShort: for fewer than ten characters
    """
    reason = clean(str(text or "")).strip()
    if len(reason) < SHORTEST_REASON:
        raise ReasonTooShort
    return reason


class DeliveryMoved(Exception):
    """The delivery is past the state that this act starts from."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(
            _("This delivery is now “%(state)s”: the act was not carried out. Reload the page.")
            % {"state": delivery.get_state_display()}
        )


@transaction.atomic
def issue_dispatch(
    *,
    document: Document,
    sender: Unit,
    recipients: Sequence[Unit],
    actor: Actor,
    groups: Sequence[str] = (),
    roles: Mapping[int, str] | None = None,
    must_act: bool = True,
    due_date: date | None = None,
    parent_delivery: Delivery | None = None,
    source_label: str = "",
) -> Dispatch:
    """
    Send an issued paper to units: one delivery each, made in the act's own transaction, whatever their number.

    The sender itself is left out. Recipients may read the paper from now on. Their own work begins when their clerk
    receives it; units that never do cost one row.

    :param groups: codes of the groups that `recipients` was expanded from, kept beside the expansion
    :param roles: by unit id; without one LEAD where it must be acted on, otherwise FYI
    :raises NobodyToSendTo: if nobody remains
    """
    units = {unit.pk: unit for unit in recipients if unit.pk != sender.pk}
    if not units:
        raise NobodyToSendTo
    dispatch = Dispatch.plain.create(
        document=document, sender_unit=sender, must_act=must_act, due_date=due_date, groups=list(groups),
        parent_delivery=parent_delivery, source_label=source_label,
    )  # fmt: skip
    usual = DeliveryRole.LEAD if must_act else DeliveryRole.FYI
    Delivery.plain.bulk_create(
        (
            Delivery(dispatch=dispatch, unit=unit, role=(roles or {}).get(pk, usual), due_date=due_date)
            for pk, unit in units.items()
        ),
        batch_size=BATCH,
    )
    tokens = [token for pk in units for token in _tokens(pk, document.level)]
    grant_many(document=document, tokens=tokens, cause=f"dispatch:{dispatch.pk}")
    publish(*(f"holder:{ids.unit_key(pk)}" for pk in units))
    data = {"dispatch": dispatch.pk, "recipients": len(units), "must_act": must_act, "due_date": str(due_date or "")}
    record("exchange.dispatch.issued", target=document, actor=actor, data=data, touches=[dispatch])
    return dispatch


def _tokens(unit_id: int, level: int) -> list[str]:
    """A recipient's office; at the ordinary level all its staff (who may read what, docs/architecture.md)."""
    office = ids.office_token(unit_id, level)
    return [office, ids.unit_token(unit_id, 0)] if level == 0 else [office]


@transaction.atomic
def refuse(*, delivery: Delivery, reason: str, actor: Actor) -> None:
    """
    Send a delivery back before receiving it (02), with a reason the sender sees.

    :raises ReasonTooShort, ReasonTooLong: for fewer than 10 or more than 500 characters
    :raises DeliveryMoved: once it was received
    :raises NotAllowed: for anybody but the recipient's registrar
    """
    reason = require_reason(reason)
    if len(reason) > LONGEST_REASON:
        raise ReasonTooLong
    _person, actor = require_clerk(actor, delivery.unit)
    move(delivery=delivery, expected=[DeliveryState.DELIVERED], to=DeliveryState.REFUSED, actor=actor, reason=reason)


def receive(
    *, delivery: Delivery, actor: Actor, received_at: datetime | None = None, along: Delivery | None = None
) -> None:
    """
    Note that the unit's clerk has entered the paper in the book (03).

    :param received_at: as it stands in the book; now where it is left out
    :param along: the delivery by which the unit has the paper already; this one goes on with it from where it stands
    """
    move(
        delivery=delivery, expected=[DeliveryState.DELIVERED], to=DeliveryState.REGISTERED, actor=actor,
        received_at=received_at or clock.now(), received_with=along,
    )  # fmt: skip
    if along is not None and along.state > DeliveryState.REGISTERED:
        _advance(delivery, along.state, actor)


def lock_waiting(*, document: Document, unit: Unit) -> list[Delivery]:
    """Every delivery of a paper that waits for a unit, held until the act is over; in one order, or two clerks would lock up."""
    waiting = Delivery.plain.filter(dispatch__document=document, unit=unit, state=DeliveryState.DELIVERED)
    rows = waiting.select_for_update(no_key=True, of=("self",)).select_related("dispatch__sender_unit", "unit")
    return list(rows.order_by("pk"))


def advance(*, delivery: Delivery | None, to: str, actor: Actor) -> None:
    """
    Move a delivery and those received with it forward to 04, 05 or 06 and tell the senders; a later state stays, and a paper
    without sender has none.

    Finishing pushes 06 by itself: nobody presses a second button (anti-requirement A2).
    """
    if delivery is None:
        return
    for one in [delivery, *delivery.companions.select_related("dispatch").order_by("pk")]:
        _advance(one, to, actor)


def _advance(delivery: Delivery, to: str, actor: Actor) -> None:
    earlier = [
        state for state in (DeliveryState.REGISTERED, DeliveryState.ASSIGNED, DeliveryState.IN_PROGRESS) if state < to
    ]
    delivery.refresh_from_db()
    if delivery.state in earlier:
        move(delivery=delivery, expected=earlier, to=to, actor=actor)


@transaction.atomic
def move(*, delivery: Delivery, expected: Sequence[str], to: str, actor: Actor, reason: str = "", **facts: Any) -> None:
    """
    Change a delivery's state if it is still one of `expected`, keep the event, tell both sides.

    :param facts: further columns that change with the state
    :raises DeliveryMoved: if somebody was first
    """
    now = clock.now()
    reason = clean(reason).strip()
    changed = Delivery.plain.filter(pk=delivery.pk, state__in=expected).update(
        state=to, state_at=now, reason=reason, **facts
    )
    if not changed:
        delivery.refresh_from_db()
        raise DeliveryMoved(delivery)
    delivery.state, delivery.state_at, delivery.reason = to, now, reason
    DeliveryEvent.objects.create(delivery=delivery, code=to, at=now, actor=actor.snapshot(), reason=reason)
    publish(f"dispatch:{delivery.dispatch_id}", f"holder:{ids.unit_key(delivery.unit_id)}")
    data = {"delivery": delivery.pk, "unit": delivery.unit_id, "code": to} | ({"reason": reason} if reason else {})
    record("exchange.delivery.moved", target=delivery, actor=actor, data=data, touches=[delivery.dispatch])
