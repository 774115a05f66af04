"""The flow audit: what the engine does not guarantee by itself is checked when the office starts."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from viewflow.workflow import Flow, nodes
from viewflow.workflow.checks import _all_flow_subclasses

from workflow.engine.lock import RowLock
from workflow.engine.nodes import ForEach, OfficeTask

STARTS = (nodes.Start, nodes.StartHandle)


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
    """A system check over every flow."""
    return [
        Error(f"{flow_class.__name__} {fault}", id="workflow.E001")
        for flow_class in _all_flow_subclasses(Flow)
        for fault in audit(flow_class)
    ]
