"""What a briefing leaves behind: who was called, what was on the table, who came, what was said and decided."""

from meetings.models.conclusions import Conclusion, ConclusionSupport
from meetings.models.meetings import LONGEST_LINK, AgendaItem, Attendance, Meeting, MeetingInvite

__all__ = ["LONGEST_LINK", "AgendaItem", "Attendance", "Conclusion", "ConclusionSupport", "Meeting", "MeetingInvite"]
