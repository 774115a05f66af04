"""One analysis for index, query and snippet, and the engine agrees with it."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
import tantivy
from hypothesis import given
from hypothesis import strategies as st

from core.vietnamese import fold
from search.analysis import analysed, bigrams, canonical, date_keys, dates_in, exact_words, folded_words, numbers_in

VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
SMALL = [unicodedata.normalize("NFC", vowel + tone) for vowel, tone in itertools.product(VOWELS, TONES)] + ["đ"]
LETTERS = SMALL + [letter.upper() for letter in SMALL]


class TestFolding:
    def test_of_all_146_letters_is_the_engines_own(self) -> None:
        filters = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.lowercase())
        analyzer = filters.filter(tantivy.Filter.ascii_fold()).build()

        engines = {letter: analyzer.analyze(letter) for letter in LETTERS}

        assert len(set(LETTERS)) == 146
        assert {letter: [fold(letter)] for letter in LETTERS} == engines

    @pytest.mark.parametrize("letter", LETTERS)
    def test_makes_of_each_letter_a_plain_small_one(self, letter: str) -> None:
        assert fold(letter) in "aeiouyd"
        assert fold(unicodedata.normalize("NFD", letter)) == fold(letter)


class TestCanonical:
    @pytest.mark.parametrize(
        ("typed", "read"),
        [
            ("Hoà", "hòa"),
            ("khoẻ", "khỏe"),
            ("thuỷ", "thủy"),
            ("HOÀ BÌNH", "hòa bình"),
            ("hoàn toàn", "hoàn toàn"),
            ("quý", "quý"),
            ("quỳ", "quỳ"),
        ],
    )
    def test_moves_old_tones_and_leaves_others(self, typed: str, read: str) -> None:
        assert canonical(typed) == read
        assert canonical(unicodedata.normalize("NFD", typed)) == read

    @pytest.mark.parametrize("text", ["Đẩy mạnh", "İstanbul Đông Thành", "hoà giải ở cơ sở", "ﬁ ligature", "ß\u0301x"])
    def test_keeps_places(self, text: str) -> None:
        """A place in the folded text is the same place in the original, or snippets mark the wrong letters."""
        composed = unicodedata.normalize("NFC", text)

        assert len(canonical(text)) == len(fold(text)) == len(composed)


class TestWords:
    def test_of_decomposed_text_are_not_cut_at_its_marks(self) -> None:
        text = unicodedata.normalize("NFD", "Tìm kiếm văn bản")

        assert folded_words(text) == ["tim", "kiem", "van", "ban"]
        assert exact_words(text) == ["tìm", "kiếm", "văn", "bản"]

    def test_read_the_icelandic_letter_as_ours(self) -> None:
        assert folded_words("Ðoàn ÐOÀN") == ["doan", "doan"]
        assert exact_words("Ðoàn ÐOÀN") == ["đoàn", "đoàn"]

    def test_of_a_symbol_are_its_parts(self) -> None:
        assert folded_words("Số: 05/CT-TLĐ") == ["so", "05", "ct", "tld"]


class TestBigrams:
    def test_join_neighbours(self) -> None:
        assert bigrams(["lien", "doan", "lao", "dong"]) == ["lien_doan", "doan_lao", "lao_dong"]

    @pytest.mark.parametrize("words", [[], ["mot"]])
    def test_need_two_words(self, words: list[str]) -> None:
        assert bigrams(words) == []


class TestAnalysed:
    @given(st.text(max_size=200))
    def test_says_in_one_pass_what_words_and_pairs_say(self, text: str) -> None:
        folded = folded_words(text)

        assert analysed(text) == (" ".join(folded), " ".join(exact_words(text)), " ".join(bigrams(folded)))

    @pytest.mark.parametrize("text", ["", " ", "…", "một", "Hoà-giải\u00a0viên, (thuỷ)\tsản.", "x" * 100, "a_b"])
    def test_says_it_of_odd_texts_too(self, text: str) -> None:
        folded = folded_words(text)

        assert analysed(text) == (" ".join(folded), " ".join(exact_words(text)), " ".join(bigrams(folded)))


class TestDays:
    @pytest.mark.parametrize(
        "text",
        [
            "ngày 15 tháng 3 năm 2026",
            "15/3/2026",
            "15-03-2026",
            "15.3.2026",
            "ngày 15/03/2026",
            "ngày 15 tháng 03 năm 2026,",
        ],
    )
    def test_have_one_key_however_they_are_written(self, text: str) -> None:
        folded = analysed(f"Hà Nội, {text} và")[0]

        assert date_keys(folded) == ["@2026-3-15", "@2026-3"]
        assert [key for key, _words in dates_in(folded.split())] == ["@2026-3-15"]

    @pytest.mark.parametrize("text", ["tháng 3 năm 2026", "tháng 3/2026", "tháng 03-2026", "3/2026", "03.2026"])
    def test_months_have_one_key_in_a_query(self, text: str) -> None:
        assert [key for key, _words in dates_in(folded_words(f"báo cáo {text}"))] == ["@2026-3"]

    @pytest.mark.parametrize("text", ["15 2026 người", "năm 2026", "2026", "20 20265", "giai đoạn 2025-2030", " 2026"])
    def test_are_not_seen_where_none_is_named(self, text: str) -> None:
        assert date_keys(f" {analysed(text)[0]}") == []

    def test_are_seen_behind_a_number_that_begins_like_a_year(self) -> None:
        assert date_keys(" 3 20 2026 va 15 3 2026") == ["@2026-20-3", "@2026-20", "@2026-3-15", "@2026-3"]

    @pytest.mark.parametrize("typed", ["00/03/2026", "0 3 2026"])
    def test_that_no_calendar_has_are_words_like_any_other(self, typed: str) -> None:
        assert dates_in(folded_words(typed)) == []

    @given(st.lists(st.sampled_from(["0", "00", "3", "03", "19", "20", "2026", "1999", "tháng", "năm"]), max_size=8))
    def test_of_garbage_are_no_error(self, parts: list[str]) -> None:
        for sign in "/ ":
            assert all(key.startswith("@") for key, _words in dates_in(folded_words(sign.join(parts))))

    @given(st.text("0123459/ ", max_size=30))
    def test_of_digits_and_slashes_are_no_error(self, typed: str) -> None:
        assert all(key.startswith("@") for key, _words in dates_in(folded_words(typed)))


class TestNumbers:
    @pytest.mark.parametrize(
        ("typed", "keys"),
        [
            ("quyết định 15/2020", ["15/2020"]), ("nghị định số 015 năm 2020", ["15/2020"]), ("tháng 3/2026", []),
            ("15/3/2026", []), ("3/2026", ["3/2026"]), ("kế hoạch 3/2026", ["3/2026"]),
            ("An Hòa 3/2026", []), ("An Hòa 13/2026", ["13/2026"]), ("10b/2024", ["10b/2024"]), ("năm 2024", []),
        ],
    )  # fmt: skip
    def test_with_their_year_are_seen_beside_dates(self, typed: str, keys: list[str]) -> None:
        assert numbers_in(folded_words(typed)) == keys
