"""Everything that moves work; nothing else starts or completes a task."""

from workflow.services import closing, landings, voiding  # noqa: F401  # they register themselves
from workflow.services.completion import Completed, NotYourTurn, complete
from workflow.services.incoming import confirm_and_register, receive_delivery, register_and_start, start_incoming
from workflow.services.outgoing import draft_outgoing, start_outgoing
from workflow.services.repair import jump, rebuild_items

__all__ = [
    "Completed",
    "NotYourTurn",
    "complete",
    "confirm_and_register",
    "draft_outgoing",
    "jump",
    "rebuild_items",
    "receive_delivery",
    "register_and_start",
    "start_incoming",
    "start_outgoing",
]
