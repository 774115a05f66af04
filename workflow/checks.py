"""I6: what inboxes show is what the engine has."""

from __future__ import annotations

from audit.checks import CheckResult, register_check
from workflow.engine.models import DocumentProcess, WorkItem
from workflow.engine.repair import differences
from workflow.models import IncomingCase, OutgoingCase


@register_check("I6", "a case's state follows from its history, work items mirror open tasks")
def items_mirror_tasks() -> CheckResult:
    """Each human task has its item in the same state; a case is over exactly when its process is."""
    violations = list(differences())
    closed = DocumentProcess.objects.filter(is_open=False)
    over = (
        IncomingCase.plain.filter(process__in=closed)
        .exclude(state__in=[IncomingCase.State.DONE, IncomingCase.State.VOIDED])
        .values_list("pk", flat=True)
    )
    sent = (
        OutgoingCase.plain.filter(process__in=closed)
        .exclude(state=OutgoingCase.State.ISSUED)
        .values_list("pk", flat=True)
    )
    violations += [f"incoming case {pk} is open though its process is over" for pk in over]
    violations += [f"outgoing case {pk} is open though its process is over" for pk in sent]
    return CheckResult(WorkItem.objects.count(), violations)
