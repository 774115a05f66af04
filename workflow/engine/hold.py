"""The one way to act on a task: its process locked, everything read fresh, one transaction."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from viewflow.workflow import PROCESS, STATUS
from viewflow.workflow.models import Task

from core import clock
from workflow.engine.models import DocumentProcess, WorkItem
from workflow.engine.nodes import ON_BEHALF_OF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.models import Actor
    from documents.models import Document
    from organizations.models import User

LOCK_NOT_AVAILABLE = "55P03"


class AlreadyDone(Exception):
    """Somebody was first."""

    def __init__(self, item: WorkItem) -> None:
        self.item = item
        self.winner = str(item.completed_by) if item.completed_by else ""
        self.at = item.completed_at
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        if not self.winner or self.at is None:
            return _("This work is no longer open: it was taken back or closed. Nothing was changed by you.")
        at = clock.local(self.at)
        return _("Comrade %(winner)s did this at %(time)s on %(date)s. Nothing was changed by you.") % {
            "winner": self.winner,
            "time": f"{at:%H:%M}",
            "date": f"{at:%d/%m/%Y}",
        }


class StaleVersion(Exception):
    """The case went on since the form was shown."""

    def __init__(self) -> None:
        super().__init__(
            _("The case has changed since you opened it. Nothing was saved: reload the page and look again.")
        )


class Busy(Exception):
    """The process stayed locked."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else is working on this paper at this moment. Try again in a few seconds."))


@dataclass(slots=True)
class Step:
    """A held task: its process is locked until the act is over."""

    task: Any
    item: WorkItem
    process: DocumentProcess
    activation: Any

    @property
    def document(self) -> Document:
        document: Document = self.process.document
        return document

    @property
    def node(self) -> str:
        return str(self.item.node)

    def require_open(self) -> None:
        """:raises AlreadyDone: naming who and when"""
        if self.item.state != WorkItem.State.OPEN:
            raise AlreadyDone(self.item)

    def require_version(self, expected: int) -> None:
        """:raises StaleVersion: if the case's version is another one"""
        if self.process.version != expected:
            raise StaleVersion

    def finish(self, person: User, actor: Actor) -> None:
        """Mark the task done by `person` and let the engine go on to what follows."""
        if actor.on_behalf_of_id is not None:
            self.task.data[ON_BEHALF_OF] = actor.on_behalf_of_id
        DocumentProcess.objects.filter(pk=self.process.pk).update(version=F("version") + 1)
        self.activation.assign(person)
        self.activation.start(None)
        self.activation.execute()
        close_if_over(self.process)


def close_if_over(process: DocumentProcess) -> None:
    """Let the paper be taken up anew once the engine says that the process is over."""
    over = DocumentProcess.objects.filter(pk=process.pk, is_open=True).exclude(status=PROCESS.NEW)
    if over.update(is_open=False):
        process.is_open = False


@contextmanager
def or_busy() -> Iterator[None]:
    """
    Around an act's transaction, also as a decorator.

    :raises Busy: if a lock was not to be had within `lock_timeout` (3 s)
    """
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == LOCK_NOT_AVAILABLE:
            raise Busy from error
        raise


@contextmanager
def hold(task_id: int) -> Iterator[Step]:
    """
    Lock a task's process, read everything fresh, and commit at the end.

    Refuses to start inside another transaction: what follows the lock's release would come before the real commit.

    :raises Busy: if the process stays locked for `lock_timeout` (3 s)
    """
    with or_busy(), transaction.atomic(durable=True):
        process_id = Task.objects.values_list("process_id", flat=True).get(pk=task_id)
        process = _lock_process(process_id)
        item = WorkItem.objects.select_related("completed_by", "task").get(task_id=task_id)
        item.task.process = process
        yield Step(item.task, item, process, item.task.flow_task.activation_class(item.task))


def _lock_process(process_id: int) -> DocumentProcess:
    rows = DocumentProcess.objects.select_related("document", "unit").select_for_update(no_key=True, of=("self",))
    process: DocumentProcess = rows.get(pk=process_id)
    return process


def open_tasks(process: DocumentProcess) -> list[Any]:
    """Tasks of a process that are neither done nor cancelled."""
    return list(process.task_set.exclude(status__in=[STATUS.DONE, STATUS.CANCELED, STATUS.REVIVED]))
