"""What one asks beside hits: facets, completion, words that are known, likeness, everything at once; all within the rights."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from search.analysis import bigrams, folded_words
from search.backends.base import FACETS, Filters, Likeness, ReaderTokens, SearchRequest
from search.backends.prepared import digest_of
from search.parser import parse
from tests.search.conftest import EVERYBODY, ask, fill, op

if TYPE_CHECKING:
    from search.backends.base import Op, SearchBackend

ALL = ReaderTokens(frozenset([EVERYBODY]))
OTHERS = ReaderTokens(frozenset(["post:9"]))
NOBODY = ReaderTokens(frozenset())
TEXT = "xử lý văn bản"


def papers() -> list[Op]:
    """Ten papers for everybody, and five that only post 9 sees and that would show in every count."""
    seen = [
        op(
            pk, title=f"Kế hoạch {pk}", body=TEXT, symbol=f"{pk}/KH-LĐLĐ", type_id=pk % 2 + 1, year=2024 + pk % 3, day=1000 + pk,
            issuer="Liên đoàn Lao động tỉnh An Hòa" if pk % 2 else "Công đoàn Ngành", tags=["số hóa"] if pk < 4 else [],
        )
        for pk in range(1, 11)
    ]  # fmt: skip
    hidden = [
        op(
            pk, title="Kế hoạch kim cương", body=f"{TEXT} kim cương", symbol=f"{pk}/MẬT", type_id=7, unit_id=7, year=2020, day=9000,
            issuer="Ban kín", tags=["mật"], state="DRAFT", tokens=["post:9"],
        )
        for pk in range(21, 26)
    ]  # fmt: skip
    return [*seen, *hidden]


class TestFacets:
    def test_count_values_of_what_is_found(self, engine: SearchBackend) -> None:
        fill(engine, *papers())

        page = ask(engine, "văn bản", facets=FACETS)

        assert page.facets == {
            "type_id": [(1, 5), (2, 5)],
            "unit_id": [(1, 10)],
            "year": [(2025, 4), (2024, 3), (2026, 3)],
            "issuer": [("Công đoàn Ngành", 5), ("Liên đoàn Lao động tỉnh An Hòa", 5)],
            "tag": [("số hóa", 3)],
            "state": [("IN_FORCE", 10)],
        }

    def test_of_a_choice_are_counted_without_it_and_the_others_with_it(self, engine: SearchBackend) -> None:
        fill(engine, *papers())

        page = ask(engine, "văn bản", of={"type_id": 1, "year": 2024}, facets=("type_id", "year", "unit_id"))

        assert page.facets == {
            "type_id": [(2, 2), (1, 1)],
            "year": [(2025, 2), (2026, 2), (2024, 1)],
            "unit_id": [(1, 1)],
        }
        assert page.total == 1

    def test_that_nobody_asked_for_are_not_there(self, engine: SearchBackend) -> None:
        fill(engine, *papers())

        assert ask(engine, "văn bản").facets == {}
        assert ask(engine, "văn bản", facets=("tag",)).facets == {"tag": [("số hóa", 3)]}

    @pytest.mark.parametrize("typed", ["", "-hội", "năm:2024"])
    def test_without_words_count_all_papers(self, engine: SearchBackend, typed: str) -> None:
        fill(engine, *papers())

        page = ask(engine, typed, facets=("unit_id",))

        assert page.facets["unit_id"] == [(1, 3 if "2024" in typed else 10)]


class TestFilters:
    @pytest.mark.parametrize(
        ("filters", "wanted"),
        [
            (Filters(first_day=1004), {4, 5, 6, 7, 8, 9, 10}),
            (Filters(last_day=1002), {1, 2}),
            (Filters(first_day=1003, last_day=1005), {3, 4, 5}),
            (Filters(without=(Filters(of={"year": frozenset([2024])}), Filters(of={"year": frozenset([2025])}))), {2, 5, 8}),
            (Filters(without=(Filters(first_day=1003, last_day=1009), Filters(symbols=("1/kh-ldld",)))), {2, 10}),
            (Filters(without=(Filters(named=(("tag_words", ("hoa",)),)),)), {4, 5, 6, 7, 8, 9, 10}),
            (Filters(symbols=("5/kh-ldld",)), {5}),
            (Filters(named=(("issuer_words", ("lao", "dong")),)), {1, 3, 5, 7, 9}),
            (Filters(named=(("issuer_words", ("dong", "lao")),)), set()),
            (Filters(named=(("tag_words", ("hoa",)),)), {1, 2, 3}),
            (Filters(of={"tag": frozenset(["số hóa"]), "type_id": frozenset([2])}), {1, 3}),
            (Filters(of={"type_id": frozenset([1, 2])}), set(range(1, 11))),
            (Filters(of={"type_id": frozenset()}), set()),
            (Filters(of={"type_id": frozenset([10**9])}), set()),
            (Filters(only=frozenset([2, 3, 21, 99])), {2, 3}),
            (Filters(only=frozenset()), set()),
            (Filters(hidden=frozenset(range(3, 100_000))), {1, 2}),
        ],
    )  # fmt: skip
    def test_let_through_what_fits(self, engine: SearchBackend, filters: Filters, wanted: set[int]) -> None:
        fill(engine, *papers())

        for typed in ("văn bản", ""):
            page = engine.search(SearchRequest(parse(typed), filters), ALL)

            assert ({hit.doc_id for hit in page.hits}, page.total) == (wanted, len(wanted))

    def test_do_not_let_papers_without_a_date_through(self, engine: SearchBackend) -> None:
        fill(engine, op(1, body=TEXT, day=0), op(2, body=TEXT, day=5))

        page = engine.search(SearchRequest(parse(TEXT), Filters(last_day=9)), ALL)

        assert [hit.doc_id for hit in page.hits] == [2]


class TestSuggest:
    @pytest.mark.parametrize(
        ("words", "prefix", "wanted"),
        [
            ((), "ke", [10, 9, 8]),
            (("ke",), "hoa", [10, 9, 8]),
            (("ke", "hoach"), "3", [3]),
            ((), "kh", [10, 9, 8]),
            (("kim",), "cu", []),
            ((), "mat", []),
            ((), "", []),
            (("ke",), ".*", []),
        ],
    )
    def test_names_the_newest_that_the_searcher_may_see(
        self, engine: SearchBackend, words: tuple[str, ...], prefix: str, wanted: list[int]
    ) -> None:
        fill(engine, *papers())

        assert engine.suggest(words, prefix, ALL, 3) == wanted

    def test_begins_from_numbers_without_their_zeros(self, engine: SearchBackend) -> None:
        fill(engine, op(1, symbol="05/CT-TLĐ", title="Chỉ thị"))

        assert engine.suggest(("5",), "ct", ALL, 5) == [1]


class TestWords:
    def test_that_some_paper_of_the_searcher_holds_are_known(self, engine: SearchBackend) -> None:
        fill(engine, *papers())

        assert engine.known(["ke", "van", "kim", "quyeets"], ALL) == {"ke", "van"}
        assert engine.known(["kim"], OTHERS) == {"kim"}
        assert engine.known([], ALL) == set()

    def test_side_by_side_are_counted_within_the_rights(self, engine: SearchBackend) -> None:
        fill(engine, *papers())

        assert engine.counts(["van_ban", "ke_hoach", "kim_cuong", "a_b"], ALL) == [10, 10, 0, 0]
        assert engine.counts(["kim_cuong"], OTHERS) == [5]
        assert engine.counts([], ALL) == []

    def test_belong_together_as_far_as_the_rarer_one_stands_beside_the_other(self, engine: SearchBackend) -> None:
        texts = ["kinh phí", "kinh phí", "kinh tế", "phí trước kinh"]
        fill(engine, *(op(pk, body=text) for pk, text in enumerate(texts, 1)))
        pairs = [("kinh", "phi"), ("kinh", "te"), ("te", "phi"), ("kinh", "cuong")]

        assert engine.bonds(pairs, ALL) == {"kinh_phi": 0.67, "kinh_te": 1.0, "te_phi": 0.0, "kinh_cuong": 0.0}
        assert engine.bonds([], ALL) == {}


class TestLikeness:
    def test_is_what_papers_share_and_what_that_is_worth(self, engine: SearchBackend) -> None:
        fill(
            engine, op(1, body="quét và đặt tên tệp"), op(2, body="đặt tên tệp"), op(3, body="họp giao ban"),
            op(4, body="quét và đặt tên tệp", tokens=["post:9"]),
        )  # fmt: skip
        weights = tuple(
            (pair, float(place)) for place, pair in enumerate(bigrams(folded_words("quét và đặt tên tệp")), 1)
        )
        like = Likeness(weights, must_match=2)
        request = SearchRequest(parse(""), like=like)

        page = engine.search(request, ALL)
        others = engine.search(replace(request, filters=Filters(hidden=frozenset([1]))), ALL)

        assert [hit.doc_id for hit in page.hits] == [1, 2]
        assert [hit.score for hit in page.hits] == pytest.approx([10, 7])
        assert ([hit.doc_id for hit in others.hits], others.total) == ([2], 1)


class TestScroll:
    def test_goes_through_all_in_order_whatever_the_page(self, engine: SearchBackend) -> None:
        fill(
            engine,
            *(op(pk, body=TEXT, day=pk * 7 % 1301) for pk in range(1, 1301)),
            op(9999, body=TEXT, tokens=["post:9"]),
        )
        newest = sorted(range(1, 1301), key=lambda pk: (-(pk * 7 % 1301), -pk))

        for sort, wanted in (("date", newest), ("oldest", newest[::-1]), ("relevance", newest)):
            request = SearchRequest(parse("văn bản"), sort=sort, offset=50, limit=1)  # type: ignore[arg-type]
            assert list(engine.scroll(request, ALL)) == wanted

    def test_may_be_left_in_the_middle(self, engine: SearchBackend) -> None:
        fill(engine, *papers())

        assert next(iter(engine.scroll(SearchRequest(parse("")), ALL))) == 10


class TestExact:
    def test_takes_tones_at_their_word(self, engine: SearchBackend) -> None:
        fill(engine, op(1, body="tim mạch"), op(2, body="tìm mạch"), op(3, body="tím mạch"))

        assert [hit.doc_id for hit in ask(engine, "tìm mạch", is_exact=True).hits] == [2]
        assert [hit.doc_id for hit in ask(engine, '"tìm mạch"', is_exact=True).hits] == [2]


class TestNothing:
    """Without tokens there is nothing, whatever is asked, and no way around them."""

    def calls(self, engine: SearchBackend, readers: Any) -> list[Any]:
        request = SearchRequest(parse("văn bản"), facets=FACETS)
        like = SearchRequest(parse(""), like=Likeness((("van_ban", 1.0),), 1))
        return [
            lambda: engine.search(request, readers).hits,
            lambda: engine.search(like, readers).hits,
            lambda: list(engine.search(request, readers).facets.values()),
            lambda: list(engine.scroll(request, readers)),
            lambda: engine.suggest(("ke",), "ho", readers, 5),
            lambda: list(engine.known(["ke"], readers)),
            lambda: [count for count in engine.counts(["van_ban"], readers) if count],
            lambda: list(engine.bonds([("van", "ban")], readers)),
        ]

    def test_is_there_for_nobody(self, engine: SearchBackend) -> None:
        fill(engine, *papers())

        assert [call() for call in self.calls(engine, NOBODY)] == [[]] * 8

    def test_comes_by_another_kind_of_tokens(self, engine: SearchBackend) -> None:
        fill(engine, *papers())

        for call in self.calls(engine, frozenset([EVERYBODY])):
            with pytest.raises(TypeError):
                call()


class TestLookingAfter:
    def test_digests_are_those_of_what_is_served(self, engine: SearchBackend) -> None:
        ops = papers()
        fill(engine, *ops)

        found = engine.digests(3, 22)

        assert found == {one.doc_id: digest_of(one.fields or {}) for one in ops if 3 <= one.doc_id <= 22}

    def test_health_says_how_much_there_is(self, engine: SearchBackend) -> None:
        fill(engine, *papers(), replace(op(30), fields=None))
        engine.begin_rebuild()

        health = engine.health()

        assert (health.engine, health.documents, health.is_rebuilding) == (engine.name, 15, True)
        assert health.size > 0
        assert health.version
        assert health.generation

    def test_a_score_is_explained(self, engine: SearchBackend) -> None:
        fill(engine, *papers())

        assert "idf" in engine.explain(SearchRequest(parse("văn bản")), ALL, 3)
