"""The one door to a task: do it and open what follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from audit import receipts
from audit.services import record
from core import clock
from live import publish
from organizations.models import User
from organizations.policies import NotAllowed, holder_keys
from workflow.engine import registry
from workflow.engine.hold import hold

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from audit.models import Actor
    from workflow.engine.hold import Step


class NotYourTurn(NotAllowed):
    """The task waits for somebody else; a wrong-role act fails loudly (anti-requirement A1)."""

    def __init__(self) -> None:
        super().__init__(_("This work waits for another post. Nothing was changed."))


@dataclass(frozen=True, slots=True)
class Completed:
    """What was done, for the next page."""

    task_id: int
    document_id: int
    action: str


def complete(
    *,
    task_id: int,
    actor: Actor,
    action: str,
    payload: Mapping[str, Any],
    expected_version: int,
    receipt_key: UUID | None,
) -> Completed:
    """
    Do one human task and open what follows, in one transaction under the process's lock.

    :param payload: what the action's form gave; see the handlers in `workflow.services`
    :param expected_version: the case's version when the form was shown
    :raises AlreadyDone: somebody was first; says who and when
    :raises StaleVersion: the case went on since the form was shown
    :raises NotYourTurn: the task waits for others
    :raises Busy: the process stayed locked for 3 s
    """
    with hold(task_id) as step:
        if earlier := receipts.find(receipt_key, actor):
            return Completed(**earlier)
        step.require_open()
        person, actor = in_capacity(step, actor)
        step.require_version(expected_version)
        document = step.document
        registry.handler_of(step.item.flow, step.node, action)(step, actor, payload)
        step.finish(person, actor)
        done = Completed(task_id, step.process.document_id, action)
        receipts.keep(receipt_key, actor, {"task_id": task_id, "document_id": done.document_id, "action": action})
        publish(f"document:{done.document_id}")
        data = {"node": step.node, "action": action, "unit": step.process.unit_id, "holder": step.item.holder}
        record("workflow.item.completed", target=document, actor=actor, data=data | words(payload))
    return done


def in_capacity(step: Step, actor: Actor) -> tuple[User, Actor]:
    """
    The person, and the actor as holder or as deputy of one.

    :raises NotYourTurn: if the person holds none of the task's keys now
    """
    person = User.objects.get(pk=actor.user_id or 0)
    keys = holder_keys(person, clock.now())
    if step.item.holder not in keys:
        raise NotYourTurn
    principal = keys[step.item.holder]
    if principal is not None:
        actor = actor.for_principal(principal, str(User.objects.get(pk=principal)))
    return person, actor


def words(payload: Mapping[str, Any]) -> dict[str, str]:
    """What the timeline quotes: bút phê, report, reason, note."""
    quoted = next((str(payload[key]) for key in ("text", "reason", "comment", "note") if payload.get(key)), "")
    return {"words": quoted} if quoted else {}
