"""I4 to I10: a unit takes a paper in and works on it (domain.md 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import receipts
from audit.services import record
from core import ids
from core.vietnamese import clean
from documents.models import Document, Register, RegisterEntry
from documents.services.access import grant, grant_many, revoke, revoke_many
from documents.services.confirmation import confirm_fields
from documents.services.registration import register_arrival
from exchange import services as exchange
from exchange.models import Delivery, DeliveryState
from organizations.models import User
from organizations.policies import require_clerk
from workflow import policies
from workflow.engine import registry
from workflow.engine.hold import or_busy
from workflow.engine.models import DocumentProcess
from workflow.engine.registry import UnknownAction, handles
from workflow.models import Assignment, Direction, IncomingCase, ProgressReport

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from audit.models import Actor
    from organizations.models import Post, Unit
    from workflow.engine.hold import Step

KEY = "incoming"
State = IncomingCase.State
Role = Assignment.Role
WAITING = (Assignment.State.OPEN, Assignment.State.HANDED_ON)


class LeadMissing(Exception):
    """If several work on a paper, one of them leads (23.2)."""

    def __init__(self) -> None:
        super().__init__(_("Name the unit or post that leads."))


class NamedTwice(Exception):
    """One role per unit or post."""

    def __init__(self) -> None:
        super().__init__(_("The same unit or post was chosen for two roles. Choose one role for each."))


class FyiCannotReturn(Exception):
    """What was sent for information is only acknowledged (domain.md 15)."""

    def __init__(self) -> None:
        super().__init__(_("A paper for information cannot be returned; it closes itself when you have read it."))


class AfterTheWhole(Exception):
    """A part is not due after the whole."""

    def __init__(self, due: date) -> None:
        super().__init__(
            _("Your unit has until %(date)s. Choose a deadline on or before that day.") % {"date": f"{due:%d/%m/%Y}"}
        )


@or_busy()
@transaction.atomic
def register_and_start(
    *,
    document: Document,
    unit: Unit,
    received_at: datetime,
    actor: Actor,
    sender_text: str = "",
    receipt_key: UUID | None = None,
) -> IncomingCase:
    """
    Give a confirmed paper its arrival number and begin the unit's case, in one act.

    A paper from outside has no sender in this office: there is no delivery to report to, and nothing to return it to.

    :raises AlreadyRegistered, RegisterClosed, NotConfirmedYet: from the register
    :raises Busy: if the book stayed locked for 3 s, as the other acts of this room
    """
    if earlier := receipts.find(receipt_key, actor):
        return IncomingCase.objects.system("the same form posted twice").get(pk=earlier["case"])
    entry = register_arrival(
        document=document, unit=unit, received_at=received_at, actor=actor, sender_text=sender_text
    )
    case = start_incoming(document=document, unit=unit, entry=entry, actor=actor)
    receipts.keep(receipt_key, actor, {"case": case.pk})
    return case


@or_busy()
@transaction.atomic
def confirm_and_register(
    *,
    document: Document,
    values: Mapping[str, Any],
    expected_version: int,
    unit: Unit,
    received_at: datetime,
    actor: Actor,
    receipt_key: UUID | None = None,
) -> IncomingCase:
    """The clerk's one button: what the paper is, its number and its case, all or nothing."""
    if earlier := receipts.find(receipt_key, actor):
        return IncomingCase.objects.system("the same form posted twice").get(pk=earlier["case"])
    document = confirm_fields(document=document, values=values, actor=actor, expected_version=expected_version)
    return register_and_start(
        document=document, unit=unit, received_at=received_at, actor=actor, receipt_key=receipt_key
    )


@or_busy()
@transaction.atomic
def receive_delivery(
    *, delivery: Delivery, received_at: datetime, actor: Actor, receipt_key: UUID | None = None
) -> IncomingCase:
    """
    Receive what another unit sent: the arrival number is taken, 03 goes back the same moment, the unit's case begins.

    The same paper may be sent more than once, as with several conclusions of one notice: what waits of it is received along,
    and where the unit works on the paper already, this delivery joins its case. One paper has one number in a unit.

    :raises DeliveryMoved: if it was received, refused or taken back meanwhile
    :raises NotAllowed: for anybody but the unit's registrar
    """
    if earlier := receipts.find(receipt_key, actor):
        return IncomingCase.objects.system("the same form posted twice").get(pk=earlier["case"])
    _person, actor = require_clerk(actor, delivery.unit)
    document = Document.objects.system("the delivery names the paper").get(pk=delivery.dispatch.document_id)
    case = _running_case(document, delivery.unit)
    waiting = exchange.lock_waiting(document=document, unit=delivery.unit)
    if delivery not in waiting:
        delivery.refresh_from_db()
        raise exchange.DeliveryMoved(delivery)
    if case is None:
        delivery = waiting.pop(waiting.index(delivery))
        case = _start_with(delivery, waiting, document, received_at, actor)
    for one in waiting:
        exchange.receive(delivery=one, actor=actor, received_at=received_at, along=case.delivery)
    receipts.keep(receipt_key, actor, {"case": case.pk})
    return case


