"""Repairs by an administrator, with a reason; and the read model made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from core.vietnamese import clean
from workflow.engine import repair

if TYPE_CHECKING:
    from audit.models import Actor
    from workflow.engine.models import DocumentProcess


class ReasonMissing(Exception):
    """A repair says why."""

    def __init__(self) -> None:
        super().__init__(_("Give the reason for this repair."))


@transaction.atomic
def jump(*, process: DocumentProcess, node: str, reason: str, actor: Actor) -> Any:
    """
    Cancel all that is open in a process and open `node` instead.

    :raises ReasonMissing: without a reason
    :raises NotRunning: if the process is over
    """
    if not reason.strip():
        raise ReasonMissing
    task = repair.jump(process.pk, node)
    data = {"node": node, "reason": clean(reason), "unit": process.unit_id}
    record("workflow.process.jumped", target=process.document, actor=actor, data=data)
    return task


def rebuild_items() -> int:
    """Make every work item anew from its task; returns how many were wrong."""
    return repair.rebuild_items()
