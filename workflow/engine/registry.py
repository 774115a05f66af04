"""Flows by key, and what each action of each human task does; flows register here, services look here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audit.models import Actor
    from workflow.engine.hold import Step
    from workflow.engine.models import DocumentProcess

Handler = Callable[["Step", "Actor", Mapping[str, Any]], None]
Landing = Callable[["DocumentProcess", str], None]
_flows: dict[str, Any] = {}
_handlers: dict[tuple[str, str, str], Handler] = {}
_landings: dict[tuple[str, str], tuple[Landing, str]] = {}


class UnknownAction(Exception):
    """The task offers no such action."""


def register_flow(key: str, flow_class: Any) -> None:
    """New processes of this kind take this flow; running ones keep theirs."""
    _flows[key] = flow_class


def current_flow(key: str) -> Any:
    """The flow that new processes of a kind take."""
    return _flows[key]


def handles(flow_key: str, node: str, action: str) -> Callable[[Handler], Handler]:
    """Declare what an action does; called under the process's lock."""

    def keep(handler: Handler) -> Handler:
        _handlers[(flow_key, node, action)] = handler
        return handler

    return keep


def lands(flow_key: str, node: str, *, by: str = "") -> Callable[[Landing], Landing]:
    """
    Declare what the case's rows become when a repair puts its token on a step; called under the process's lock, with the reason.

    :param by: the node that opens the step, where it is not the step itself
    """

    def keep(landing: Landing) -> Landing:
        _landings[(flow_key, node)] = landing, by or node
        return landing

    return keep


def landing_of(flow_key: str, node: str) -> tuple[Landing, str]:
    """
    What a repair does to the rows, and the node that it puts the token on.

    :raises UnknownAction: if the step cannot be jumped to
    """
    try:
        return _landings[(flow_key, node)]
    except KeyError:
        raise UnknownAction(node) from None


def handler_of(flow_key: str, node: str, action: str) -> Handler:
    """
    The function behind an action.

    :raises UnknownAction: if the task does not offer it
    """
    try:
        return _handlers[(flow_key, node, action)]
    except KeyError:
        raise UnknownAction(action) from None


def actions_of(flow_key: str, node: str) -> set[str]:
    """The actions that a task offers."""
    return {action for key, name, action in _handlers if (key, name) == (flow_key, node)}
