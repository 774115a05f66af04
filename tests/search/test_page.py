"""S4: the page of the search, for people."""

from __future__ import annotations

import re
import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from documents.models import DocumentTag, DocumentType, ExtractedField
from exchange.services import issue_dispatch
from organizations.services import actor_for
from search.engine import backend
from search.views import PAGE
from tests.factories.offices import PASSWORD, Office, drafted, make_office
from tests.factories.papers import confirmed, index_now, uploaded

if TYPE_CHECKING:
    from collections.abc import Callable

    from documents.models import Document

TEXT = "CHỈ THỊ\nvề đẩy mạnh xử lý văn bản <b>và</b> họp giao ban"
MOST_QUERIES = 16


def paper(office: Office, number: int, text: str = TEXT, **facts: Any) -> Document:
    usual = {"number": f"{number:02d}", "issue_date": date(2025, 9, 15)}
    return confirmed(uploaded(text, by=office.clerk, unit=office.top), by=office.clerk, **(usual | facts))


def page(client: Any, query: str = "xu ly van ban", **filters: Any) -> str:
    answer = client.get(reverse("search:page"), {"q": query, **filters})
    assert answer.status_code == 200
    return str(answer.content.decode())


def found(html: str) -> str:
    """The list alone, without filters and help."""
    return html[html.index('id="results"') :]


def filters(html: str) -> str:
    """The filters alone."""
    return html[html.index('id="facets-in"') : html.index('id="results"')]


def boxes(html: str, name: str) -> list[tuple[str, str, int, bool]]:
    """Each box of a filter: its value, its words, its number, whether it is ticked."""
    rows = re.findall(
        rf'name="{name}" value="([^"]*)" form="search-form"( checked)?><span>([^<]*)</span><span[^>]*>([\d.]+)<', html
    )
    return [(value, words, int(count), bool(checked)) for value, checked, words, count in rows]


@pytest.fixture
def reader(office: Office, client: Any) -> Any:
    client.force_login(office.clerk)
    return client


