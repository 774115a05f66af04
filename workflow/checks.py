"""I6: what inboxes show is what the engine has, and every case stands where its history says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.checks import CheckResult, register_check
from workflow.engine.checks import stored_name_faults
from workflow.engine.models import DocumentProcess, WorkItem
from workflow.engine.repair import differences, loose_ends
from workflow.models import IncomingCase, OutgoingCase

if TYPE_CHECKING:
    from collections.abc import Iterator

IN, OUT = IncomingCase.State, OutgoingCase.State
# The states that a case may have while a step waits; steps that are not named here may wait in any.
STATES: dict[tuple[str, str], set[str]] = {
    ("incoming", "present"): {IN.REGISTERED},
    ("incoming", "direct"): {IN.PRESENTED},
    ("incoming", "work"): {IN.ASSIGNED, IN.IN_PROGRESS},
    ("incoming", "finish"): {IN.REPORTED},
    ("outgoing", "draft"): {OUT.DRAFTING, OUT.RETURNED},
    ("outgoing", "approve"): {OUT.SUBMITTED},
    ("outgoing", "issue"): {OUT.APPROVED},
}
OVER = {"incoming": {IN.DONE, IN.VOIDED, IN.LOCKED}, "outgoing": {OUT.ISSUED, OUT.LOCKED}}


@register_check("I6", "a case's state follows from its history, work items mirror open tasks")
def items_mirror_tasks() -> CheckResult:
    """Each human task has its item in the same state; a case is over exactly when its process is."""
    mirrors = [words for _task, words in differences()]
    violations = [*mirrors, *loose_ends(), *stored_name_faults(), *_misplaced("incoming"), *_misplaced("outgoing")]
    return CheckResult(WorkItem.objects.count(), violations)


def _misplaced(flow: str) -> Iterator[str]:
    """Cases whose state does not belong to the step that waits, or to their end."""
    state = f"task__process__documentprocess__{flow}__state"
    waiting = WorkItem.objects.filter(state=WorkItem.State.OPEN, flow=flow)
    for task, node, found in waiting.values_list("pk", "node", state).iterator():
        if found not in STATES.get((flow, node), {found}):
            yield f"{flow} case of task {task} is {found} while “{node}” waits"
    ended = DocumentProcess.objects.filter(is_open=False, flow_key=flow)
    for process, found in ended.exclude(**{f"{flow}__state__in": OVER[flow]}).values_list("pk", f"{flow}__state"):
        yield f"{flow} case of process {process} is {found} though its process is over"
    running = DocumentProcess.objects.filter(is_open=True, flow_key=flow)
    for process, found in running.filter(**{f"{flow}__state__in": OVER[flow]}).values_list("pk", f"{flow}__state"):
        yield f"{flow} case of process {process} is {found} though its process goes on"
