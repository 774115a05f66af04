"""Where words stand on pages: the forms that are written there, and their boxes."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from documents.models import Page
from documents.ocr import Word, boxes
from search.marks import best_place, boxes_in, forms_in, places_of
from search.parser import parse
from tests.factories.papers import index_now, uploaded

if TYPE_CHECKING:
    from documents.models import Document
    from tests.factories.offices import Office

LINE = 20  # words


def page(text: str, number: int = 1, *, is_placed: bool = True) -> Page:
    """A page whose words stand in lines of twenty, each a hundredth high."""
    words = [
        Word(word, (place % LINE) * 0.05, place // LINE * 0.02, 0.04, 0.01, 1.0)
        for place, word in enumerate(text.split())
    ]
    return Page(number=number, text=text, boxes=boxes.pack(words) if is_placed else b"")


def forms(query: str, *texts: str) -> list[str]:
    return sorted(forms_in(places_of([page(text) for text in texts], parse(query).marked)))


class TestForms:
    @pytest.mark.parametrize(
        ("query", "text", "found"),
        [
            ("hoa binh", "tỉnh Hoà Bình", ["Hoà Bình"]),
            ("hòa bình", "tỉnh Hoà Bình và HÒA BÌNH", ["Hoà Bình", "HÒA BÌNH"]),
            ("xu ly", "Xử lý, xứ lý; xử  lý", ["Xử lý, xứ lý", "xử lý"]),
            ("tuyen*", "tuyên truyền, Tuyến đường", ["Tuyến", "tuyên"]),
            ("cong doan", "công đoàn, đoàn công tác", ["công đoàn, đoàn công"]),
            ('"bảo mật"', "bảo mật và bao mặt", ["bao mặt", "bảo mật"]),
            ("05/CT-TLĐ", "Chỉ thị số 05/CT-TLĐ ngày", ["05/CT-TLĐ"]),
            ("đường", "ĐƯỜNG phố", ["ĐƯỜNG"]),
            ("kim cương", "công đoàn", []),
            ("-mật", "bảo mật", []),
        ],
    )
    def test_are_those_that_stand_there(self, query: str, text: str, found: list[str]) -> None:
        assert forms(query, text) == found

    def test_are_cut_where_a_line_ends(self) -> None:
        assert forms("xu ly", "về xử\nlý việc") == ["lý", "xử"]

    def test_never_hold_what_was_typed_and_does_not_stand_there(self) -> None:
        assert forms("xu ly zzz <b>", "xử lý văn bản") == ["xử lý"]

    def test_leave_out_a_syllable_that_stands_alone_where_it_stands_together_elsewhere(self) -> None:
        assert forms("van ban den hop", "văn bản đến", "đến ngày họp") == ["họp", "văn bản đến"]


class TestPlaces:
    def test_are_the_pages_with_words_and_how_often(self) -> None:
        pages = [page("không có gì", 1), page("xử lý xong. Xử lý tiếp", 2), page("xử lý", 3)]

        found = places_of(pages, {"xu", "ly"})

        assert [(place.page.number, len(place.runs)) for place in found] == [(2, 2), (3, 1)]

    def test_begin_at_the_page_with_most_of_the_words(self) -> None:
        pages = [page("quyết toán kinh", 1), page("quyết toán kinh phí", 2), page("quyết toán kinh phí", 3)]

        best = best_place(places_of(pages, {"quyet", "toan", "kinh", "phi"}))

        assert best is not None
        assert best.page.number == 2

    def test_of_a_book_are_looked_for_in_its_beginning_only(self) -> None:
        pages = [page("xử lý " * 10, number) for number in range(1, 6)]

        assert [place.page.number for place in places_of(pages, {"xu", "ly"}, most_letters=100)] == [1, 2]

    def test_do_not_depend_on_how_a_text_is_composed(self) -> None:
        text = unicodedata.normalize("NFD", "về xử lý văn bản")

        (place,) = places_of([page(text)], {"xu", "ly"})

        assert boxes_in(place) == [pytest.approx((0.05, 0, 0.09, 0.01))]


class TestBoxes:
    def test_are_one_a_line(self) -> None:
        text = " ".join(["chữ"] * 19 + ["xử", "lý", "xong"])

        (place,) = places_of([page(text)], {"xu", "ly"})

        assert boxes_in(place) == [pytest.approx((0.95, 0, 0.04, 0.01)), pytest.approx((0, 0.02, 0.04, 0.01))]

    def test_hold_a_number_and_symbol_that_is_one_word_of_the_page(self) -> None:
        (place,) = places_of([page("số 05/CT-TLĐ, ngày")], parse("05/CT-TLĐ").marked)

        assert boxes_in(place) == [pytest.approx((0.05, 0, 0.04, 0.01))]

    def test_are_none_where_words_have_no_places(self) -> None:
        (place,) = places_of([page("xử lý", is_placed=False)], {"xu", "ly"})

        assert boxes_in(place) == []


@pytest.mark.django_db
class TestPaper:
    """The page of a paper that was opened from a list of hits."""

    @pytest.fixture
    def document(self, office: Office) -> Document:
        found = uploaded("Mở đầu", "tỉnh Hoà Bình quyết toán", by=office.clerk, unit=office.top)
        read = Page.plain.filter(file__document=found, number=2)
        read.update(boxes=page("tỉnh Hoà Bình quyết toán").boxes)
        return found

    def opened(self, client: Any, document: Document, **sent: str) -> str:
        return str(client.get(reverse("desk:paper", args=[document.pk]), sent).content.decode())

    def test_marks_the_boxes_of_the_words(self, office: Office, client: Any, document: Document) -> None:
        client.force_login(office.clerk)

        html = self.opened(client, document, tim="hoa binh")

        assert 'data-hits="[[2, 500, 0, 900, 100]]" data-forms="[]"' in html

    def test_hands_over_the_forms_where_there_are_no_boxes(
        self, office: Office, client: Any, document: Document
    ) -> None:
        Page.plain.filter(file__document=document).update(boxes=b"")
        client.force_login(office.clerk)

        html = self.opened(client, document, tim="hòa bình zzz")

        assert 'data-hits="[]" data-forms="[&quot;Hoà Bình&quot;]"' in html
        assert "zzz" not in html[html.index("<vb-pdf") : html.index("</vb-pdf>")]

    def test_without_words_marks_nothing(self, office: Office, client: Any, document: Document) -> None:
        client.force_login(office.clerk)

        assert "data-hits" not in self.opened(client, document)

    @pytest.mark.parametrize("garbage", ["\x00", '"', "-", "loại:", "*" * 600, "<script>", "số:", "(", "\ud7ff"])
    def test_takes_any_garbage(self, office: Office, client: Any, document: Document, garbage: str) -> None:
        index_now()
        client.force_login(office.clerk)

        assert client.get(reverse("desk:paper", args=[document.pk]), {"tim": garbage}).status_code == 200

    def test_is_not_there_for_others_whatever_they_look_for(
        self, office: Office, client: Any, document: Document
    ) -> None:
        client.force_login(office.province_clerk)

        assert client.get(reverse("desk:paper", args=[document.pk]), {"tim": "hoa binh"}).status_code == 404

    def test_says_the_same_whatever_other_papers_there_are(
        self, office: Office, client: Any, document: Document
    ) -> None:
        client.force_login(office.clerk)
        index_now()
        before = self.opened(client, document, tim="hoaf binhf")
        uploaded("hoaf binhf", by=office.province_clerk, unit=office.province)
        index_now()

        after = self.opened(client, document, tim="hoaf binhf")

        assert re.findall("data-hits.*", before) == re.findall("data-hits.*", after) != []
        assert "[2, 500, 0, 900, 100]" in after


class TestBestRun:
    @pytest.mark.parametrize(
        ("query", "text", "best"),
        [
            (
                "kinh phi cong doan",
                "CÔNG ĐOÀN PHƯỜNG\n" + "a " * 100 + "Nguồn kinh phí: tài chính công đoàn",
                "kinh phí",
            ),
            ("kinh phi cong doan", "công đoàn, và " + "a " * 100 + "kinh phí công đoàn", "kinh phí công đoàn"),
            ("kinh phi", "kinh phí " + "a " * 100 + "kinh phí", "kinh phí"),
        ],
    )
    def test_is_where_most_of_the_words_are_near(self, query: str, text: str, best: str) -> None:
        (place,) = places_of([page(text)], parse(query).marked)

        run = place.best_run

        assert text[run.start : run.end] == best
        assert run.start == (0 if query == "kinh phi" else text.rindex(best))