class TestHits:
    def test_stand_with_number_subject_and_marked_words(self, office: Office, reader: Any) -> None:
        document = paper(office, 5)
        index_now()

        html = found(page(reader))

        assert f'<h2><a href="{reverse("desk:paper", args=[document.pk])}?tim=xu+ly+van+ban&amp;tep=' in html
        assert '#page=1">Chỉ thị về đẩy mạnh <mark>xử lý văn bản</mark></a></h2>' in html
        assert ">05/CT-TLĐ</b>" in html
        assert "<mark>xử</mark> <mark>lý</mark> <mark>văn</mark> <mark>bản</mark>" in html
        assert "&lt;b&gt;và&lt;/b&gt;" in html
        assert "<b>và" not in html
        assert "1 văn bản" in html
        assert "chưa xác nhận" not in html

    def test_say_what_nobody_has_confirmed_and_what_is_a_draft(self, office: Office, reader: Any) -> None:
        uploaded(TEXT, by=office.clerk, unit=office.top)
        drafted(office)
        index_now()

        html = found(page(reader, ""))

        assert html.count("chưa xác nhận") == 1
        assert "Dự thảo" in html

    def test_that_nobody_has_confirmed_are_named_by_what_was_read(self, office: Office, reader: Any) -> None:
        document = uploaded(TEXT, by=office.clerk, unit=office.top)
        document.fields.filter(name="subject").delete()
        ExtractedField.plain.create(document=document, name="subject", value="đẩy mạnh xử lý văn bản", confidence=0.4)
        index_now()

        assert "đẩy mạnh <mark>xử lý văn bản</mark></a></h2>" in found(page(reader))

    def test_cost_the_same_for_one_and_many(
        self, office: Office, reader: Any, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(1, 8):
            paper(office, number)
            uploaded(TEXT, by=office.clerk, unit=office.top)
        index_now()

        with django_assert_max_num_queries(MOST_QUERIES):
            html = page(reader)

        assert html.count("data-item") == PAGE


class TestFilters:
    def test_by_type_unit_and_year(self, office: Office, reader: Any) -> None:
        plan = DocumentType.objects.get(abbreviation="KH")
        paper(office, 1)
        paper(office, 2, doc_type=plan, symbol="KH-TLĐ")
        paper(office, 3, issue_date=date(2024, 1, 2))
        theirs = confirmed(
            uploaded(TEXT, by=office.province_clerk, unit=office.province), by=office.province_clerk, number="04"
        )
        issue_dispatch(
            document=theirs, sender=office.province, recipients=[office.top], actor=actor_for(office.province_clerk)
        )
        index_now()

        assert "4 văn bản" in page(reader)
        assert "02/KH-TLĐ" in (found := page(reader, loai=plan.pk))
        assert "1 văn bản" in found
        assert "03/CT-TLĐ" in (found := page(reader, nam=2024))
        assert "1 văn bản" in found
        assert "04/CT-TLĐ" in (found := page(reader, **{"don-vi": office.province.pk}))
        assert "1 văn bản" in found
        assert "0 văn bản" in page(reader, loai=plan.pk, nam=2024)

    def test_offer_the_units_whose_papers_reach_this_desk(self, office: Office, client: Any) -> None:
        paper(office, 1)
        theirs = confirmed(
            uploaded(TEXT, by=office.province_clerk, unit=office.province), by=office.province_clerk, number="04"
        )
        index_now()

        client.force_login(office.province_clerk)

        assert boxes(page(client, ""), "don-vi") == [(str(theirs.owner_unit_id), "LĐLĐ tỉnh An Hòa", 1, False)]
        client.force_login(office.clerk)
        assert boxes(page(client, ""), "don-vi") == [(str(office.top.pk), "Tổng Liên đoàn", 1, False)]

    def test_are_counted_under_all_filters_but_their_own(self, office: Office, reader: Any) -> None:
        plan = DocumentType.objects.get(abbreviation="KH")
        paper(office, 1)
        paper(office, 2, doc_type=plan, symbol="KH-TLĐ")
        paper(office, 3, issue_date=date(2024, 1, 2))
        index_now()

        html = page(reader, loai=plan.pk)

        assert [box[1:] for box in boxes(html, "loai")] == [("Chỉ thị", 2, False), ("Kế hoạch", 1, True)]
        assert [box[1:] for box in boxes(html, "nam")] == [("2025", 1, False)]
        assert "Xem 1 kết quả" in html

    def test_take_several_values_of_one_kind(self, office: Office, reader: Any) -> None:
        for number, year in ((1, 2023), (2, 2024), (3, 2025)):
            paper(office, number, issue_date=date(year, 1, 2))
        index_now()

        html = page(reader, nam=[2023, 2025])

        assert "2 văn bản" in html
        assert "02/CT-TLĐ" not in found(html)
        assert [box[1:] for box in boxes(html, "nam")] == [("2025", 1, True), ("2024", 1, False), ("2023", 1, True)]

    def test_by_issuer_tag_and_state(self, office: Office, reader: Any) -> None:
        tagged = paper(office, 1, issuer="Bộ Nội vụ")
        DocumentTag.plain.create(document=tagged, name="công đoàn phí")
        paper(office, 2)
        uploaded(TEXT, by=office.clerk, unit=office.top)
        index_now()

        for sent in ({"co-quan": "Bộ Nội vụ"}, {"the": "công đoàn phí"}):
            assert "01/CT-TLĐ" in found(html := page(reader, **sent))
            assert "1 văn bản" in html
        assert [box[:3] for box in boxes(page(reader, ""), "trang-thai")] == [
            ("hieu-luc", "Còn hiệu lực", 2), ("chua-xac-nhan", "Chưa xác nhận", 1),
        ]  # fmt: skip
        assert "1 văn bản" in page(reader, **{"trang-thai": "chua-xac-nhan"})

    def test_by_day_from_and_to(self, office: Office, reader: Any) -> None:
        for number, day in ((1, 1), (2, 15), (3, 28)):
            paper(office, number, issue_date=date(2025, 2, day))
        index_now()

        assert "2 văn bản" in page(reader, tu="2025-02-15")
        assert "1 văn bản" in (html := page(reader, tu="02/02/2025", den="2025-02-20"))
        assert 'value="2025-02-02"' in filters(html)
        assert "Từ ngày 02/02/2025" in html

    def test_of_the_words_themselves_are_ticked_and_taken_back_there(self, office: Office, reader: Any) -> None:
        paper(office, 1)
        index_now()

        html = page(reader, "văn bản năm:2025")

        assert re.search(r"<input[^>]+ checked disabled><span>2025</span>", filters(html))
        assert boxes(html, "nam") == []

    def test_chosen_and_without_a_paper_stay_where_they_can_be_taken_back(self, office: Office, reader: Any) -> None:
        paper(office, 1)
        index_now()

        html = page(reader, nam=2019, **{"don-vi": office.ward.pk})

        assert [box[1:] for box in boxes(html, "nam")] == [("2019", 0, True)]
        assert [box[1:] for box in boxes(html, "don-vi")] == [("không rõ", 0, True)]

    @pytest.mark.parametrize("value", ["x", "-1", "0", "99999999999999999999", "1e3", "١", "\x00", ""])
    @pytest.mark.parametrize(
        "name", ["loai", "don-vi", "nam", "co-quan", "the", "trang-thai", "tu", "den", "dau", "page", "xep"]
    )
    def test_of_garbage_are_no_error(self, office: Office, reader: Any, name: str, value: str) -> None:
        paper(office, 5)
        index_now()

        page(reader, **{name: value})

    def test_newest_first_on_request(self, office: Office, reader: Any) -> None:
        paper(office, 1, TEXT * 3, issue_date=date(2024, 1, 2))
        paper(office, 2, issue_date=date(2025, 1, 2))
        index_now()

        html = page(reader, xep="ngay")

        assert html.index("02/CT-TLĐ") < html.index("01/CT-TLĐ")
        oldest = page(reader, xep="cu")
        assert oldest.index("01/CT-TLĐ") < oldest.index("02/CT-TLĐ")

    def test_without_words_is_by_date_and_says_so(self, office: Office, reader: Any) -> None:
        paper(office, 5)
        index_now()

        assert found(page(reader)).count("Khớp nhất") == 2  # on the button and in its menu
        html = found(page(reader, ""))
        assert "Khớp nhất" not in html
        assert html.count("Mới nhất") == 2

    def test_exact_tone_marks_on_request(self, office: Office, reader: Any) -> None:
        paper(office, 1, "Báo cáo về bảo mật")
        paper(office, 2, "Báo cáo về bao mặt")
        index_now()

        assert "1 văn bản" in (html := page(reader, "bảo mật", dau="1"))
        assert "01/CT-TLĐ" in found(html)
        assert "2 văn bản" in page(reader, "bảo mật")


class TestPages:
    @pytest.fixture
    def many(self, office: Office) -> Office:
        for number in range(1, 24):
            paper(office, number)
        index_now()
        return office

    def test_lead_on_and_back_and_show_each_paper_once(self, many: Office, reader: Any) -> None:
        pages = [page(reader, page=number) for number in (1, 2, 3)]

        shown = [f"{number:02d}/CT-TLĐ</b>" for number in range(1, 24)]
        assert [sum(html.count(one) for html in pages) for one in shown] == [1] * 23
        assert ["Trang sau" in html for html in pages] == [True, True, False]
        assert ["Trang trước" in html for html in pages] == [False, True, True]
        assert [page(reader, page=beyond).count("data-item") for beyond in (4, 999_999_999)] == [3, 3]


class TestStates:
    def test_nothing_found_says_what_to_try(self, office: Office, reader: Any) -> None:
        paper(office, 5)
        index_now()

        html = page(reader, "kim cương")

        assert "Không có văn bản phù hợp" in html
        assert "Hãy thử ít từ hơn, hoặc gõ không dấu." in html

    def test_without_the_index_numbers_and_subjects_are_still_found(self, office: Office, reader: Any) -> None:
        paper(office, 5, subject="về đẩy mạnh xử lý văn bản")
        index_now()
        engine: Any = backend()
        shutil.rmtree(engine.root)

        html = page(reader, "day manh xu ly")

        assert "Tra cứu toàn văn tạm dừng" in html
        assert "05/CT-TLĐ" in html
        assert "Khớp nhất" not in html
        assert "hãy thử số, ký hiệu hoặc từ trong trích yếu" in page(reader, "kim cương")

    def test_without_the_index_the_oldest_come_first_on_request(self, office: Office, reader: Any) -> None:
        for number, day in ((1, date(2025, 9, 15)), (2, date(2024, 9, 15))):
            paper(office, number, issue_date=day)
        engine: Any = backend()
        shutil.rmtree(engine.root, ignore_errors=True)

        html = page(reader, "xu ly", xep="cu")

        assert html.index("02/CT-TLĐ") < html.index("01/CT-TLĐ")

    @pytest.mark.parametrize("typed", ["-số:05", '-cơ quan:"công an"', "-từ:2025", "-năm:2025", "-trạng thái:mật -đẩy"])
    def test_without_the_index_what_is_not_wanted_stays_out(self, office: Office, reader: Any, typed: str) -> None:
        paper(office, 5, issuer="Công an tỉnh", subject="về đẩy mạnh xử lý")
        paper(office, 6, issuer="Ủy ban", subject="về xử lý", issue_date=date(2024, 9, 15))
        engine: Any = backend()
        shutil.rmtree(engine.root, ignore_errors=True)

        html = page(reader, f"xu ly {typed}")

        assert "06/CT-TLĐ" in found(html)
        assert "05/CT-TLĐ" not in found(html)

    def test_what_was_typed_stays_and_is_text(self, office: Office, reader: Any) -> None:
        index_now()

        html = page(reader, '"><script>alert(1)</script>')

        assert "<script>alert(1)" not in html
        assert "&lt;script&gt;alert(1)" in html


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("browser")
class TestPhone:
    def test_finds_on_a_narrow_screen_without_scrolling_sideways(
        self, settings: Any, tmp_path: Any, browser_page: Callable[..., Any]
    ) -> None:
        settings.MEDIA_ROOT = tmp_path / "files"
        office = make_office()
        paper(office, 5)
        index_now()
        window = browser_page(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
        window.goto(f"/tai-khoan/login/?next={reverse('search:page')}")
        window.fill("[name=login]", "clerk")
        window.fill("[name=password]", PASSWORD)
        window.press("[name=password]", "Enter")

        window.fill("#search-box", "xu ly van ban")
        window.press("#search-box", "Enter")
        window.wait_for_selector("mark")

        assert window.locator(".v-hit").count() == 1
        assert window.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        window.click(".v-hit a")
        window.wait_for_url("**/van-ban/**")
