"""Deadlines in words, dates as people type and read them."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.utils import formats, translation

from ui.dates import document_date, due_at, vietnamese_date, vietnamese_time

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # 12:00 in the office


@pytest.fixture(autouse=True)
def _in_vietnamese() -> object:
    with translation.override("vi"):
        yield


class TestDueAt:
    @pytest.mark.parametrize(
        ("at", "state", "words"),
        [
            (None, "none", ""),
            (date(2026, 11, 26), "ahead", "26/11, còn 2 ngày"),
            (date(2027, 1, 5), "ahead", "05/01/2027, còn 42 ngày"),
            (date(2026, 11, 24), "today", "Hôm nay"),
            (date(2026, 11, 23), "late", "Quá hạn 1 ngày"),
            (datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "today", "Hôm nay, 16 giờ"),
            (datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "today", "Hôm nay, 16:30"),
            (datetime(2026, 11, 24, 3, 0, tzinfo=UTC), "late", "Quá hạn 2 giờ"),
            (datetime(2026, 11, 24, 4, 50, tzinfo=UTC), "late", "Quá hạn chưa đến 1 giờ"),
        ],
    )
    def test_says_date_and_distance(self, at: date | None, state: str, words: str) -> None:
        due = due_at(at, now=NOON)

        assert (due.state, due.words) == (state, words)

    def test_counts_days_of_the_office_and_not_of_utc(self) -> None:
        late_evening_in_utc = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)  # already the 25th in the office

        assert due_at(date(2026, 11, 24), now=late_evening_in_utc).words == "Quá hạn 1 ngày"

    def test_says_the_date_of_an_overdue_paper_in_the_long_form(self) -> None:
        assert due_at(date(2026, 11, 23), now=NOON).long_words == "Hạn 23/11, quá hạn 1 ngày"


class TestWrittenDates:
    def test_are_day_month_year_in_the_office_time_zone(self) -> None:
        moment = datetime(2026, 11, 24, 18, 5, tzinfo=UTC)

        assert vietnamese_date(moment) == "25/11/2026"
        assert vietnamese_time(moment) == "25/11/2026 01:05"
        assert vietnamese_date(None) == vietnamese_time(None) == ""

    @pytest.mark.parametrize(
        ("day", "words"),
        [
            (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
            (date(2025, 10, 8), "ngày 08 tháng 10 năm 2025"),
            (date(2026, 3, 15), "ngày 15 tháng 3 năm 2026"),
        ],
    )
    def test_in_documents_carry_noughts_as_the_decree_says(self, day: date, words: str) -> None:
        assert document_date(day) == words


class TestFormats:
    @pytest.mark.parametrize("typed", ["05/02/2026", "5/2/2026", "05-02-2026", "05.02.2026", "2026-02-05"])
    def test_a_typed_date_begins_with_the_day(self, typed: str) -> None:
        assert forms.DateField().clean(typed) == date(2026, 2, 5)

    def test_the_last_days_of_a_year_are_accepted(self) -> None:
        assert forms.DateField().clean("25/12/2026") == date(2026, 12, 25)

    def test_thousands_take_a_dot_and_decimals_a_comma(self) -> None:
        assert formats.number_format(1234567.89, decimal_pos=2, force_grouping=True) == "1.234.567,89"

    def test_the_week_begins_on_monday(self) -> None:
        assert formats.get_format("FIRST_DAY_OF_WEEK") == 1
