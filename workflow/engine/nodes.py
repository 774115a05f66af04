"""
Nodes of our own on the engine's extension points.

`OfficeTask`: a human task that waits for a holder and is closed to everybody else by default; its row has no owner until
somebody acts. `ForEach`: one branch per domain row.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from viewflow import this
from viewflow.workflow import STATUS, Activation, FlowRuntimeError, Node, Token, flow
from viewflow.workflow.nodes import ViewActivation, mixins

from live import publish
from workflow.engine.models import WorkItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from organizations.models import User
    from workflow.engine.models import DocumentProcess

HOLDER, ON_BEHALF_OF = "holder", "on_behalf_of"
MIRRORED = [field.name for field in WorkItem._meta.fields if field.name not in {"task", "created_at"}]  # noqa: SLF001  # public


class OfficeTaskActivation(ViewActivation):  # type: ignore[misc]
    """Keeps the work item in step with the task, in the same transaction."""

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Any, token: Any, data: dict[str, Any] | None = None, seed: Any = None
    ) -> Any:
        seed = seed or flow_task.seed_after(prev_activation)
        facts = flow_task.facts(prev_activation.process, seed)
        activation = super().create(flow_task, prev_activation, token, data={**(data or {}), **facts}, seed=seed)
        activation.open_item()
        return activation

    def open_item(self) -> None:
        """Show the task in the inbox of its holder; also rebuilds a lost row. One statement: `update_or_create` takes six."""
        task, process = self.task, self.process
        item = WorkItem(
            task=task, document=process.document, unit=process.unit, flow=process.flow_key,
            urgency=process.document.urgency, **item_facts(task),
        )  # fmt: skip
        WorkItem.objects.bulk_create([item], update_conflicts=True, unique_fields=["task"], update_fields=MIRRORED)
        publish(f"holder:{task.data[HOLDER]}")

    def close_item(self) -> None:
        """Take the task out of the inbox."""
        WorkItem.objects.filter(task=self.task).update(**completion_of(self.task))
        publish(f"holder:{self.task.data[HOLDER]}")

    @Activation.status.super()  # type: ignore[untyped-decorator]
    def complete(self) -> None:
        super().complete.original()
        self.close_item()

    @Activation.status.super()  # type: ignore[untyped-decorator]
    def cancel(self) -> None:
        super().cancel.original()
        self.close_item()

    @Activation.status.super()  # type: ignore[untyped-decorator]
    def revive(self) -> Any:
        """Bypasses `create`, so the new task shows itself here; holder and facts came along in its data."""
        task = super().revive.original()
        type(self)(task).open_item()
        return task


def item_facts(task: Any) -> dict[str, Any]:
    """What a task keeps for its work item, so that the item can be rebuilt from it alone."""
    shown = {key: task.data.get(key) or "" for key in (HOLDER, "role", "sent_by", "note")}
    due = task.data.get("due_at")
    return {
        "node": task.flow_task.name, **shown, "due_at": datetime.fromisoformat(due) if due else None, **completion_of(task),
    }  # fmt: skip


def completion_of(task: Any) -> dict[str, Any]:
    """The work item's state, and who did the task, for whom and when."""
    state = state_of(task)
    if state != WorkItem.State.DONE:
        return {"state": state}
    done = {"completed_by": task.owner_id, "completed_for": task.data.get(ON_BEHALF_OF)}
    return {"state": state, "completed_at": task.finished, **{f"{name}_id": key for name, key in done.items()}}


def state_of(task: Any) -> str:
    """The work item's state that belongs to a task's status."""
    if task.status == STATUS.DONE:
        return WorkItem.State.DONE
    return WorkItem.State.CANCELLED if task.status in {STATUS.CANCELED, STATUS.REVIVED} else WorkItem.State.OPEN


class OfficeTask(flow.View):  # type: ignore[misc]
    """
    A human task. `.Holder(function)` says whom it waits for; `.Facts(function)` what its inbox row shows.

    Both are called with (process, seed). Without a holder the flow audit refuses to start the office.
    """

    activation_class = OfficeTaskActivation
    holder: Callable[[DocumentProcess, Any], str] | None = None
    more: Callable[[DocumentProcess, Any], dict[str, Any]] | None = None
    seeded: Callable[[Any], Any] | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(None, **kwargs)

    def Holder(self, holder: Any) -> OfficeTask:  # noqa: N802  # reads like the engine's own Assign, Next
        """Say whom the task waits for."""
        self.holder = holder
        return self

    def Facts(self, more: Any) -> OfficeTask:  # noqa: N802
        """Say what its inbox row shows: role, due_at (ISO), sent_by, note."""
        self.more = more
        return self

    def Seed(self, seeded: Any) -> OfficeTask:  # noqa: N802
        """Say which domain row the task is about where no `ForEach` says so; asked with what comes before the task."""
        self.seeded = seeded
        return self

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self.holder = this.resolve(instance, self.holder)
        self.more = this.resolve(instance, self.more)
        self.seeded = this.resolve(instance, self.seeded)

    def seed_after(self, prev_activation: Any) -> Any:
        """The domain row of a task that no `ForEach` opens; None where the task has none."""
        return self.seeded(prev_activation) if self.seeded else None

    def facts(self, process: DocumentProcess, seed: Any) -> dict[str, Any]:
        """What the task's data keep."""
        if self.holder is None:
            raise FlowRuntimeError(f"{self.name} has no holder")
        return {HOLDER: self.holder(process, seed), **(self.more(process, seed) if self.more else {})}

    def can_assign(self, user: User, task: Any) -> bool:
        """Closed: our services alone assign, after their own policy."""
        return False

    def can_execute(self, user: User, task: Any) -> bool:
        """Only who has taken the task."""
        return bool(user.is_active and task.owner_id == user.pk)


class ForEachActivation(Activation):  # type: ignore[misc]
    """Opens one branch per item."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.items: list[Any] = []
        super().__init__(*args, **kwargs)

    @Activation.status.super()  # type: ignore[untyped-decorator]
    def activate(self) -> None:
        with self.exception_guard(), transaction.atomic(savepoint=True):
            self.items = list(self.flow_task.items(self))
            if not self.items:
                raise FlowRuntimeError(f"{self.flow_task.name}: nothing to branch on")

    @Activation.status.super()  # type: ignore[untyped-decorator]
    def create_next(self) -> Iterator[Any]:
        tokens = Token.split_token_source(self.task.token, self.task.pk)
        for item in self.items:
            yield self.flow_task._next._create(self, next(tokens), seed=item)  # noqa: SLF001  # the engine's own hook


class ForEach(flow.NodeDetailMixin, mixins.NextNodeMixin, Node):  # type: ignore[misc]
    """A parallel split whose width is data: the item, a domain row with an integer key, becomes `task.seed`."""

    activation_class = ForEachActivation
    task_type = "PARALLEL_GATEWAY"
    shape = flow.Split.shape
    bpmn_element = "parallelGateway"

    def __init__(self, items: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.items: Callable[[Any], Iterable[Any]] = items

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self.items = this.resolve(instance, self.items)