def _running_case(document: Document, unit: Unit) -> IncomingCase | None:
    """The case by which the unit works on a paper that was sent to it; its process is held, as before every act on it."""
    running = DocumentProcess.objects.filter(document=document, unit=unit, flow_key=KEY, is_open=True)
    process = running.select_for_update(no_key=True, of=("self",)).first()
    if process is None:
        return None
    rows = IncomingCase.plain.select_for_update(no_key=True, of=("self",)).select_related("delivery", "entry")
    return rows.get(process=process)


def _start_with(
    delivery: Delivery, others: Sequence[Delivery], document: Document, received_at: datetime, actor: Actor
) -> IncomingCase:
    entry = _entry_for(document, delivery, received_at, actor)
    exchange.receive(delivery=delivery, actor=actor, received_at=received_at)
    days = [one.due_date for one in [delivery, *others] if one.due_date]
    return start_incoming(
        document=document,
        unit=delivery.unit,
        entry=entry,
        delivery=delivery,
        due_date=min(days, default=None),
        actor=actor,
    )


def _entry_for(document: Document, delivery: Delivery, received_at: datetime, actor: Actor) -> RegisterEntry:
    """The number that the unit gave to the paper before, or a new one."""
    known = RegisterEntry.objects.filter(
        document=document, register__unit=delivery.unit, register__direction=Register.Direction.IN,
        state=RegisterEntry.State.USED,
    )  # fmt: skip
    return known.first() or register_arrival(
        document=document, unit=delivery.unit, received_at=received_at, actor=actor,
        sender_text=delivery.dispatch.sender_unit.name,
    )  # fmt: skip


@transaction.atomic
def start_incoming(
    *,
    document: Document,
    unit: Unit,
    entry: RegisterEntry,
    actor: Actor,
    delivery: Delivery | None = None,
    due_date: date | None = None,
) -> IncomingCase:
    """
    Begin the unit's case at the step of presenting.

    :param due_date: of a paper that was sent; one taken in by hand has its own
    """
    due = due_date if delivery else document.due_date
    case = IncomingCase.plain.create(document=document, unit=unit, entry=entry, delivery=delivery, due_date=due)
    grant(document=document, token=ids.office_token(unit.pk, document.level), cause=f"case:{case.pk}")
    case.process = registry.current_flow(KEY).start.run(case=case)
    data = {"unit": unit.code, "number": entry.number_int, "case": case.pk}
    record("workflow.case.started", target=document, actor=actor, data=data)
    return case


def _case(step: Step) -> IncomingCase:
    case = IncomingCase.plain.select_for_update(no_key=True, of=("self",)).select_related("delivery", "unit")
    return case.get(process=step.process)


def _reason(payload: Mapping[str, Any]) -> str:
    return exchange.require_reason(payload.get("reason"))


@handles(KEY, "present", "present")
def present(step: Step, actor: Actor, payload: Mapping[str, Any]) -> None:
    """I5. payload: leader_post (Post), note."""
    post: Post = payload["leader_post"]
    case = _case(step)
    note = clean(str(payload.get("note", ""))).strip()
    IncomingCase.plain.filter(pk=case.pk).update(leader_post=post, state=State.PRESENTED, return_reason=note[:1000])
    grant(document=step.document, token=ids.post_key(post.pk), cause=f"case:{case.pk}")


