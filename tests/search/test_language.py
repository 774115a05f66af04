"""The query language: conditions, alternatives, beginnings; what cannot be understood is text."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.backends.base import Filters
from search.parser import MOST_EXCLUDED, days_of, parse

if TYPE_CHECKING:
    from search.backends.base import Facet, Value
    from search.query import Words

TYPES: dict[tuple[str, ...], int] = {("chi", "thi"): 1, ("bao", "cao"): 2, ("bao", "cao", "thang"): 3}
UNITS: dict[tuple[str, ...], int] = {("an", "hoa"): 7}


class Catalogue:
    """Three types of papers and a unit."""

    def longest(self, facet: Facet, words: Words) -> tuple[int, frozenset[Value]]:
        known = {"type_id": TYPES, "unit_id": UNITS}.get(facet, {})
        for count in range(len(words), 0, -1):
            if words[:count] in known:
                return count, frozenset([known[words[:count]]])
        return 0, frozenset()


def read(typed: str) -> tuple[Filters, tuple[str, ...]]:
    query = parse(typed, Catalogue())
    return query.filters, query.words


class TestConditions:
    @pytest.mark.parametrize(
        "typed",
        [
            "loại:chỉ thị chăm lo tết",
            'loai:"chi thi" chăm lo tết',
            "type:CHỈ THỊ chăm lo tết",
            "chăm lo loại:chỉ thị tết",
        ],
    )
    def test_take_as_many_words_as_the_name_has(self, typed: str) -> None:
        filters, words = read(typed)

        assert filters.of == {"type_id": frozenset([1])}
        assert words == ("cham", "lo", "tet")

    def test_take_the_longest_name(self) -> None:
        assert read("loại:báo cáo tháng năm")[0].of == {"type_id": frozenset([3])}
        assert read("loại:báo cáo năm:2026")[0].of == {"type_id": frozenset([2]), "year": frozenset([2026])}

    def test_of_one_kind_are_alternatives_and_of_two_hold_both(self) -> None:
        filters, words = read("loại:chỉ thị loại:báo cáo đơn vị:an hòa")

        assert filters.of == {"type_id": frozenset([1, 2]), "unit_id": frozenset([7])}
        assert words == ()

    def test_can_be_turned_round(self) -> None:
        filters, words = read("-loại:báo cáo lương -năm:2024")

        assert [other.of for other in filters.without] == [{"type_id": frozenset([2])}, {"year": frozenset([2024])}]
        assert (filters.of, words) == ({}, ("luong",))

    @pytest.mark.parametrize(
        ("typed", "unlike"),
        [
            ("-số:05", Filters(symbols=("5/",))),
            ("-số:05/CT-TLĐ", Filters(symbols=("5/ct-tld",))),
            ("-thẻ:mật", Filters(named=(("tag_words", ("mat",)),))),
            ('-cơ quan:"công an"', Filters(named=(("issuer_words", ("cong", "an")),))),
            ("-từ:1/3/2026", Filters(first_day=date(2026, 3, 1).toordinal(), last_day=None)),
        ],
    )
    def test_that_are_turned_round_want_nothing(self, typed: str, unlike: Filters) -> None:
        query = parse(f"lương {typed} số:7", Catalogue())

        assert query.filters == Filters(symbols=("7/",), without=(unlike,))
        assert (query.words, query.excluded) == (("luong",), ())

    def test_that_are_turned_round_take_all_the_words_of_a_name(self) -> None:
        query = parse("-cơ quan:công an kinh phí", Catalogue())

        assert query.filters.without == (Filters(named=(("issuer_words", ("cong", "an", "kinh", "phi")),)),)
        assert query.words == ()

    def test_that_are_turned_round_are_not_counted_without_end(self) -> None:
        typed = " ".join(f"-số:{number}" for number in range(1, 40))

        assert len(parse(typed).filters.without) == MOST_EXCLUDED

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("-loại:xyz", ("xyz",)), ('-loại:"hồ sơ cũ"', ("ho", "so", "cu")), ("-năm:26", ("26",)), ("-số:một", ("mot",)),
            ("-từ:32/1/2026", ("32", "1", "2026")), ('-đơn vị:"An Hòa cũ"', ("an", "hoa", "cu")),
        ],
    )  # fmt: skip
    def test_that_are_turned_round_and_say_nothing_shut_their_words_out(self, typed: str, words: Words) -> None:
        query = parse(f"lương {typed} thưởng", Catalogue())

        assert (query.filters, query.words) == (Filters(), ("luong", "thuong"))
        assert [phrase.folded for phrase in query.excluded] == [words]

    def test_that_are_turned_round_may_be_signs_alone(self) -> None:
        query = parse("lương -năm:!!!")

        assert (query.filters, query.words, query.excluded) == (Filters(), ("luong",), ())

    @pytest.mark.parametrize("typed", ["năm:2024-2026", 'year:"2024\u20132026"', "từ:2024 đến:2026"])
    def test_on_years_may_be_a_span(self, typed: str) -> None:
        first, last = date(2024, 1, 1).toordinal(), date(2026, 12, 31).toordinal()

        assert parse(typed).filters == Filters(first_day=first, last_day=last)
        assert not parse(typed).excluded

    def test_on_a_span_of_years_can_be_turned_round(self) -> None:
        assert parse("-năm:2024-2026").filters == Filters(without=(parse("năm:2024-2026").filters,))

    def test_in_quotation_marks_name_all_or_nothing(self) -> None:
        filters, words = read('loại:"báo cáo quý" lương')

        assert (filters, words) == (Filters(), ("loai", "luong"))
        assert parse('loại:"báo cáo quý"', Catalogue()).clauses[0].phrases[0].folded == ("bao", "cao", "quy")

    @pytest.mark.parametrize("typed", ["từ:1/3/2026 đến:5/2026", "from:2026-03-01 to:31.05.2026"])
    def test_on_dates_hold_from_the_first_day_to_the_last(self, typed: str) -> None:
        filters, _words = read(typed)

        assert filters.first_day == date(2026, 3, 1).toordinal()
        assert filters.last_day == date(2026, 5, 31).toordinal()

    @pytest.mark.parametrize(
        ("typed", "key"),
        [("số:05", "5/"), ("số:05/CT-TLĐ", "5/ct-tld"), ("number:12a", "12a/"), ("số:5/ct-tld", "5/ct-tld")],
    )
    def test_on_the_number_know_it_alone_and_with_its_symbol(self, typed: str, key: str) -> None:
        assert read(typed)[0].symbols == (key,)

    def test_on_issuers_and_tags_are_words_side_by_side(self) -> None:
        filters, words = read('cơ quan:"công an tỉnh" thẻ:lương họp')

        assert filters.named == (("issuer_words", ("cong", "an", "tinh")), ("tag_words", ("luong",)))
        assert words == ("hop",)

    def test_on_states_speak_both_languages(self) -> None:
        assert read("trạng thái:dự thảo")[0].of == read("state:draft")[0].of == {"state": frozenset(["DRAFT"])}

    @pytest.mark.parametrize(
        "typed",
        [
            "loại:xyz",
            "năm:26",
            "từ:32/1/2026",
            "đến:mai",
            "số:một",
            "năm:",
            "loại: chỉ thị",
            "hồ sơ: cũ",
            "năm:2026-2024",
            "http://x",
            ":",
            "a:b",
        ],
    )
    def test_that_say_nothing_are_text(self, typed: str) -> None:
        query = parse(typed, Catalogue())

        assert query.filters == Filters()

    def test_alone_list_what_they_allow(self) -> None:
        assert parse("năm:2026").is_empty
        assert not parse("!!!").is_empty


class TestOr:
    def test_stands_between_whole_alternatives(self) -> None:
        query = parse("báo cáo quý OR kế hoạch năm")

        assert [clause.words for clause in query.clauses] == [("bao", "cao", "quy"), ("ke", "hoach", "nam")]

    def test_is_known_in_vietnamese_and_is_a_word_in_small_letters(self) -> None:
        assert len(parse("lương HOẶC thưởng").clauses) == 2
        assert parse("hoặc or").words == ("hoac", "or")

    @pytest.mark.parametrize("typed", ['lương "OR" thưởng', 'lương "HOẶC" thưởng'])
    def test_in_quotation_marks_is_a_word(self, typed: str) -> None:
        (clause,) = parse(typed).clauses

        assert len(clause.words) == 3

    @pytest.mark.parametrize("typed", ["OR lương", "lương OR", "OR OR lương OR OR"])
    def test_without_a_side_is_no_error(self, typed: str) -> None:
        assert len(parse(typed).clauses) == 1

    def test_leaves_conditions_and_what_is_not_wanted_to_all(self) -> None:
        query = parse("lương năm:2026 OR thưởng -tết")

        assert [clause.words for clause in query.clauses] == [("luong",), ("thuong",)]
        assert query.filters.of == {"year": frozenset([2026])}
        assert [phrase.folded for phrase in query.excluded] == [("tet",)]

    def test_knows_symbols_on_each_side(self) -> None:
        clauses = parse("05/CT-TLĐ OR 142/KH-LĐLĐ").clauses

        assert [(clause.symbols, clause.is_symbol) for clause in clauses] == [
            (("5/ct-tld",), True),
            (("142/kh-ldld",), True),
        ]


class TestMinus:
    @pytest.mark.parametrize(
        "typed", ["năm:26-27", "năm:2025-quý", "thẻ:2024-2026", "báo-cáo", '"báo"-cáo', "loại:chỉ thị-tết", "(-cáo)"]
    )
    def test_inside_a_word_shuts_nothing_out(self, typed: str) -> None:
        query = parse(typed, Catalogue())

        assert (query.excluded, query.filters.without) == ((), ())

    @pytest.mark.parametrize("typed", ["lương -cáo", "-cáo lương", "lương\n-cáo", 'lương -"cáo"'])
    def test_at_the_beginning_of_one_does(self, typed: str) -> None:
        assert [phrase.folded for phrase in parse(typed).excluded] == [("cao",)]


class TestPrefix:
    def test_needs_three_letters(self) -> None:
        assert parse("công đoà*").clauses[0].prefixes == ("doa",)
        assert parse("cô*").clauses[0].words == ("co",)
        assert parse("*").clauses == ()


class TestParts:
    def test_show_the_query_back_piece_by_piece(self) -> None:
        query = parse('họp giao ban "chăm lo tết" -báo năm:2026 đoà* OR lương')

        assert [(part.kind, query.text[part.start : part.end]) for part in query.parts] == [
            ("words", "họp giao ban"), ("phrase", '"chăm lo tết"'), ("not", "-báo"), ("condition", "năm:2026"),
            ("prefix", "đoà*"), ("or", "OR"), ("words", "lương"),
        ]  # fmt: skip

    def test_can_each_be_taken_out(self) -> None:
        query = parse('họp loại:chỉ thị "chăm lo"', Catalogue())

        assert [query.without(part) for part in query.parts] == [
            'loại:chỉ thị "chăm lo"',
            'họp "chăm lo"',
            "họp loại:chỉ thị",
        ]

    @given(st.text(alphabet='aệ-:"*“ ORnămloạisố0526/', max_size=60))
    def test_never_overlap_whatever_is_typed(self, typed: str) -> None:
        query = parse(typed, Catalogue())

        places = [place for part in query.parts for place in (part.start, part.end)]
        assert places == sorted(places)
        assert all(part.end <= len(query.text) for part in query.parts)


class TestDaysOf:
    @pytest.mark.parametrize(
        "text", ["29/2/2025", "0/1/2026", "1/13/2026", "2026-02-30", "0000", "13/2026", "hôm nay", ""]
    )
    def test_nonsense_is_no_day(self, text: str) -> None:
        assert days_of(text) is None

    def test_a_month_ends_on_its_last_day(self) -> None:
        assert days_of("2/2028") == (date(2028, 2, 1), date(2028, 2, 29))
