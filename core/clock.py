"""The office's time: stored in UTC, counted and shown in Việt Nam."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SATURDAY = 6


def now() -> datetime:
    """This moment, aware. Only views, jobs and commands read it; services are given their moments."""
    return datetime.now(tz=UTC)


def local(at: datetime) -> datetime:
    """The same moment on the office's clock."""
    return at.astimezone(OFFICE_ZONE)


def office_date(at: datetime) -> date:
    """The day in the office at `at`: the day a register entry bears."""
    return local(at).date()


def is_working_day(day: date, holidays: Collection[date] = ()) -> bool:
    """Monday to Friday, without the given holidays."""
    return day.isoweekday() < SATURDAY and day not in holidays


def add_working_days(start: date, days: int, holidays: Collection[date] = ()) -> date:
    """The working day that lies `days` working days after `start`."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day, holidays)
    return day


def working_days_between(start: date, end: date, holidays: Collection[date] = ()) -> int:
    """How many working days follow `start` up to and including `end`; 0 when `end` is not later."""
    span = max(0, (end - start).days)
    return sum(is_working_day(start + timedelta(days=step), holidays) for step in range(1, span + 1))


def today() -> date:
    """The office's day of this moment."""
    return office_date(now())
