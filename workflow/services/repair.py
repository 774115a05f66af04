"""Repairs by an administrator, with a reason; and the read model made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from core.vietnamese import clean
from live import publish
from organizations.policies import require_admin
from workflow.engine import registry, repair
from workflow.engine.hold import or_busy

if TYPE_CHECKING:
    from audit.models import Actor
    from workflow.engine.models import DocumentProcess


class ReasonMissing(Exception):
    """A repair says why."""

    def __init__(self) -> None:
        super().__init__(_("Give the reason for this repair."))


@or_busy()
@transaction.atomic
def jump(*, process: DocumentProcess, node: str, reason: str, actor: Actor) -> None:
    """
    Cancel all that is open in a process and open the step `node` instead; the case's rows follow (`services.landings`).

    :raises ReasonMissing: without a reason
    :raises NotAllowed: for anybody but an administrator of the unit
    :raises NotRunning: if the process is over
    :raises UnknownAction: for a name that is no step
    :raises NothingToLandOn: if the case has not what the step works on
    """
    if not reason.strip():
        raise ReasonMissing
    require_admin(actor, process.unit)
    reason = clean(reason).strip()
    running = repair.lock_running(process.pk)
    landing, opener = registry.landing_of(running.flow_key, node)
    landing(running, reason)
    repair.jump(running, opener)
    publish(f"document:{running.document_id}")
    data = {"node": node, "reason": reason, "unit": running.unit_id}
    record("workflow.process.jumped", target=running.document, actor=actor, data=data)


def rebuild_items() -> int:
    """Make every work item anew from its task; returns how many were wrong."""
    return repair.rebuild_items()
