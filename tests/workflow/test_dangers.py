"""
The engine's dangers, numbered as in the design's table, each with what keeps us from it.

The first test of a danger shows it on the package's own nodes: if an upgrade mends it, the test fails and the remedy may go.
The others show the remedy: if it is lost, they fail. Numbers 9 and 17 are shown by what is absent.
"""

from __future__ import annotations

import ast
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import AppConfig, apps
from django.db import connections, transaction
from django.urls import URLPattern, URLResolver, get_resolver
from viewflow.workflow import STATUS, FlowRuntimeError, signals
from viewflow.workflow.models import Process, Task
from viewflow.workflow.timers import fire_due_timers

from audit.models import Actor
from core import clock
from documents.models import Document, ReadState, RegisterEntry
from documents.services.issuing import DraftNotRead
from organizations.models import User
from tests.factories.offices import Office, act, drafted, make_account, registered_case
from tests.workflow import plain
from tests.workflow.plain import flows
from tests.workflow.test_repair import REASON, directed
from workflow import selectors, services
from workflow.checks import items_mirror_tasks
from workflow.engine import repair
from workflow.engine.checks import audit, check_stored_names, stored_name_faults
from workflow.engine.nodes import OfficeTask
from workflow.flows.base import OfficeFlow
from workflow.flows.incoming_v1 import IncomingV1
from workflow.models import DocumentProcess, WorkItem

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
ENGINE = ("workflow/engine/", "workflow/flows/")


@pytest.fixture(autouse=True)
def _plain_app() -> Iterator[None]:
    """The engine finds a flow by its application; no model and no `ready` comes with this one."""
    config = AppConfig("tests.workflow.plain", plain)
    config.apps, config.models = apps, {}
    apps.app_configs["plain"] = config
    yield
    del apps.app_configs["plain"]


@pytest.fixture
def outsider(db: None) -> User:
    return make_account("outsider", "Người Ngoài")


def begin(flow_class: Any, **facts: Any) -> Process:
    process: Process = flow_class.start.run(**facts)
    return process


def task_of(process: Process, node: Any, **more: Any) -> Task:
    found: Task = process.task_set.get(flow_task=node, **more)
    return found


def finish(task: Task) -> None:
    with task.activation() as activation:
        activation.start(None)
        activation.execute()


def statuses(process: Process, node: Any) -> list[str]:
    return list(process.task_set.filter(flow_task=node).order_by("pk").values_list("status", flat=True))


def pass_a_day() -> int:
    """Timers that wait are due; returns how many fired."""
    Task.objects.filter(status=STATUS.SCHEDULED).update(scheduled=clock.now() - timedelta(days=1))
    fired: int = fire_due_timers()
    return fired


