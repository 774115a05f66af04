"""
The package's own nodes on its own process. The dangers are numbered in the tests that use them.

Their tests put this package among the applications for their time: the engine stores flows by application and path.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.views import View
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.models import Process

from workflow.engine.lock import RowLock
from workflow.engine.nodes import ForEach

if TYPE_CHECKING:
    from organizations.models import User

PAGE = View.as_view()
PIN = "PIN-của-chữ-ký-123456"


class Plain(flow.Flow):  # type: ignore[misc]
    """A base without a lock, as the package proposes it."""

    process_class = Process

    def begin(self, activation: Any, **facts: Any) -> Process:
        process: Process = activation.process
        process.data = facts
        return process

    def somebody(self, activation: Any) -> User:
        from organizations.models import User

        return User.objects.get(username="outsider")

    def twice(self, activation: Any) -> list[User]:
        return [self.somebody(activation)] * 2

    def fail(self, activation: Any) -> None:
        pin = PIN
        raise RuntimeError(f"the signing service is down, {len(pin)} signs")

    def always(self, activation: Any, active_tasks: Any) -> bool:
        return True


class TwoSteps(Plain):
    process_title = "Two steps"

    start = flow.StartHandle(this.begin).Next(this.first)
    first = flow.View(PAGE).Assign(this.somebody).Next(this.second)
    second = flow.View(PAGE).Next(this.end)
    end = flow.End()


class LockedSteps(Plain):
    """The same behind our lock."""

    process_title = "Two steps, locked"
    lock_impl = RowLock()

    start = flow.StartHandle(this.begin).Next(this.first)
    first = flow.View(PAGE).Assign(this.somebody).Next(this.second)
    second = flow.View(PAGE).Next(this.end)
    end = flow.End()


class TwoBranches(Plain):
    process_title = "Two branches"

    start = flow.StartHandle(this.begin).Next(this.split)
    split = flow.Split().Next(this.left).Next(this.right)
    left = flow.View(PAGE).Assign(this.somebody).Next(this.join)
    right = flow.View(PAGE).Assign(this.somebody).Next(this.join)
    join = flow.Join().Next(this.after)
    after = flow.View(PAGE).Next(this.end)
    end = flow.End()


class PatientJoin(Plain):
    """Asks the join to leave the other branch open."""

    process_title = "A join that should not cancel"

    start = flow.StartHandle(this.begin).Next(this.split)
    split = flow.Split().Next(this.left).Next(this.right)
    left = flow.View(PAGE).Assign(this.somebody).Next(this.join)
    right = flow.View(PAGE).Assign(this.somebody).Next(this.join)
    join = flow.Join(continue_on_condition=this.always, cancel_active=False).Next(this.after)
    after = flow.View(PAGE).Next(this.end)
    end = flow.End()


class Deadline(Plain):
    process_title = "A task with a timer at its edge"

    start = flow.StartHandle(this.begin).Next(this.work)
    work = flow.View(PAGE).Assign(this.somebody).OnTimeout(timedelta(days=1), this.late).Next(this.end)
    late = flow.View(PAGE).Next(this.end)
    end = flow.End()


class TimedFailure(Plain):
    """One branch fails by the clock, the other ends well; each has its own end."""

    process_title = "A failure by the clock"

    start = flow.StartHandle(this.begin).Next(this.split)
    split = flow.Split().Next(this.wait).Next(this.work)
    wait = flow.Timer(timedelta(days=1)).Next(this.sign)
    sign = flow.Function(this.fail).Next(this.end)
    work = flow.View(PAGE).Assign(this.somebody).Next(this.end)
    end = flow.End()


class LateFailure(Plain):
    process_title = "A failure behind a click"

    start = flow.StartHandle(this.begin).Next(this.click)
    click = flow.View(PAGE).Assign(this.somebody).Next(this.sign)
    sign = flow.Function(this.fail).Next(this.end)
    end = flow.End()


class SharedJoin(Plain):
    """Two splits, one inside the other, into one join."""

    process_title = "One join for nested splits"

    start = flow.StartHandle(this.begin).Next(this.outer)
    outer = ForEach(this.twice).Next(this.inner)
    inner = ForEach(this.twice).Next(this.work)
    work = flow.View(PAGE).Assign(this.somebody).Next(this.joined)
    joined = flow.Join().Next(this.end)
    end = flow.End()


class Untitled(TwoSteps):
    """Inherits everything, the title too."""
