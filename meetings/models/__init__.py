"""What a briefing leaves behind: who was called, what was on the table, who came, what was said and decided."""

from meetings.models.conclusions import Conclusion, ConclusionSupport
from meetings.models.meetings import AgendaItem, Attendance, Meeting, MeetingInvite

__all__ = ["AgendaItem", "Attendance", "Conclusion", "ConclusionSupport", "Meeting", "MeetingInvite"]
