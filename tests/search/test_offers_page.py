"""What the page offers beside hits: completions, papers alike, other ways to ask, what replaces what."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from documents.services.relations import replace_paper
from exchange.services import issue_dispatch
from organizations.services import actor_for
from search.engine import backend
from tests.factories.papers import confirmed, index_now, uploaded
from tests.search.test_page import found, page, paper, reader

if TYPE_CHECKING:
    from tests.factories.offices import Office

__all__ = ["reader"]


class TestSuggestions:
    def asked(self, client: Any, text: str) -> list[dict[str, str]]:
        answer = client.get(reverse("search:suggest"), {"q": text})
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
        rows: list[dict[str, str]] = answer.json()
        return rows

    def test_name_the_papers_that_may_be_meant(self, office: Office, reader: Any) -> None:
        document = paper(office, 5)
        index_now()

        expected = {
            "symbol": "05/CT-TLĐ", "title": "Chỉ thị về đẩy mạnh xử lý văn bản",
            "url": reverse("desk:paper", args=[document.pk]),
        }  # fmt: skip
        assert self.asked(reader, "day man") == self.asked(reader, "05/ct") == [expected]

    def test_are_of_the_person_s_own_papers(self, office: Office, client: Any) -> None:
        paper(office, 5)
        index_now()
        client.force_login(office.province_clerk)

        assert self.asked(client, "day manh") == []

    @pytest.mark.parametrize("text", ["", " ", "\x00", "*", '"', "x" * 5000])
    def test_of_garbage_are_none(self, office: Office, reader: Any, text: str) -> None:
        paper(office, 5)
        index_now()

        assert self.asked(reader, text) == []


class TestSimilar:
    def test_papers_are_listed_for_those_who_may_see_them(self, office: Office, reader: Any) -> None:
        text = "Kế hoạch tổ chức hội thi an toàn vệ sinh viên giỏi cấp tỉnh"
        one, other = (
            confirmed(uploaded(text, by=office.clerk, unit=office.top), by=office.clerk, number=n) for n in "12"
        )
        theirs = uploaded(text, by=office.province_clerk, unit=office.province)
        for number in range(11, 15):
            paper(office, number)
        index_now()

        whole = reader.get(reverse("search:similar", args=[one.pk])).content.decode()
        part = reader.get(reverse("search:similar", args=[one.pk]), headers={"HX-Request": "true"}).content.decode()

        for html in (whole, part):
            assert reverse("desk:paper", args=[other.pk]) in html
            assert reverse("desk:paper", args=[theirs.pk]) not in html
        assert "<html" in whole
        assert "<html" not in part

    def test_are_not_said_to_be_none_while_search_is_paused(self, office: Office, reader: Any) -> None:
        document = paper(office, 5)
        engine: Any = backend()
        shutil.rmtree(engine.root, ignore_errors=True)

        html = reader.get(reverse("search:similar", args=[document.pk])).content.decode()

        assert "Tra cứu toàn văn tạm dừng" in html
        assert "Không có văn bản tương tự" not in html

    def test_of_a_paper_of_others_are_not_there(self, office: Office, reader: Any) -> None:
        theirs = uploaded("Kế hoạch", by=office.province_clerk, unit=office.province)

        assert reader.get(reverse("search:similar", args=[theirs.pk])).status_code == 404


class TestOtherWays:
    def test_mend_a_letter(self, office: Office, reader: Any) -> None:
        paper(office, 5)
        index_now()

        html = found(page(reader, "xi ly"))

        assert "Có phải đồng chí tìm:" in html
        assert 'href="?q=xu+ly"' in html

    def test_say_what_one_condition_costs(self, office: Office, reader: Any) -> None:
        paper(office, 5)
        index_now()

        html = found(page(reader, "xử lý văn bản", nam=2019, tu="2018-01-01"))

        assert "Bỏ “Năm: 2019”: 1 văn bản" in html
        assert "Bỏ “Từ ngày" not in html

    def test_tell_nothing_of_papers_of_others(self, office: Office, client: Any) -> None:
        paper(office, 5)
        index_now()
        client.force_login(office.province_clerk)

        html = found(page(client, "day manh xu ly năm:2025"))

        assert "Có phải đồng chí tìm" not in html
        assert "Bỏ “" not in html


class TestValidity:
    def test_stands_with_each_hit(self, office: Office, reader: Any) -> None:
        old, new = paper(office, 3, issue_date=date(2024, 1, 1)), paper(office, 12)
        replace_paper(source=new, target=old, actor=actor_for(office.clerk))
        index_now()

        html = found(page(reader, xep="ngay"))

        assert html.count("Còn hiệu lực") == 1
        assert html.index("Còn hiệu lực") < html.index("03/CT-TLĐ")
        assert f'Đã được thay thế bởi <a href="{reverse("desk:paper", args=[new.pk])}">12/CT-TLĐ</a>' in html

    def test_tells_nobody_of_a_paper_that_is_not_theirs(self, office: Office, client: Any) -> None:
        old, new = paper(office, 3, issue_date=date(2024, 1, 1)), paper(office, 12)
        replace_paper(source=new, target=old, actor=actor_for(office.clerk))
        issue_dispatch(document=old, sender=office.top, recipients=[office.province], actor=actor_for(office.clerk))
        index_now()
        client.force_login(office.province_clerk)

        html = page(client)

        assert "03/CT-TLĐ" in html
        assert "12/CT-TLĐ" not in html


class TestChips:
    def test_show_the_query_as_it_was_understood(self, office: Office, reader: Any) -> None:
        paper(office, 5)
        index_now()

        html = page(reader, 'xử lý "văn bản" -mật loại:chỉ thị tuyên* OR họp', nam=2025, dau="1")

        chips = html[html.index('id="chips"') : html.index('id="found-count"')]
        for label in (
            "xử lý",
            "“văn bản”",
            "không có mật",
            "Loại văn bản: chỉ thị",
            "bắt đầu bằng tuyên",
            "hoặc",
            "Năm: 2025",
            "Đúng dấu",
        ):
            assert f"</span>{label}<svg" in chips
        assert (
            "q=x%E1%BB%AD+l%C3%BD+%22v%C4%83n+b%E1%BA%A3n%22+-m%E1%BA%ADt+tuy%C3%AAn%2A+OR+h%E1%BB%8Dp&amp;nam=2025&amp;dau=1"
            in chips
        )

    def test_are_text_whatever_was_typed(self, office: Office, reader: Any) -> None:
        index_now()

        html = page(reader, '<img src=x> "<b>" loại:<i>', **{"co-quan": "<u>"})

        for tag in ("<img src=x", "<b>", "<i>", "<u>"):
            assert tag not in html[html.index("<main") : html.index("</main")].replace('<b class="v-number">', "")
