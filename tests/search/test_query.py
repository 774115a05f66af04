"""What people type is read without complaint."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.parser import LONGEST_QUERY, MOST_WORDS, parse
from search.query import Phrase

SPELLINGS = [
    "05/CT-TLĐ", "05 ct tld", "5/ct-tlđ", "ct 05 tld", "05 CT TLĐ", "005/ct-tld", "Số: 05/CT-TLĐ", "05/CT – TLĐ", "CT 5 TLD",
    "05-ct-tld", "05/CT-TLÐ", "so 05/ct-tld", "(05/CT-TLĐ)",
]  # fmt: skip


class TestSymbols:
    @pytest.mark.parametrize("typed", SPELLINGS)
    def test_of_one_paper_are_one_in_every_spelling(self, typed: str) -> None:
        query = parse(typed)

        assert query.clauses[0].symbols == ("5/ct-tld",)
        assert query.clauses[0].is_symbol

    @pytest.mark.parametrize(
        "typed", ["chỉ thị 05/CT-TLĐ", "chi thi 05 ct tld", "05 ct tld day manh xu ly", "về 05/CT-TLĐ"]
    )
    def test_among_words_are_seen_too(self, typed: str) -> None:
        query = parse(typed)

        assert query.clauses[0].symbols == ("5/ct-tld",)
        assert not query.clauses[0].is_symbol

    @pytest.mark.parametrize("typed", ["02 ngay lam viec", "15 ngày", "30 cán bộ"])
    def test_guessed_from_words_shut_nothing_out(self, typed: str) -> None:
        assert not parse(typed).clauses[0].is_symbol

    @pytest.mark.parametrize("typed", ["tháng 11 năm 2025", "15/9/2025", "đẩy mạnh xử lý", "05", "2025-2030"])
    def test_are_not_seen_in_dates_and_numbers(self, typed: str) -> None:
        assert not parse(typed).clauses[0].is_symbol

    def test_may_be_several(self) -> None:
        assert parse("142/KH-LĐLĐ hoặc 58/HD-LĐLĐ").clauses[0].symbols == ("142/kh-ldld", "58/hd-ldld")


class TestParse:
    def test_reads_words_phrases_and_what_is_not_wanted(self) -> None:
        query = parse('Họp "giao ban trực tuyến" -báo -"công văn" cáo')

        (clause,) = query.clauses
        assert clause.words == ("hop", "cao")
        assert clause.exact == ("họp", "cáo")
        assert clause.phrases == (Phrase(("giao", "ban", "truc", "tuyen"), ("giao", "ban", "trực", "tuyến")),)
        assert [phrase.folded for phrase in query.excluded] == [("bao",), ("cong", "van")]

    @pytest.mark.parametrize(
        ("typed", "must"),
        [
            ("một", 1),
            ("một hai", 2),
            ("một hai ba", 2),
            ("a b c d e f g h", 4),
            ("a b c d e f g h i j", 1),
            ("a a a", 1),
        ],
    )
    def test_asks_for_fewer_of_many_words(self, typed: str, must: int) -> None:
        assert parse(typed).clauses[0].must_match == must

    @pytest.mark.parametrize("typed", ["", "   ", "\x00", "\u202e"])
    def test_nothing_typed_asks_for_everything(self, typed: str) -> None:
        assert parse(typed).is_empty

    @pytest.mark.parametrize("typed", ["!!!", "-", '"', '""', "()", "*", "--", "…", '-"'])
    def test_signs_alone_ask_for_nothing_that_is_there(self, typed: str) -> None:
        query = parse(typed)

        assert not query.is_empty
        assert not query.is_answerable

    def test_what_is_not_wanted_alone_leaves_the_rest(self) -> None:
        assert parse("-giao").is_empty
        assert [phrase.folded for phrase in parse("-giao").excluded] == [("giao",)]

    def test_a_long_text_is_cut(self) -> None:
        query = parse("văn bản " * 2000)

        assert len(query.text) <= LONGEST_QUERY
        assert len(query.words) == MOST_WORDS

    def test_a_sentence_in_capitals_may_hold_its_own_or(self) -> None:
        sentence = "người lao động nghỉ thai sản hoặc nghỉ ốm được hưởng bao nhiêu tiền"

        assert parse(sentence.upper()).clauses == parse(sentence).clauses
        assert len(parse("LĐLĐ HOẶC CĐCS").clauses) == 2

    @given(st.text(max_size=300))
    def test_garbage_is_text(self, typed: str) -> None:
        query = parse(typed)

        assert all(clause.must_match <= len(clause.words) for clause in query.clauses)
        assert all(word and "\x00" not in word for word in query.words)
