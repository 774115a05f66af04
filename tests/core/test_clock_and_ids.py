"""The office's days, and the keys of people, posts and units."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core import ids
from core.clock import add_working_days, local, now, office_date, today, working_days_between

FRIDAY, MONDAY = date(2026, 2, 6), date(2026, 2, 9)


class TestOfficeDate:
    def test_the_office_is_seven_hours_ahead(self) -> None:
        assert office_date(datetime(2026, 2, 5, 16, 59, 59, tzinfo=UTC)) == date(2026, 2, 5)
        assert office_date(datetime(2026, 2, 5, 17, 0, tzinfo=UTC)) == date(2026, 2, 6)

    def test_local_is_the_same_moment(self) -> None:
        at = datetime(2025, 12, 31, 17, 30, tzinfo=UTC)

        assert local(at) == at
        assert local(at).isoformat() == "2026-01-01T00:30:00+07:00"

    def test_now_knows_its_zone(self) -> None:
        assert now().tzinfo is UTC
        assert today() == office_date(now())


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("start", "days", "end"),
        [(FRIDAY, 0, FRIDAY), (FRIDAY, 1, MONDAY), (date(2026, 2, 7), 1, MONDAY), (FRIDAY, 5, date(2026, 2, 13))],
    )
    def test_weekends_do_not_count(self, start: date, days: int, end: date) -> None:
        assert add_working_days(start, days) == end

    def test_holidays_do_not_count(self) -> None:
        assert add_working_days(FRIDAY, 1, {MONDAY}) == date(2026, 2, 10)
        assert working_days_between(FRIDAY, date(2026, 2, 10), {MONDAY}) == 1

    def test_between_counts_what_add_added(self) -> None:
        for days in range(1, 30):
            assert working_days_between(FRIDAY, add_working_days(FRIDAY, days)) == days

    def test_nothing_lies_between_a_day_and_an_earlier_one(self) -> None:
        assert working_days_between(MONDAY, FRIDAY) == 0
        assert working_days_between(MONDAY, MONDAY) == 0


class TestKeys:
    def test_holders_and_readers(self) -> None:
        assert (ids.user_key(3), ids.post_key(7), ids.unit_key(12)) == ("user:3", "post:7", "unit:12")
        assert ids.unit_token(12, 0) == "unit:12@0"
        assert ids.office_token(12, 1) == "unit:12:office@1"

    @pytest.mark.parametrize("token", ["unit:12", "unit:12@0", "unit:12:office@1", "unit:12:security"])
    def test_the_unit_of_a_token(self, token: str) -> None:
        assert ids.unit_of_token(token) == 12

    def test_a_receipt_comes_back_as_it_went_out(self) -> None:
        key = ids.new_receipt_key()

        assert ids.receipt_key(str(key)) == key

    @pytest.mark.parametrize("garbage", [None, "", "abc", "\x00", "1" * 40])
    def test_garbage_is_no_receipt(self, garbage: str | None) -> None:
        assert ids.receipt_key(garbage) is None
