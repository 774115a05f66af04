"""Who convenes, writes, chairs and sees a meeting (domain.md 13, 18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core import ids
from organizations.models import Role
from organizations.policies import has_role, holder_keys, require

if TYPE_CHECKING:
    from datetime import datetime

    from meetings.models import Attendance, Meeting
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


def may_mark(user: User, attendance: Attendance, at: datetime) -> bool:
    """People check themselves in; the secretary corrects (M6)."""
    return attendance.person_id == user.pk or is_secretary(user, attendance.meeting, at)
