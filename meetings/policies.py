"""Who convenes, writes, chairs and sees a meeting (domain.md 13, 18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core import ids
from organizations.models import Role
from organizations.policies import has_role, holder_keys, holdings, require

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from meetings.models import Meeting
    from organizations.models import Unit, User

CONVENERS = (Role.SECRETARY, Role.CLERK, Role.OFFICE_CHIEF, Role.LEADER)


def can_convene(user: User, unit: Unit, at: datetime) -> bool:
    """Secretary, clerk, chief of office or leader of the convening unit."""
    return has_role(user, CONVENERS, unit, at)


def is_secretary(user: User, meeting: Meeting, at: datetime) -> bool:
    """The post of secretary, or whoever acts for its holder, holds the pen (M8)."""
    return ids.post_key(meeting.secretary_post_id) in holder_keys(user, at)


def is_chair(user: User, meeting: Meeting, at: datetime) -> bool:
    """The post that chairs, or whoever acts for its holder."""
    return ids.post_key(meeting.chair_post_id) in holder_keys(user, at)


def require_convener(user: User, unit: Unit, at: datetime) -> None:
    require(
        "meetings.meeting.convene", can_convene(user, unit, at), _("Only the office of this unit convenes meetings.")
    )


def require_secretary(user: User, meeting: Meeting, at: datetime) -> None:
    require(
        "meetings.minutes.write", is_secretary(user, meeting, at), _("Only the secretary of this meeting may do this.")
    )


def require_chair_or_secretary(user: User, meeting: Meeting, at: datetime) -> None:
    allowed = is_chair(user, meeting, at) or is_secretary(user, meeting, at)
    require("meetings.meeting.run", allowed, _("Only the chair or the secretary of this meeting may do this."))


def require_chair(user: User, meeting: Meeting, at: datetime) -> None:
    require("meetings.meeting.chair", is_chair(user, meeting, at), _("Only the chair of this meeting may do this."))


def can_call_off(user: User, meeting: Meeting, at: datetime) -> bool:
    """The office that convened it, and those who chair or write it."""
    return can_convene(user, meeting.unit, at) or is_chair(user, meeting, at) or is_secretary(user, meeting, at)


def require_may_call_off(user: User, meeting: Meeting, at: datetime) -> None:
    message = _("Only the office that convened this meeting, its chair or its secretary may call it off.")
    require("meetings.meeting.call_off", can_call_off(user, meeting, at), message)


def claims_by_post(user: User, posts: Collection[int], at: datetime) -> list[int | None]:
    """By what a person acts in one of the posts: None for holding it, else the holder for whom they act."""
    keys = holder_keys(user, at)
    return [keys[key] for key in map(ids.post_key, posts) if key in keys]


def claims_to_convene(user: User, unit: Unit, at: datetime) -> list[int | None]:
    """By what a person convenes for an organ: None for a post of their own, else the holder for whom they act."""
    organ = unit.organ_unit_id or unit.pk
    seats = holdings(user, at).seats
    return [seat.principal for seat in seats if seat.organ_id == organ and seat.roles & set(CONVENERS)]


def principal_among(claims: Collection[int | None]) -> int | None:
    """For whom the act is done: for nobody where one's own right suffices."""
    return None if None in claims else next(iter(claims), None)
