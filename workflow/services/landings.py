"""
Where a repair may put a token, and what the case's rows become by it: a jump leaves the case as if it had come that way.

A step without a landing cannot be jumped to. Each is called with the held process and the reason, which the next holder reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from workflow.engine.registry import lands
from workflow.models import Assignment, IncomingCase, OutgoingCase
from workflow.services.incoming import take_back

if TYPE_CHECKING:
    from workflow.engine.models import DocumentProcess

LEAD, OPEN, DONE = Assignment.Role.LEAD, Assignment.State.OPEN, Assignment.State.DONE


class NothingToLandOn(Exception):
    """The case never came so far: nobody would know what to do there."""

    def __init__(self) -> None:
        super().__init__(_("The case has nothing yet to work on at this step. Choose an earlier one."))


def _incoming(process: DocumentProcess) -> IncomingCase:
    rows = IncomingCase.plain.select_for_update(no_key=True, of=("self",)).select_related("document")
    return rows.get(process=process)


def _lead(case: IncomingCase, *states: str) -> Assignment:
    """The lead's newest row under the newest direction, in one of these states: the part that was handed on, if any."""
    newest = case.directions.order_by("-id").first()
    rows = Assignment.plain.select_for_update(no_key=True, of=("self",)).filter(direction=newest, role=LEAD)
    lead = rows.filter(state__in=states).order_by("-id").first()
    if lead is None:
        raise NothingToLandOn
    return lead


@lands("incoming", "present")
def at_the_clerk(process: DocumentProcess, reason: str) -> None:
    case = _incoming(process)
    take_back(case, reason)
    IncomingCase.plain.filter(pk=case.pk).update(state=IncomingCase.State.REGISTERED, return_reason=reason[:1000])


@lands("incoming", "direct")
def at_the_leader(process: DocumentProcess, reason: str) -> None:
    """Only once it was presented: without a leader anybody of the office would write the direction."""
    case = _incoming(process)
    if case.leader_post_id is None:
        raise NothingToLandOn
    take_back(case, reason)
    IncomingCase.plain.filter(pk=case.pk).update(state=IncomingCase.State.PRESENTED, return_reason=reason[:1000])


@lands("incoming", "work", by="assign")
def at_the_lead(process: DocumentProcess, reason: str) -> None:
    """Whatever is open is opened again, the lead's in any case."""
    case = _incoming(process)
    lead = _lead(case, OPEN, DONE)
    Assignment.plain.filter(pk=lead.pk).update(state=OPEN, note=reason[:1000])
    IncomingCase.plain.filter(pk=case.pk).update(state=IncomingCase.State.IN_PROGRESS)


@lands("incoming", "finish")
def at_the_end(process: DocumentProcess, reason: str) -> None:
    case = _incoming(process)
    _lead(case, DONE)
    take_back(case, reason)
    IncomingCase.plain.filter(pk=case.pk).update(state=IncomingCase.State.REPORTED, return_reason=reason[:1000])


def _outgoing(process: DocumentProcess) -> OutgoingCase:
    return OutgoingCase.plain.select_for_update(no_key=True).get(process=process)


@lands("outgoing", "draft")
def at_the_drafter(process: DocumentProcess, reason: str) -> None:
    rows = OutgoingCase.plain.filter(pk=_outgoing(process).pk)
    rows.update(state=OutgoingCase.State.RETURNED, return_reason=reason[:1000], approved_version=None)


@lands("outgoing", "approve")
def at_the_signer(process: DocumentProcess, reason: str) -> None:
    rows = OutgoingCase.plain.filter(pk=_outgoing(process).pk)
    rows.update(state=OutgoingCase.State.SUBMITTED, return_reason="", approved_version=None)


@lands("outgoing", "issue")
def at_the_registry(process: DocumentProcess, reason: str) -> None:
    """Only what was approved is numbered."""
    case = _outgoing(process)
    if case.approved_version is None:
        raise NothingToLandOn
    OutgoingCase.plain.filter(pk=case.pk).update(state=OutgoingCase.State.APPROVED, return_reason="")