def sources(*, outside: tuple[str, ...] = ()) -> dict[str, ast.Module]:
    """Our own modules, without tests, migrations and the folders that may know the engine."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "*.py"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    ours = [n for n in names if n and "/migrations/" not in n and not n.startswith(("tests/", "bench/", *outside))]
    return {name: ast.parse((ROOT / name).read_text(encoding="utf-8")) for name in ours if (ROOT / name).is_file()}


def faults_of(flow_class: Any) -> str:
    return "\n".join(audit(flow_class))


class TestD01NoLockByDefault:
    """Two officers finish one task: both succeed."""

    def two_at_once(self, task: Task, barrier: threading.Barrier | None) -> list[str]:
        def run() -> str:
            try:
                with Task.objects.get(pk=task.pk).activation() as activation:
                    if barrier:
                        barrier.wait(10)  # both have read the task before either ends it
                    activation.start(None)
                    activation.execute()
            except Exception as refusal:  # noqa: BLE001  # the refusal is the answer
                return type(refusal).__name__
            finally:
                connections.close_all()
            return "done"

        with ThreadPoolExecutor(2) as pool:
            return sorted(future.result() for future in [pool.submit(run) for _ in range(2)])

    @pytest.mark.django_db(transaction=True)
    def test_as_it_comes(self, outsider: User) -> None:
        process = begin(flows.TwoSteps)

        answers = self.two_at_once(task_of(process, flows.TwoSteps.first), threading.Barrier(2))

        assert answers == ["done", "done"]
        assert len(statuses(process, flows.TwoSteps.second)) == 2

    @pytest.mark.django_db(transaction=True)
    def test_behind_our_lock_one_waits_and_finds_it_done(self, outsider: User) -> None:
        process = begin(flows.LockedSteps)

        answers = self.two_at_once(task_of(process, flows.LockedSteps.first), None)

        assert answers == ["NoTransition", "done"]
        assert len(statuses(process, flows.LockedSteps.second)) == 1

    def test_a_flow_without_it_does_not_pass(self) -> None:
        assert "does not wait for the process's row" in faults_of(flows.TwoSteps)
        assert "does not wait" not in faults_of(flows.LockedSteps)


class TestD02OpenToEverybody:
    """A view with neither Assign nor Permission is open to every signed-in user."""

    def test_as_it_comes(self, outsider: User) -> None:
        process = begin(flows.TwoSteps)
        finish(task_of(process, flows.TwoSteps.first))

        task = task_of(process, flows.TwoSteps.second)

        assert flows.TwoSteps.second.can_assign(outsider, task)

    def test_ours_are_closed_even_to_their_holder(self, office: Office) -> None:
        registered_case(office)
        task = Task.objects.get(flow_task_type="HUMAN")

        assert not any(task.flow_task.can_assign(person, task) for person in office.people.values())
        assert not any(task.flow_task.can_execute(person, task) for person in office.people.values())

    def test_a_human_task_without_a_holder_does_not_pass(self) -> None:
        assert "second is a human task without a holder" in faults_of(flows.TwoSteps)
        assert OfficeTask().holder is None


class TestD03TransitionsAreQuestions:
    """`reassign` and `cancel` of an activation check no permission."""

    def test_as_it_comes(self, outsider: User) -> None:
        task = task_of(begin(flows.TwoSteps), flows.TwoSteps.first)
        other = make_account("other", "Người Khác")

        with task.activation() as activation:
            activation.reassign(user=other)
            activation.cancel()

        task.refresh_from_db()
        assert (task.owner, task.status) == (other, STATUS.CANCELED)

    def test_nobody_but_the_engine_touches_an_activation(self) -> None:
        """Our services call `hold`, `Step.finish` and `repair`, after their own policy."""
        handed = ("activation", "activation_class", "reassign", "unassign", "undo", "revive")

        found = [
            f"{name}:{node.lineno} .{node.attr}"
            for name, tree in sources(outside=ENGINE).items()
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr in handed
        ]

        assert found == []
        assert not OfficeFlow.instance.has_manage_permission(User(is_active=True, is_superuser=True))


class TestD04CancelledBranch:
    """Cancelling one parallel branch leaves the join waiting for ever."""

    def test_as_it_comes(self, outsider: User) -> None:
        process = begin(flows.TwoBranches)
        finish(task_of(process, flows.TwoBranches.left))

        with task_of(process, flows.TwoBranches.right).activation() as activation:
            activation.cancel()

        assert statuses(process, flows.TwoBranches.join) == [STATUS.STARTED]
        assert statuses(process, flows.TwoBranches.after) == []

    def test_a_repair_ends_the_waiting_join_with_its_branches(self, office: Office) -> None:
        case = directed(office)
        act(office.deputy, case.document, "report", text="Ý kiến phối hợp")
        process = case.process
        assert process is not None
        assert statuses(process, IncomingV1.joined) == [STATUS.STARTED]

        services.jump(process=process, node="direct", reason=REASON, actor=Actor.system("tests"))

        assert statuses(process, IncomingV1.joined) == [STATUS.CANCELED]
        act(office.chair, case.document, "direct", text="Văn thư làm", lead=f"post:{office.posts['clerk'].pk}")
        act(office.clerk, case.document, "report", text="Đã làm")
        assert [item.node for item in selectors.open_items(case.document, office.chair, clock.now())] == ["finish"]


class TestD05BoundaryTimer:
    """A cancelled task leaves the timer at its edge armed; it fires later."""

    def test_as_it_comes(self, outsider: User) -> None:
        process = begin(flows.Deadline)
        with task_of(process, flows.Deadline.work).activation() as activation:
            activation.cancel()

        assert pass_a_day() == 1

        assert statuses(process, flows.Deadline.late) == [STATUS.NEW]

    def test_a_flow_with_one_does_not_pass(self) -> None:
        assert "work__timeout is of a kind whose dangers have no remedy here: TimerBoundary" in faults_of(
            flows.Deadline
        )


class TestD06Revive:
    """A revived task has no owner and no permission any more."""

    def test_as_it_comes(self, outsider: User) -> None:
        task = task_of(begin(flows.TwoSteps), flows.TwoSteps.first)
        with task.activation() as activation:
            activation.cancel()

        with task.activation() as activation:
            revived = activation.revive()

        assert (revived.status, revived.owner) == (STATUS.NEW, None)

    def test_ours_waits_for_its_holder_again(self, office: Office) -> None:
        case = registered_case(office)
        before = WorkItem.objects.get()
        with before.task.activation() as activation:
            activation.cancel()
        assert not WorkItem.objects.filter(state=WorkItem.State.OPEN).exists()

        with Task.objects.get(pk=before.pk).activation() as activation:
            activation.revive()

        (item,) = WorkItem.objects.filter(state=WorkItem.State.OPEN)
        assert (item.node, item.holder, item.due_at) == (before.node, before.holder, before.due_at)
        assert items_mirror_tasks().violations == []
        act(office.clerk, case.document, "present", leader_post=office.posts["chair"], note="")


class TestD07DoneOverAFailedBranch:
    """The end counts tasks without `finished`, and a failure sets it: the process is done over a failed branch."""

    def test_as_it_comes(self, outsider: User) -> None:
        process = begin(flows.TimedFailure)
        pass_a_day()

        finish(task_of(process, flows.TimedFailure.work))

        process.refresh_from_db()
        assert statuses(process, flows.TimedFailure.sign) == [STATUS.ERROR]
        assert process.status == "DONE"

    def test_what_can_fail_in_the_background_does_not_pass(self) -> None:
        faults = faults_of(flows.TimedFailure)

        assert "wait is of a kind whose dangers have no remedy here: Timer" in faults
        assert "sign is of a kind whose dangers have no remedy here: Function" in faults

    def test_the_nightly_look_finds_it(self, office: Office) -> None:
        case = directed(office)
        act(office.chief, case.document, "report", text="Đã làm")
        act(office.chair, case.document, "finish", note="")
        assert items_mirror_tasks().violations == []
        Task.objects.filter(process=case.process_id, flow_task=IncomingV1.joined).update(status=STATUS.ERROR)

        assert items_mirror_tasks().violations == [
            f"process {case.process_id} is over with a task that is open or has failed"
        ]


class TestD08LocalVariables:
    """A function that fails in a timer's run writes traceback and local variables into the task's data."""

    def test_as_it_comes(self, outsider: User) -> None:
        process = begin(flows.TimedFailure)

        pass_a_day()

        assert flows.PIN in str(task_of(process, flows.TimedFailure.sign).data["_exception"]["locals"])

    def test_no_flow_of_ours_runs_code_in_the_background(self) -> None:
        assert "Function" in faults_of(flows.LateFailure)


class TestD09UrlsOfThePackage:
    """Its views lock the process that the address names, which need not be the task's."""

    def test_none_of_its_pages_is_mounted(self) -> None:
        def modules(patterns: list[Any]) -> Iterator[str]:
            for pattern in patterns:
                if isinstance(pattern, URLResolver):
                    yield from modules(pattern.url_patterns)
                elif isinstance(pattern, URLPattern):
                    yield getattr(pattern.callback, "view_class", pattern.callback).__module__

        mounted = set(modules(get_resolver().url_patterns))

        assert "workflow.views.acts" in mounted
        assert {name for name in mounted if name.startswith("viewflow")} == set()


