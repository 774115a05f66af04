"""
The flow audit: what the engine does not guarantee by itself is checked when the office starts.

Node kinds that are not in `PROVED` bring dangers for which there is no remedy here: a failing function in a timer's run writes
its local variables into the task's data and lets the process end as done; boundary timers outlive their task; signals and
start timers are not safe with two dispatchers. Whoever needs one builds the remedy and its tests first.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from viewflow.workflow import Flow, flow, nodes
from viewflow.workflow.checks import _all_flow_subclasses
from viewflow.workflow.fields import import_flow_by_ref, import_task_by_ref
from viewflow.workflow.models import Process, Task

from workflow.engine.lock import RowLock
from workflow.engine.nodes import ForEach, OfficeTask

STARTS = (nodes.Start, nodes.StartHandle)
PROVED = {
    flow.StartHandle, flow.End, flow.If, flow.Switch, flow.Split, flow.Join, flow.Obsolete, OfficeTask, ForEach,
}  # fmt: skip


def audit(flow_class: Any) -> list[str]:
    """The faults of one flow, as sentences for a developer; none for a base class without a start."""
    members = list(flow_class.instance.nodes())
    if not any(isinstance(node, STARTS) for node in members):
        return []
    faults = _class_faults(flow_class)
    for node in members:
        faults += _node_faults(node)
    return faults + _join_faults(members)


def _class_faults(flow_class: Any) -> list[str]:
    faults = []
    if not isinstance(flow_class.lock_impl, RowLock):
        faults.append("does not wait for the process's row")
    if "process_title" not in flow_class.__dict__:
        faults.append("has no title of its own")
    return faults


def _node_faults(node: Any) -> list[str]:
    faults = []
    if type(node) not in PROVED:
        faults.append(f"{node.name} is of a kind whose dangers have no remedy here: {type(node).__name__}")
    if isinstance(node, nodes.View) and not (isinstance(node, OfficeTask) and node.holder):
        faults.append(f"{node.name} is a human task without a holder: open to everybody")
    if isinstance(node, nodes.Switch) and not any(condition is None for _, condition in node._branches):  # noqa: SLF001
        faults.append(f"{node.name} has no default branch")
    if not isinstance(node, (*STARTS, nodes.Obsolete)) and not list(node._incoming()):  # noqa: SLF001
        faults.append(f"{node.name} cannot be reached")
    return faults


def _join_faults(members: list[Any]) -> list[str]:
    splits = [node for node in members if isinstance(node, (ForEach, nodes.Split))]
    joins = [node for node in members if isinstance(node, nodes.Join)]
    return [] if len(splits) == len(joins) else ["has not one join for each split"]


@register(Tags.models)
def check_flows(**kwargs: Any) -> list[CheckMessage]:
    """A system check over every flow of the installed rooms."""
    return [
        Error(f"{flow_class.__name__} {fault}", id="workflow.E001")
        for flow_class in _all_flow_subclasses(Flow)
        if apps.get_containing_app_config(flow_class.__module__)
        for fault in audit(flow_class)
    ]


@register(Tags.database)
def check_stored_names(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """
    Every flow and node that a row names is still there, by class, node and module path.

    A removed, renamed or moved one would take its rows out of every inbox without a word. Runs when tables are migrated.
    """
    return [Error(fault, id="workflow.E002") for alias in databases or () for fault in stored_name_faults(alias)]


def stored_name_faults(alias: str = "default") -> list[str]:
    """Names in the tables that lead nowhere."""
    if Task._meta.db_table not in connections[alias].introspection.table_names():  # noqa: SLF001  # before the first migration
        return []
    flows = _stored(alias, Process, "flow_class")
    steps = _stored(alias, Task, "flow_task")
    lost = [f"processes name the flow {name}, which is gone" for name in flows if not _leads_to_a_flow(name)]
    return lost + [f"tasks name the step {name}, which is gone" for name in steps if not _leads_to_a_node(name)]


def _stored(alias: str, model: Any, column: str) -> list[str]:
    """The distinct names as stored: the field itself would turn a lost one into nothing."""
    quoted = connections[alias].ops.quote_name
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT {quoted(column)} FROM {quoted(model._meta.db_table)} ORDER BY 1")  # noqa: S608, SLF001  # names of our own
        return [name for (name,) in cursor.fetchall()]


def _leads_to_a_flow(name: str) -> bool:
    try:
        return import_flow_by_ref(name) is not None
    except (ImportError, LookupError, AssertionError):
        return False


def _leads_to_a_node(name: str) -> bool:
    """The engine invents an obsolete node for a name that the flow does not have."""
    try:
        node = import_task_by_ref(name)
    except (ImportError, LookupError, AssertionError):
        return False
    return node is not None and not isinstance(node, nodes.Obsolete)