@handles(KEY, "direct", "direct")
def direct(step: Step, actor: Actor, payload: Mapping[str, Any]) -> None:
    """
    I6, I7. payload: text, lead ("unit:5" or "post:7"), supporters, fyi (lists of such keys), due_date.

    :raises LeadMissing: without a lead
    :raises NamedTwice: if somebody is given two roles
    """
    chosen = _chosen(payload)
    case = _case(step)
    due = payload.get("due_date") or case.due_date
    direction = Direction.plain.create(
        case=case, leader=actor.snapshot(), text=clean(str(payload.get("text", ""))).strip(), due_date=due
    )
    case.document = step.document
    for key, role in chosen.items():
        _assign(case, direction, key, role)
    IncomingCase.plain.filter(pk=case.pk).update(state=State.ASSIGNED, due_date=due, return_reason="")
    exchange.advance(delivery=case.delivery, to=DeliveryState.ASSIGNED, actor=actor)


def _chosen(payload: Mapping[str, Any]) -> dict[str, str]:
    lead = payload.get("lead")
    if not lead:
        raise LeadMissing
    named = [
        (lead, Role.LEAD),
        *((k, Role.SUPPORT) for k in payload.get("supporters", ())),
        *((k, Role.FYI) for k in payload.get("fyi", ())),
    ]
    chosen: dict[str, str] = {}
    for key, role in named:
        if key in chosen:
            raise NamedTwice
        chosen[key] = role
    return chosen


def _assign(case: IncomingCase, direction: Direction, key: str, role: str) -> None:
    kind, _sep, number = key.partition(":")
    assignment = Assignment.plain.create(
        case=case, direction=direction, role=role,
        due_date=None if role == Role.FYI else direction.due_date, **{f"{kind}_id": int(number)},
    )  # fmt: skip
    grant_many(document=case.document, tokens=_reader_tokens(assignment), cause=f"assignment:{assignment.pk}")


def _reader_tokens(assignment: Assignment) -> Sequence[str]:
    """A unit that is given work reads by its staff at the ordinary level, a post by itself."""
    if assignment.post_id:
        return [ids.post_key(assignment.post_id)]
    unit = assignment.unit_id or 0
    level = assignment.case.document.level
    return [ids.office_token(unit, level), *([ids.unit_token(unit, 0)] if level == 0 else [])]


@handles(KEY, "direct", "return")
def send_back(step: Step, actor: Actor, payload: Mapping[str, Any]) -> None:
    """The leader gives the paper back to the clerk. payload: reason (10 characters or more)."""
    case = _case(step)
    IncomingCase.plain.filter(pk=case.pk).update(state=State.REGISTERED, return_reason=_reason(payload)[:1000])


def _assignment(step: Step) -> Assignment:
    rows = Assignment.plain.select_for_update(no_key=True, of=("self",))
    related = rows.select_related("case__delivery", "case__unit", "direction", "unit", "post__unit", "parent")
    return related.get(pk=step.task.seed_object_id)


@handles(KEY, "work", "report")
def report(step: Step, actor: Actor, payload: Mapping[str, Any]) -> None:
    """
    I9. payload: text, reply_document (Document or None). The lead's report goes to the leader.

    :raises UnknownAction: for a paper for information, on which nothing is asked
    """
    assignment = _assignment(step)
    if assignment.role == Role.FYI:
        raise UnknownAction("report")
    ProgressReport.plain.create(
        assignment=assignment, text=clean(str(payload.get("text", ""))).strip(),
        reply_document=payload.get("reply_document"), by=actor.snapshot(),
    )  # fmt: skip
    Assignment.plain.filter(pk__in=[assignment.pk, *wholes_of(assignment)]).update(state=Assignment.State.DONE)
    state = State.REPORTED if assignment.role == Role.LEAD else State.IN_PROGRESS
    if assignment.role == Role.LEAD:
        close_others(assignment.case, _("The lead has reported; closed by the office."))
    IncomingCase.plain.filter(pk=assignment.case_id).update(state=state)
    exchange.advance(delivery=assignment.case.delivery, to=DeliveryState.IN_PROGRESS, actor=actor)


def wholes_of(assignment: Assignment) -> list[int]:
    """The assignments of which this one is a part, upwards: its report counts for them too."""
    found, above = [], assignment.parent
    while above is not None:
        found.append(above.pk)
        above = above.parent
    return found