class TestD10SharedJoin:
    """One join for a split within a split: too many tokens come to it."""

    def test_as_it_comes(self, outsider: User) -> None:
        process = begin(flows.SharedJoin)
        first, _second, third, _fourth = process.task_set.filter(flow_task=flows.SharedJoin.work).order_by("pk")
        finish(first)

        with pytest.raises(FlowRuntimeError, match="Multiple tokens"):
            finish(third)

    def test_a_flow_with_one_does_not_pass(self) -> None:
        assert "has not one join for each split" in faults_of(flows.SharedJoin)


class TestD11CancelActive:
    """`Join(cancel_active=False)` is never read."""

    def test_as_it_comes(self, outsider: User) -> None:
        process = begin(flows.PatientJoin)

        finish(task_of(process, flows.PatientJoin.left))

        assert statuses(process, flows.PatientJoin.right) == [STATUS.CANCELED]

    def test_nobody_relies_on_it(self) -> None:
        words = [
            name
            for name, tree in sources().items()
            for node in ast.walk(tree)
            if isinstance(node, ast.keyword) and node.arg == "cancel_active"
        ]

        assert words == []


class TestD12LostNames:
    """Class, node and module path of a flow are data: what is renamed, moved or removed vanishes from inboxes."""

    def test_as_it_comes(self, office: Office) -> None:
        case = registered_case(office)
        Task.objects.filter(process=case.process_id).update(flow_task="workflow/flows.gone.GoneV1.present")

        task = Task.objects.filter(process=case.process_id)[0]

        assert task.flow_task is None
        assert list(repair.human_tasks()) == []

    def test_every_stored_name_leads_somewhere(self, office: Office) -> None:
        directed(office)

        assert stored_name_faults() == []

    @pytest.mark.parametrize("name", ["workflow/flows.gone.GoneV1", "workflow/flows.incoming_v1.Gone", "gone/x.Y"])
    def test_a_lost_flow_stops_the_tables_from_being_migrated(self, office: Office, name: str) -> None:
        registered_case(office)
        Process.objects.update(flow_class=name)
        Task.objects.update(flow_task=f"{name}.present")

        errors = check_stored_names(databases=["default"])

        assert [error.id for error in errors] == ["workflow.E002"] * 2
        assert all(name in error.msg for error in errors)

    def test_a_lost_step_does_too(self, office: Office) -> None:
        registered_case(office)
        Task.objects.filter(flow_task_type="HUMAN").update(flow_task="workflow/flows.incoming_v1.IncomingV1.gone")

        assert [error.id for error in check_stored_names(databases=["default"])] == ["workflow.E002"]


