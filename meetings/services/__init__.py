"""Everything that changes a meeting, in the order a meeting lives."""

from meetings.services.conclusions import cancel_conclusion, draft_conclusion, revise_conclusion
from meetings.services.convening import (
    add_agenda_item,
    call_off_meeting,
    convene_meeting,
    invite_units,
    move_agenda_item,
)
from meetings.services.publishing import (
    DeputyCannotPublish,
    IncompleteConclusions,
    NothingConcluded,
    publish_conclusions,
)
from meetings.services.running import (
    MinutesChanged,
    add_attendance,
    close_meeting,
    mark_attendance,
    open_meeting,
    write_minutes,
)

__all__ = [
    "DeputyCannotPublish",
    "IncompleteConclusions",
    "MinutesChanged",
    "NothingConcluded",
    "add_agenda_item",
    "add_attendance",
    "call_off_meeting",
    "cancel_conclusion",
    "close_meeting",
    "convene_meeting",
    "draft_conclusion",
    "invite_units",
    "mark_attendance",
    "move_agenda_item",
    "open_meeting",
    "publish_conclusions",
    "revise_conclusion",
    "write_minutes",
]