@handles(KEY, "work", "hand_on")
def hand_on(step: Step, actor: Actor, payload: Mapping[str, Any]) -> None:
    """
    I8. payload: post (Post of the unit), note, due_date. The part keeps the role and reports for the whole.

    :raises NotAllowed: for anybody but who directs the unit's work
    :raises AfterTheWhole: for a deadline after the unit's own
    """
    assignment = _assignment(step)
    post: Post = payload["post"]
    policies.require_hand_on(assignment, post, User.objects.get(pk=actor.user_id or 0))
    due = payload.get("due_date") or assignment.due_date
    if due and assignment.due_date and due > assignment.due_date:
        raise AfterTheWhole(assignment.due_date)
    Assignment.plain.filter(pk=assignment.pk).update(state=Assignment.State.HANDED_ON)
    part = Assignment.plain.create(
        case=assignment.case, direction=assignment.direction, parent=assignment, role=assignment.role, post=post,
        due_date=due, note=clean(str(payload.get("note", ""))).strip()[:1000],
    )  # fmt: skip
    grant_many(document=step.document, tokens=_reader_tokens(part), cause=f"assignment:{part.pk}")
    IncomingCase.plain.filter(pk=assignment.case_id).update(state=State.IN_PROGRESS)
    exchange.advance(delivery=assignment.case.delivery, to=DeliveryState.IN_PROGRESS, actor=actor)


@handles(KEY, "work", "acknowledge")
def acknowledge(step: Step, actor: Actor, payload: Mapping[str, Any]) -> None:
    """
    What was for information has been read.

    :raises UnknownAction: for work: it ends with a report, or the lead would be done without one
    """
    assignment = _assignment(step)
    if assignment.role != Role.FYI:
        raise UnknownAction("acknowledge")
    Assignment.plain.filter(pk=assignment.pk).update(state=Assignment.State.DONE)


@handles(KEY, "work", "return")
def return_work(step: Step, actor: Actor, payload: Mapping[str, Any]) -> None:
    """
    Give work back. payload: reason. A lead's return brings the paper to the leader again and takes the others' open work back;
    a supporter's touches that row alone. What was handed on within a unit goes back to whoever handed it on.

    :raises FyiCannotReturn: for a paper for information
    """
    assignment = _assignment(step)
    if assignment.role == Role.FYI:
        raise FyiCannotReturn
    reason = _reason(payload)
    Assignment.plain.filter(pk=assignment.pk).update(state=Assignment.State.RETURNED, note=reason[:1000])
    revoke(document=step.document, cause=f"assignment:{assignment.pk}")
    if assignment.parent_id is not None:
        Assignment.plain.filter(pk=assignment.parent_id).update(state=Assignment.State.OPEN, note=reason[:1000])
    elif assignment.role == Role.LEAD:
        take_back(assignment.case, _("The lead gave the work back; closed by the office."))
        IncomingCase.plain.filter(pk=assignment.case_id).update(state=State.PRESENTED, return_reason=reason[:1000])


def close_others(case: IncomingCase, note: str) -> None:
    """Open work of others is closed by the system, with a note (I10)."""
    open_ones = Assignment.plain.filter(case=case, state__in=WAITING).exclude(role=Role.LEAD)
    open_ones.update(state=Assignment.State.CLOSED, note=note)


def take_back(case: IncomingCase, note: str) -> None:
    """Open work is taken from its holders, and with it their reading of the paper (anti-requirement A4)."""
    open_ones = Assignment.plain.filter(case=case, state__in=WAITING)
    taken = list(open_ones.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
    open_ones.filter(pk__in=taken).update(state=Assignment.State.CLOSED, note=note[:1000])
    revoke_many(document=case.document, causes=[f"assignment:{pk}" for pk in taken])


@handles(KEY, "finish", "finish")
def finish(step: Step, actor: Actor, payload: Mapping[str, Any]) -> None:
    """I10. payload: note. 06 goes to the sender by itself (A2)."""
    case = _case(step)
    IncomingCase.plain.filter(pk=case.pk).update(state=State.DONE)
    exchange.advance(delivery=case.delivery, to=DeliveryState.DONE, actor=actor)


@handles(KEY, "finish", "return")
def return_report(step: Step, actor: Actor, payload: Mapping[str, Any]) -> None:
    """The leader wants more: the lead's work opens again. payload: reason."""
    case = _case(step)
    reason = _reason(payload)
    # Whoever reported, not a part that was given back: it is no longer theirs.
    last = Assignment.plain.filter(case=case, role=Role.LEAD, state=Assignment.State.DONE).order_by("-id")[0]
    Assignment.plain.filter(pk=last.pk).update(state=Assignment.State.OPEN, note=reason[:1000])
    Assignment.plain.filter(pk__in=wholes_of(last)).update(state=Assignment.State.HANDED_ON)
    IncomingCase.plain.filter(pk=case.pk).update(state=State.IN_PROGRESS)