class TestD13LateFailure:
    """A failure behind a click undoes the click."""

    def test_as_it_comes(self, outsider: User) -> None:
        process = begin(flows.LateFailure)

        with pytest.raises(RuntimeError), transaction.atomic():
            finish(task_of(process, flows.LateFailure.click))

        assert statuses(process, flows.LateFailure.click) == [STATUS.ASSIGNED]

    def test_ours_are_undone_whole_number_included(self, office: Office) -> None:
        document = drafted(office)
        act(office.chief, document, "submit", comment="")
        act(office.chair, document, "approve", version=1)
        Document.plain.filter(pk=document.pk).update(read_state=ReadState.READING)
        before = list(WorkItem.objects.order_by("pk").values())

        with pytest.raises(DraftNotRead):
            act(office.clerk, document, "issue", issued_on=clock.today())

        assert not RegisterEntry.objects.exists()
        assert list(WorkItem.objects.order_by("pk").values()) == before


class TestD14StaleInstance:
    """`Flow.cancel(process)` saves the instance that it was given, however old."""

    def test_as_it_comes(self, outsider: User) -> None:
        stale = Process.objects.get(pk=begin(flows.TwoSteps, words="old").pk)
        Process.objects.filter(pk=stale.pk).update(data={"words": "new"})

        flows.TwoSteps.instance.cancel(stale)

        assert Process.objects.get(pk=stale.pk).data == {"words": "old"}

    def test_ours_reads_the_process_anew(self, office: Office) -> None:
        case = registered_case(office)
        DocumentProcess.objects.filter(pk=case.process_id).update(version=7, data={"words": "new"})

        with transaction.atomic():
            repair.cancel(case.process_id or 0)

        process = DocumentProcess.objects.get(pk=case.process_id)
        assert (process.version, process.data, process.is_open) == (8, {"words": "new"}, False)


class TestD15Signals:
    """Nothing is sent when a task is created, assigned or cancelled; `task_started` comes without an act."""

    def test_as_it_comes(self, outsider: User) -> None:
        heard: list[str] = []

        def listener(signal: Any, sender: Any, **kwargs: Any) -> None:
            heard.append(next(name for name, known in vars(signals).items() if known is signal))

        for signal in (signals.task_started, signals.task_finished, signals.task_failed):
            signal.connect(listener, sender=flows.TwoSteps)
        task = task_of(begin(flows.TwoSteps), flows.TwoSteps.first)
        heard.clear()

        with task.activation() as activation:
            activation.unassign()
            activation.assign(outsider)
        with task.activation() as activation:
            activation.start(None)  # as each look at the package's page does
        with Task.objects.get(pk=task.pk).activation() as activation:
            activation.cancel()

        assert heard == ["task_started"]
        for signal in (signals.task_started, signals.task_finished, signals.task_failed):
            signal.disconnect(listener, sender=flows.TwoSteps)

    def test_nobody_of_ours_listens(self) -> None:
        """The memory is written by services; `hold` shows what the engine does not tell."""
        names = [
            name
            for name, tree in sources().items()
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("viewflow.workflow.signals")
        ]

        assert names == []


class TestD16Titles:
    """The title is inherited: every list would say the same."""

    def test_as_it_comes(self) -> None:
        assert flows.Untitled.process_title == flows.TwoSteps.process_title

    def test_a_flow_without_its_own_does_not_pass(self) -> None:
        assert "has no title of its own" in faults_of(flows.Untitled)
        assert "has no title" not in faults_of(flows.TwoSteps)


class TestD17SeveralDispatchers:
    """Thrown signals and start timers run twice with two dispatchers."""

    def test_nobody_dispatches(self) -> None:
        called = [
            name
            for name, tree in sources().items()
            for node in ast.walk(tree)
            if isinstance(node, (ast.Import, ast.ImportFrom)) and "timers" in ast.unparse(node)
        ]

        assert called == []
