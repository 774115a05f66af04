"""Snippets: marked, short, from where most of the words stand; escaped where they are drawn."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.drawn import marked
from search.highlight import BEFORE, LONGEST_WORD, WIDTH, snippet

FILLER = "Căn cứ Luật Công đoàn, theo đề nghị của Chánh Văn phòng. " * 20


def drawn(texts: list[str], words: set[str]) -> str:
    return str(marked(snippet(texts, words)))


class TestSnippet:
    @pytest.mark.parametrize(
        ("text", "words", "html"),
        [
            ("Đẩy mạnh xử lý", {"day", "manh"}, "<mark>Đẩy</mark> <mark>mạnh</mark> xử lý"),
            (unicodedata.normalize("NFD", "văn bản"), {"ban"}, "văn <mark>bản</mark>"),
            ("hoà giải", {"hoa"}, "<mark>hoà</mark> giải"),
            ("Số 05/CT-TLĐ", {"05", "ct", "tld"}, "Số <mark>05</mark>/<mark>CT</mark>-<mark>TLĐ</mark>"),
            ("banh ban", {"ban"}, "banh <mark>ban</mark>"),
            ("xuống\n  dòng\tvà cách", {"dong"}, "xuống <mark>dòng</mark> và cách"),
            ("không có gì", {"khac"}, "không có gì"),
            ("", {"gi"}, ""),
        ],
    )
    def test_marks_whole_words_however_they_are_written(self, text: str, words: set[str], html: str) -> None:
        assert drawn([text], words) == html

    @pytest.mark.parametrize(
        "text",
        [
            "<script>alert(1)</script> ban",
            "a & b < c > d \" ' ban",
            "</mark><img src=x onerror=y> ban",
            "&lt;mark&gt; ban",
        ],
    )
    def test_is_escaped_html_with_marks_alone(self, text: str) -> None:
        html = drawn([text], {"ban", "script", "mark"})

        assert set(re.findall(r"<[^>]*>", html)) <= {"<mark>", "</mark>"}
        assert "<mark>ban</mark>" in html

    @given(text=st.text(max_size=400), words=st.sets(st.text(alphabet="abcxyz019", max_size=3), max_size=3))
    def test_of_anything_is_safe_and_balanced(self, text: str, words: set[str]) -> None:
        html = drawn([text], words)

        assert set(re.findall(r"<[^>]*>", html)) <= {"<mark>", "</mark>"}
        assert html.count("<mark>") == html.count("</mark>")
        assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#x27;)", html)

    def test_shows_where_most_different_words_stand_together(self) -> None:
        text = f"văn bản văn bản văn bản. {FILLER} đẩy mạnh xử lý văn bản. {FILLER}"

        html = drawn([text], {"day", "manh", "xu", "ly", "van", "ban"})

        assert html.startswith("… ")
        assert html.endswith(" …")
        assert "<mark>đẩy</mark> <mark>mạnh</mark> <mark>xử</mark> <mark>lý</mark>" in html

    def test_looks_on_further_pages_too(self) -> None:
        assert "<mark>kim</mark> <mark>cương</mark>" in drawn([FILLER, "trang hai kim cương"], {"kim", "cuong"})

    @pytest.mark.parametrize("text", ["x" * 10_000, "kim " * 5000, FILLER * 50 + "kim", "kim" + "y" * 5000 + " kim"])
    def test_stays_short(self, text: str) -> None:
        plain = re.sub("<[^>]*>", "", drawn([text], {"kim", "x" * 10_000}))

        assert len(plain) <= WIDTH + BEFORE + 2 * LONGEST_WORD + 8
