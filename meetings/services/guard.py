"""What every service of the room does first: lock the meeting, look at its state, ask in whose place the person acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core import clock
from live import publish
from meetings import policies
from meetings.models import Meeting
from organizations.policies import in_capacity, person_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from audit.models import Actor
    from organizations.models import Unit, User


class WrongMeetingState(Exception):
    """The meeting is past the point at which this can be done."""

    def __init__(self, meeting: Meeting) -> None:
        """Say where the meeting stands."""
        super().__init__(
            _("The meeting is now “%(state)s”: this can no longer be done. Reload the page.")
            % {"state": meeting.get_state_display()}
        )


class UnitNotInvited(Exception):
    """The unit has no part in this meeting."""

    def __init__(self, unit: Unit) -> None:
        """Name the unit."""
        super().__init__(_("%(unit)s is not invited to this meeting. Invite it first.") % {"unit": unit.name})


def lock_meeting(meeting: Meeting, *, states: Collection[str]) -> Meeting:
    """
    Take the meeting's row and return it fresh.

    :raises WrongMeetingState: if it is in none of `states`
    """
    fresh = Meeting.objects.system("row lock").select_for_update(no_key=True).get(pk=meeting.pk)
    if fresh.state not in states:
        raise WrongMeetingState(fresh)
    return fresh


def as_convener(actor: Actor, unit: Unit) -> tuple[User, Actor]:
    """
    The person, and the actor as one of the unit's office or as deputy of one.

    :raises NotAllowed: for anybody else
    """
    person, now = person_of(actor), clock.now()
    policies.require_convener(person, unit, now)
    return person, in_capacity(actor, policies.claims_to_convene(person, unit, now))


def as_secretary(actor: Actor, meeting: Meeting) -> tuple[User, Actor]:
    """
    The person, and the actor as secretary or as deputy of the secretary.

    :raises NotAllowed: for anybody else
    """
    person, now = person_of(actor), clock.now()
    policies.require_secretary(person, meeting, now)
    return person, in_capacity(actor, policies.claims_by_post(person, [meeting.secretary_post_id], now))


def as_chair(actor: Actor, meeting: Meeting) -> tuple[User, Actor]:
    """
    The person, and the actor as chair or as deputy of the chair.

    :raises NotAllowed: for anybody else
    """
    person, now = person_of(actor), clock.now()
    policies.require_chair(person, meeting, now)
    return person, in_capacity(actor, policies.claims_by_post(person, [meeting.chair_post_id], now))


def as_chair_or_secretary(actor: Actor, meeting: Meeting) -> tuple[User, Actor]:
    """
    The person, and the actor as either or as deputy of either.

    :raises NotAllowed: for anybody else
    """
    person, now = person_of(actor), clock.now()
    policies.require_chair_or_secretary(person, meeting, now)
    posts = [meeting.chair_post_id, meeting.secretary_post_id]
    return person, in_capacity(actor, policies.claims_by_post(person, posts, now))


def as_one_who_calls_off(actor: Actor, meeting: Meeting) -> tuple[User, Actor]:
    """
    The person, and the actor as one of the convening office, chair or secretary, or as deputy of one.

    :raises NotAllowed: for anybody else
    """
    person, now = person_of(actor), clock.now()
    policies.require_may_call_off(person, meeting, now)
    posts = [meeting.secretary_post_id, meeting.chair_post_id]
    claims = [*policies.claims_by_post(person, posts, now), *policies.claims_to_convene(person, meeting.unit, now)]
    return person, in_capacity(actor, claims)


def tell(meeting: Meeting) -> None:
    """Let open pages of this meeting look again."""
    publish(f"meeting:{meeting.pk}")
