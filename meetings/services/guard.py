"""What every service of the room does first: find the person, lock the meeting, look at its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from live import publish
from meetings.models import Meeting
from organizations.models import User

if TYPE_CHECKING:
    from collections.abc import Collection

    from audit.models import Actor


class WrongMeetingState(Exception):
    """The meeting is past the point at which this can be done."""

    def __init__(self, meeting: Meeting) -> None:
        """Say where the meeting stands."""
        super().__init__(
            _("The meeting is now “%(state)s”: this can no longer be done. Reload the page.")
            % {"state": meeting.get_state_display()}
        )


def person_of(actor: Actor) -> User:
    """The account behind an actor; services of this room are never called by the system itself."""
    return User.objects.get(pk=actor.user_id or 0)


def lock_meeting(meeting: Meeting, *, states: Collection[str]) -> Meeting:
    """
    Take the meeting's row and return it fresh.

    :raises WrongMeetingState: if it is in none of `states`
    """
    fresh = Meeting.objects.system("row lock").select_for_update(no_key=True).get(pk=meeting.pk)
    if fresh.state not in states:
        raise WrongMeetingState(fresh)
    return fresh


def tell(meeting: Meeting) -> None:
    """Let open pages of this meeting look again."""
    publish(f"meeting:{meeting.pk}")
