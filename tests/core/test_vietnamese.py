"""Vietnamese text: one form, one folding, one order."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vietnamese import (
    clean,
    fold,
    is_vietnamese_syllable,
    name_sort_key,
    nfc,
    place_tones,
    sort_key,
    syllable_share,
)

VOWELS = {
    "a": "aàảãáạăằẳẵắặâầẩẫấậ", "e": "eèẻẽéẹêềểễếệ", "i": "iìỉĩíị", "o": "oòỏõóọôồổỗốộơờởỡớợ",
    "u": "uùủũúụưừửữứự", "y": "yỳỷỹýỵ", "d": "đ",
}  # fmt: skip
EVERY_CHARACTER = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


class TestFold:
    @pytest.mark.parametrize(("base", "letters"), VOWELS.items())
    def test_every_vietnamese_letter_loses_its_marks(self, base: str, letters: str) -> None:
        assert {fold(letter) for letter in letters} == {base}
        assert {fold(letter.upper()) for letter in letters} == {base}
        assert {fold(nfd(letter)) for letter in letters} == {base}

    def test_the_barred_d_of_other_alphabets_counts_too(self) -> None:
        assert fold("Ðảng ðoàn Đảng") == "dang doan dang"

    def test_every_step_after_nfc_keeps_the_length(self) -> None:
        for letter in EVERY_CHARACTER:
            length = len(nfc(letter))
            assert len(fold(letter)) == length, hex(ord(letter))
            assert len(place_tones(letter).lower()) == length, hex(ord(letter))

    @given(st.text(alphabet=st.sampled_from("aàáăâđĐeẻêioòôơuưyỳqnghtHOÀ \u0300\u0301\u0323İ1/-")))
    def test_places_in_folded_text_are_places_in_the_original(self, text: str) -> None:
        assert len(fold(text)) == len(place_tones(text)) == len(nfc(text))


class TestClean:
    def test_composes(self) -> None:
        assert clean(nfd("Tìm kiếm đường")) == "Tìm kiếm đường"

    def test_takes_out_what_no_paper_holds(self) -> None:
        assert clean("a\x00b\x1bc\x7fd\ud800e\u202ef\u2066g") == "abcdefg"

    def test_keeps_lines_and_tabs(self) -> None:
        assert clean("một\n\thai\r\n") == "một\n\thai\r\n"


class TestPlaceTones:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("hoà", "hòa"),
            ("thuỷ", "thủy"),
            ("khoẻ", "khỏe"),
            ("HOÀ", "HÒA"),
            ("Khoá", "Khóa"),
            ("Uỷ ban", "Ủy ban"),
            ("xoè", "xòe"),
            (nfd("thuỷ sản"), "thủy sản"),
        ],
    )
    def test_moves_the_tone_in_open_syllables(self, old: str, new: str) -> None:
        assert place_tones(old) == new
        assert place_tones(new) == new

    @pytest.mark.parametrize("same", ["hoàn", "toán", "khoáng", "quý", "Quỳnh", "quỵ", "QUÝ", "loại", "khoẻo", "quả"])
    def test_leaves_closed_syllables_and_qu_alone(self, same: str) -> None:
        assert place_tones(same) == same


class TestSortKey:
    def test_letters_come_before_tones(self) -> None:
        words = ["lan", "làn", "lản", "lãn", "lán", "lạn", "lăn", "lân", "le", "lê", "mơ", "mu", "mư"]

        assert sorted({*words}, key=sort_key) == words

    def test_d_comes_before_barred_d_and_both_before_e(self) -> None:
        assert sorted(["ê", "đa", "e", "da", "dz"], key=sort_key) == ["da", "dz", "đa", "e", "ê"]

    def test_numbers_are_sorted_by_value(self) -> None:
        assert sorted(["10/CĐ", "2/CĐ", "100/CĐ", "002/CĐA"], key=sort_key) == ["2/CĐ", "002/CĐA", "10/CĐ", "100/CĐ"]

    def test_a_shorter_word_comes_first(self) -> None:
        assert sorted(["an ninh", "anh", "an"], key=sort_key) == ["an", "an ninh", "anh"]

    def test_people_are_listed_by_their_own_name(self) -> None:
        people = ["Trần Văn An", "Nguyễn Thị Bình", "Lê Ân", "Đỗ Văn An"]

        assert sorted(people, key=name_sort_key) == ["Đỗ Văn An", "Trần Văn An", "Lê Ân", "Nguyễn Thị Bình"]

    def test_one_name_alone_has_a_place(self) -> None:
        assert sorted(["Bình", "H'Mông An", ""], key=name_sort_key) == ["", "H'Mông An", "Bình"]


class TestSyllables:
    @pytest.mark.parametrize(
        "word",
        ["nghiêng", "Đoàn", "khuya", "quyết", "giường", "oan", "ưỡn", "thuở", "Ủy", "xã", "huơ", "rượu", "khuỷu"],
    )
    def test_knows_vietnamese(self, word: str) -> None:
        assert is_vietnamese_syllable(word)

    @pytest.mark.parametrize("word", ["street", "xqz", "bcd", "office", "f", "kjgh", "workflow"])
    def test_knows_what_is_none(self, word: str) -> None:
        assert not is_vietnamese_syllable(word)

    def test_share_of_good_text_is_high_and_of_noise_low(self) -> None:
        assert syllable_share("Đẩy mạnh xử lý văn bản và họp giao ban trên môi trường số") == 1
        assert syllable_share("§Èy m¹nh xö lý v¨n b¶n ffq zzt") < 0.6
        assert syllable_share("12/5 ...") == 0
