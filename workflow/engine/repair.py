"""Moving a token by hand, and comparing work items with the tasks they mirror."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _
from viewflow.workflow import PROCESS, STATUS
from viewflow.workflow.models import Task

from core import clock
from workflow.engine.hold import open_tasks
from workflow.engine.models import DocumentProcess
from workflow.engine.nodes import OfficeTask, item_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 2000


class NotRunning(Exception):
    """A finished process cannot be moved."""

    def __init__(self) -> None:
        super().__init__(_("This procedure is over."))


def lock_running(process_id: int) -> DocumentProcess:
    """
    A process, fresh and held until the caller's transaction is over.

    :raises NotRunning: if it is over
    """
    rows = DocumentProcess.objects.select_related("document", "unit").select_for_update(no_key=True, of=("self",))
    process: DocumentProcess = rows.get(pk=process_id)
    if process.status != PROCESS.NEW:
        raise NotRunning
    return process


def jump(process: DocumentProcess, node_name: str) -> None:
    """
    Cancel all open tasks of a process that the caller holds (`lock_running`) and put its one token on a node.

    Forms that were shown before belong to the version before.
    """
    anchor = process.task_set.filter(status=STATUS.DONE).order_by("-finished", "-pk")[0]
    first = process.task_set.order_by("pk")[0]
    for task in open_tasks(process):
        task.flow_task.activation_class(task).cancel()
    DocumentProcess.objects.filter(pk=process.pk).update(version=F("version") + 1)
    before = anchor.flow_task.activation_class(anchor)
    node = process.flow_class.instance.node(node_name)
    before._activate_next({node._create(before, first.token)})  # noqa: SLF001  # the engine's own hooks, guarded by tests


def cancel(process_id: int) -> None:
    """
    End a process before its time, with all its open tasks. The caller is in a transaction.

    :raises NotRunning: if it is over
    """
    process = lock_running(process_id)
    for task in open_tasks(process):
        task.flow_task.activation_class(task).cancel()
    process.status, process.finished, process.is_open = PROCESS.CANCELED, clock.now(), False
    process.version += 1
    process.save()


def human_tasks() -> Iterator[Any]:
    """Every task of an `OfficeTask`, with its work item."""
    tasks = Task.objects.filter(flow_task_type="HUMAN").select_related("process", "item").order_by("pk")
    for task in tasks.iterator(chunk_size=CHUNK):
        if isinstance(task.flow_task, OfficeTask):
            yield task


def differences() -> Iterator[tuple[int, str]]:
    """Tasks whose work item is missing or says something else, each with a sentence (invariant I6)."""
    for task in human_tasks():
        item = getattr(task, "item", None)
        if item is None:
            yield task.pk, f"task {task.pk} has no work item"
            continue
        wrong = sorted(name for name, value in item_facts(task).items() if getattr(item, name) != value)
        if wrong:
            yield task.pk, f"work item {task.pk} differs from its task in {', '.join(wrong)}"


OVER = (STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED)


def loose_ends() -> Iterator[str]:
    """
    Processes that wait for nobody, or are over with something left: the engine counts a failed task as finished, so it would
    end a process over a failed branch.
    """
    human = Task.objects.filter(process=OuterRef("pk"), flow_task_type="HUMAN").exclude(status__in=OVER)
    left = Task.objects.filter(process=OuterRef("pk")).exclude(status__in=OVER)
    running = DocumentProcess.objects.filter(status=PROCESS.NEW)
    ended = DocumentProcess.objects.exclude(status=PROCESS.NEW)
    for pk in running.exclude(Exists(human)).values_list("pk", flat=True):
        yield f"process {pk} is open and waits for nobody"
    for pk in ended.filter(Exists(left)).values_list("pk", flat=True):
        yield f"process {pk} is over with a task that is open or has failed"
    for pk in (running.filter(is_open=False) | ended.filter(is_open=True)).values_list("pk", flat=True):
        yield f"process {pk} does not know whether it is over"


def rebuild_items() -> int:
    """Write every work item that differs from its task anew; returns how many."""
    wrong = [pk for pk, _words in differences()]
    for task in Task.objects.filter(pk__in=wrong):
        task.flow_task.activation_class(task).open_item()
    return len(wrong)
