"""The contract of a search engine: what is found, in which order, by whom."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import pytest

from search.backends.base import DEEPEST, ReaderTokens, SearchRequest
from search.parser import parse
from tests.search.conftest import EVERYBODY, ask, fill, found, op, reached

if TYPE_CHECKING:
    from search.backends.base import SearchBackend

DIRECTIVE = "Chỉ thị về đẩy mạnh xử lý văn bản và họp giao ban trên môi trường số"


class TestFinding:
    @pytest.mark.parametrize(
        "typed",
        [
            "đẩy mạnh xử lý văn bản", "day manh xu ly van ban", "ĐẨY MẠNH XỬ LÝ", "Đay manh xừ ly", "giao ban", "ban giao",
            unicodedata.normalize("NFD", "đẩy mạnh xử lý"), '"giao ban trên môi trường"', "moi truong so -cong dien",
        ],
    )  # fmt: skip
    def test_with_tones_or_without_composed_or_not(self, engine: SearchBackend, typed: str) -> None:
        fill(engine, op(1, body=DIRECTIVE), op(2, body="Công điện về ứng phó bão"))

        assert found(engine, typed) == [1]

    @pytest.mark.parametrize("written", ["hoà giải", "hòa giải", unicodedata.normalize("NFD", "hoà giải")])
    @pytest.mark.parametrize("typed", ["hoà giải", "hòa giải", "hoa giai"])
    def test_by_either_placement_of_the_tone(self, engine: SearchBackend, written: str, typed: str) -> None:
        fill(engine, op(1, body=written))

        assert found(engine, typed) == [1]

    def test_exact_before_folded(self, engine: SearchBackend) -> None:
        fill(engine, op(1, body="tim mạch"), op(2, body="tìm mạch"), op(3, body="tím mạch"))

        assert found(engine, "tìm mạch")[0] == 2
        assert found(engine, "tím mạch")[0] == 3

    def test_words_side_by_side_before_words_apart(self, engine: SearchBackend) -> None:
        fill(engine, op(1, body="ban hành văn kiện, in bản thảo"), op(2, body="xử lý văn bản"))

        assert found(engine, "văn bản") == [2, 1]

    def test_a_phrase_as_it_stands_or_not_at_all(self, engine: SearchBackend) -> None:
        fill(
            engine,
            op(1, body="họp giao ban tháng"),
            op(2, body="giao cho ban tổ chức họp"),
            op(3, title="Họp giao ban"),
        )

        assert sorted(found(engine, '"họp giao ban"')) == [1, 3]

    def test_without_what_is_not_wanted(self, engine: SearchBackend) -> None:
        fill(engine, op(1, body="giao ban tháng"), op(2, title="Giao ban", body="quý"), op(3, body="ban giao tài sản"))

        assert found(engine, "-giao-ban") == found(engine, '-"giao ban"') == [3]

    @pytest.mark.parametrize("typed", ["!!!", '"', "-", "??"])
    def test_signs_find_nothing(self, engine: SearchBackend, typed: str) -> None:
        fill(engine, op(1, body=DIRECTIVE))

        assert ask(engine, typed).total == 0

    @pytest.mark.parametrize(
        "typed",
        ["a", "x" * 10_000, "văn " * 3000, '"' * 99, "\x00", "văn\x00bản", "-" * 500, "* OR AND NOT ( [ { ~ ^ : \\", "\ud800",
            "05/" * 99],
    )  # fmt: skip
    def test_garbage_is_text(self, engine: SearchBackend, typed: str) -> None:
        fill(engine, op(1, body=DIRECTIVE))

        assert ask(engine, typed).total in {0, 1}

    def test_in_twenty_megabytes(self, engine: SearchBackend) -> None:
        fill(engine, op(1, body=f"{'x' * 500} " * 40_000 + "kim cương"), op(2, body="văn bản"))

        assert found(engine, '"kim cương"') == [1]


class TestSymbols:
    def papers(self, engine: SearchBackend) -> None:
        fill(
            engine,
            op(1, symbol="05/CT-TLĐ", title="về đẩy mạnh xử lý văn bản", body="Số: 05/CT-TLĐ"),
            op(2, symbol="142/KH-LĐLĐ", title="Thực hiện Chỉ thị số 05/CT-TLĐ", body="Chỉ thị số 05/CT-TLĐ " * 30),
            op(3, symbol="151/CT-TLĐ", title="Chỉ thị khác", body="ngày 05 tháng 9, TLĐ, CT"),
            op(4, symbol="5/CT-LĐLĐ", title="Chỉ thị của tỉnh"),
        )

    @pytest.mark.parametrize("typed", ["05/CT-TLĐ", "05 ct tld", "5/ct-tlđ", "ct 05 tld", "05 CT TLD"])
    def test_own_before_named_and_nothing_else(self, engine: SearchBackend, typed: str) -> None:
        self.papers(engine)

        page = ask(engine, typed)

        assert [hit.doc_id for hit in page.hits] == [1, 2]
        assert page.total == 2

    @pytest.mark.parametrize("typed", ["chỉ thị 05/CT-TLĐ", "chi thi so 05 ct tld", "thực hiện chỉ thị 05/CT-TLĐ"])
    def test_own_first_among_words_too(self, engine: SearchBackend, typed: str) -> None:
        self.papers(engine)

        assert found(engine, typed)[0] == 1

    def test_15_is_not_151(self, engine: SearchBackend) -> None:
        fill(engine, op(1, symbol="15/QĐ-TLĐ"), op(2, symbol="151/QĐ-TLĐ"))

        assert found(engine, "15 qd tld") == [1]

    def test_handwritten_on_the_paper_are_found_by_what_the_clerk_confirmed(self, engine: SearchBackend) -> None:
        fill(engine, op(1, symbol="05/CT-TLĐ", body="Số:     /CT-TLĐ"))

        assert found(engine, "05/CT-TLĐ") == found(engine, "chỉ thị 05/CT-TLĐ") == [1]

    @pytest.mark.parametrize("printed", ["5", "05", "005"])
    @pytest.mark.parametrize("typed", ["5/ct-tld", "05/ct-tld"])
    def test_are_named_with_leading_zeros_or_without(self, engine: SearchBackend, printed: str, typed: str) -> None:
        fill(engine, op(1, body=f"theo Chỉ thị số {printed}/CT-TLĐ"))

        assert found(engine, typed) == [1]


class TestRights:
    def test_no_tokens_find_nothing(self, engine: SearchBackend) -> None:
        fill(engine, op(1, body=DIRECTIVE))

        assert engine.search(SearchRequest(parse("văn bản")), ReaderTokens(frozenset())).total == 0
        assert engine.search(SearchRequest(parse("")), ReaderTokens(frozenset())).total == 0

    def test_there_is_no_way_around_them(self, engine: SearchBackend) -> None:
        with pytest.raises(TypeError):
            engine.search(SearchRequest(parse("văn bản")), frozenset({EVERYBODY}))  # type: ignore[arg-type]

    def test_total_and_hits_are_those_of_the_tokens(self, engine: SearchBackend) -> None:
        fill(engine, *(op(pk, body=DIRECTIVE, tokens=[f"post:{pk % 3}"]) for pk in range(1, 31)))

        page = ask(engine, "văn bản", "post:1", "user:9", limit=5)

        assert page.total == 10
        assert all(hit.doc_id % 3 == 1 for hit in page.hits)
        assert ask(engine, "", "post:2").total == 10

    @pytest.mark.parametrize("token", ["unit:1", "unit:1@", "unit:1@1", "unit:11@0", "Unit:1@0", "unit:1@0 ", ""])
    def test_a_token_is_itself_and_nothing_like_it(self, engine: SearchBackend, token: str) -> None:
        fill(engine, op(1, body=DIRECTIVE))

        assert ask(engine, "văn bản", token).total == 0

    def test_hidden_papers_do_not_count(self, engine: SearchBackend) -> None:
        fill(engine, op(1, body=DIRECTIVE), op(2, body=DIRECTIVE))

        page = ask(engine, "văn bản", hidden=frozenset({2}))

        assert (page.total, [hit.doc_id for hit in page.hits]) == (1, [1])

    def test_the_checkpoint_is_nobodys_paper(self, engine: SearchBackend) -> None:
        fill(engine, op(1, tokens=[]), upto=7)

        assert ask(engine, "").total == 0
        assert reached(engine) == engine.served() == 7


class TestFilters:
    def test_by_type_unit_and_year(self, engine: SearchBackend) -> None:
        fill(
            engine,
            *(op(pk, body=DIRECTIVE, type_id=pk % 2, unit_id=pk % 3 + 1, year=2024 + pk % 5) for pk in range(1, 31)),
        )

        wanted = {pk for pk in range(1, 31) if pk % 2 == 1 and pk % 3 == 1 and pk % 5 == 0}
        page = ask(engine, "văn bản", of={"type_id": 1, "unit_id": 2, "year": 2024})

        assert {hit.doc_id for hit in page.hits} == wanted
        assert page.total == len(wanted)

    def test_nothing_is_of_year_zero(self, engine: SearchBackend) -> None:
        fill(engine, op(1, body=DIRECTIVE, year=None))

        assert ask(engine, "văn bản", of={"year": 2026}).total == 0


class TestOrder:
    def test_by_date_has_no_score_and_ends_in_the_id(self, engine: SearchBackend) -> None:
        days = {1: 500, 2: 700, 3: 700, 4: 0, 5: 600}
        fill(engine, *(op(pk, body=DIRECTIVE, day=day) for pk, day in days.items()))

        page = ask(engine, "văn bản", sort="date")

        assert [hit.doc_id for hit in page.hits] == [3, 2, 5, 1, 4]
        assert {hit.score for hit in page.hits} == {None}
        assert [hit.doc_id for hit in ask(engine, "").hits] == [3, 2, 5, 1, 4]

    @pytest.mark.parametrize("sort", ["relevance", "date"])
    def test_is_total_so_pages_show_nothing_twice_and_leave_nothing_out(self, engine: SearchBackend, sort: Any) -> None:
        numbers = [pk * 53 % 121 for pk in range(1, 121)]  # in disorder
        for start in range(0, 120, 30):  # several segments, each with papers of equal score
            fill(engine, *(op(pk, body=DIRECTIVE, day=1 + pk // 40) for pk in numbers[start : start + 30]))

        pages = [found(engine, "văn bản", sort=sort, offset=start, limit=7) for start in range(0, 120, 7)]

        assert [pk for page in pages for pk in page] == sorted(numbers, key=lambda pk: (-(pk // 40), -pk))

    @pytest.mark.parametrize("sort", ["relevance", "date"])
    def test_a_page_beyond_all_is_empty_and_costs_nothing(self, engine: SearchBackend, sort: Any) -> None:
        """The engine reserves room for offset and limit at once: for page 999999999 it would end the process."""
        fill(engine, op(1, body=DIRECTIVE))

        page = ask(engine, "văn bản", sort=sort, offset=20 * 10**9, limit=20)

        assert (page.total, page.hits) == (1, [])

    @pytest.mark.parametrize("limit", [0, 1, DEEPEST, 10**12])
    def test_any_limit_is_a_limit(self, engine: SearchBackend, limit: int) -> None:
        fill(engine, op(1, body=DIRECTIVE), op(2, body=DIRECTIVE))

        page = ask(engine, "văn bản", limit=limit)

        assert (page.total, len(page.hits)) == (2, min(2, limit))
