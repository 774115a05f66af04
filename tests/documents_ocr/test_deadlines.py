"""Which dates of a text are deadlines, and which only tell how long, since when or how much."""

from __future__ import annotations

from datetime import date

import pytest

from documents.extraction.deadline import find_due
from documents.extraction.layout import Run, Token

ISSUED = date(2026, 10, 5)


def days(text: str, issued: date | None = ISSUED) -> list[str]:
    body = Run(Token(word, 0, 0, 0, 0, 1.0, 1, None) for word in text.split())
    return [due.iso for due in find_due(body, issued)]


class TestFindDue:
    @pytest.mark.parametrize(
        ("text", "due"),
        [
            ("gửi về Liên đoàn Lao động tỉnh trước ngày 20/10/2026", "2026-10-20"),
            ("gửi báo cáo trước 16 giờ 00 ngày 10 tháng 11 năm 2026", "2026-11-10"),
            ("nộp chậm nhất ngày 05/10/2026", "2026-10-05"),
            ("hoàn thành đến hết ngày 30/9", "2027-09-30"),
            ("trong thời hạn trước 15-11 Ngày 20 họp", "2026-11-15"),
        ],
    )
    def test_gives_the_day_that_something_is_due(self, text: str, due: str) -> None:
        assert days(text) == [due]

    @pytest.mark.parametrize(
        "text",
        [
            "các đơn vị thành lập trước ngày 01/7/2025",
            "trả lời trong thời hạn 05-07 ngày làm việc",
            "thời hạn 3/4 ngày",
            "số liệu tính đến hết ngày 30/9/2026",
            "số liệu tính đến hết ngày 30/9",
            "Số liệu đến hết ngày 31/12 năm nay",
            "báo cáo trước ngày 25/12 hằng năm",
        ],
    )
    def test_leaves_out_what_is_nobody_s_duty(self, text: str) -> None:
        assert days(text) == []

    def test_believes_a_printed_year_rather_than_an_issue_date_that_is_not_sure(self) -> None:
        body = Run(Token(word, 0, 0, 0, 0, 1.0, 1, None) for word in ["trước", "ngày", "01/7/2025"])

        assert [due.iso for due in find_due(body, ISSUED, is_dated=False)] == ["2025-07-01"]

    def test_believes_the_year_where_the_issue_date_is_unknown(self) -> None:
        assert days("trước ngày 01/7/2025", issued=None) == ["2025-07-01"]
