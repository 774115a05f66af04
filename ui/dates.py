"""Days and deadlines as the office says them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

State = Literal["none", "late", "today", "ahead"]


@dataclass(frozen=True, slots=True)
class Due:
    """
    One deadline at one moment.

    `day` is 24/11, or 24/11/2027 when it is not this year; `distance` is the rest of the sentence.
    """

    state: State
    day: str = ""
    distance: str = ""

    @property
    def words(self) -> str:
        """Say the date and the distance: `24/11, còn 2 ngày`; what is overdue says only by how much."""
        if self.state == "ahead":
            return _("%(day)s, %(distance)s") % {"day": self.day, "distance": self.distance}
        return self.distance

    @property
    def long_words(self) -> str:
        """Say the date of an overdue paper as well: `Hạn 24/11, quá hạn 1 ngày`."""
        if self.state == "late":
            return _("Due %(day)s, %(distance)s") % {"day": self.day, "distance": self.distance.lower()}
        return self.words


def due_at(at: date | datetime | None, *, now: datetime) -> Due:
    """Tell how far `at` is from `now`; a plain date lasts until the end of its day in the office's time zone."""
    if at is None:
        return Due("none")
    local_now = timezone.localtime(now)
    moment = _moment(at)
    if moment < local_now:
        return Due("late", _day(moment, local_now), _overdue(local_now, moment))
    days = (moment.date() - local_now.date()).days
    if days == 0:
        return Due("today", _day(moment, local_now), _later_today(moment))
    return Due(
        "ahead", _day(moment, local_now), ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    )


def _moment(at: date | datetime) -> datetime:
    if isinstance(at, datetime):
        return timezone.localtime(at)
    return timezone.make_aware(datetime.combine(at, time.max))


def _day(moment: datetime, local_now: datetime) -> str:
    return moment.strftime("%d/%m" if moment.year == local_now.year else "%d/%m/%Y")


def _overdue(local_now: datetime, moment: datetime) -> str:
    days = (local_now.date() - moment.date()).days
    if days:
        return ngettext("Overdue by %(days)s day", "Overdue by %(days)s days", days) % {"days": days}
    hours = (local_now - moment) // timedelta(hours=1)
    if hours:
        return ngettext("Overdue by %(hours)s hour", "Overdue by %(hours)s hours", hours) % {"hours": hours}
    return _("Overdue by less than an hour")


def _later_today(moment: datetime) -> str:
    if moment.time() >= time(23, 59):
        return _("Today")
    if moment.minute:
        return _("Today, %(clock)s") % {"clock": moment.strftime("%H:%M")}
    return _("Today, %(hour)s o'clock") % {"hour": moment.hour}


def vietnamese_date(day: date | datetime | None) -> str:
    """Give dd/mm/yyyy, in the office's time zone; nothing for nothing."""
    if day is None or day == "":
        return ""
    local = timezone.localtime(day) if isinstance(day, datetime) else day
    return local.strftime("%d/%m/%Y")


def vietnamese_time(at: datetime | None) -> str:
    """Give dd/mm/yyyy hh:mm, in the office's time zone; nothing for nothing."""
    return timezone.localtime(at).strftime("%d/%m/%Y %H:%M") if at else ""


def document_date(day: date | None) -> str:
    """Give the form documents carry: `ngày 05 tháng 02 năm 2026`; days below 10 and months 1, 2 get a nought (ND 30)."""
    if day is None:
        return ""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)  # noqa: PLR2004 — the decree names January and February
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
