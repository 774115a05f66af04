"""What a query is worth, word for word and pair for pair."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from search.backends.base import bonds_of
from search.parser import parse
from search.query import Clause, Spelling
from search.shape import Bool, Boosted, Term, words_of
from search.weights import BIGRAM, EXACT, EXACT_IN_LONG

if TYPE_CHECKING:
    from search.query import Query

LONG = "gia đình đoàn viên ở vùng bão có nhà bị tốc mái thì được công đoàn hỗ trợ bao nhiêu tiền và cần giấy tờ nào"


def worth(query: Query, field: str) -> dict[str, float]:
    """Of each term of a field that raises a rank, what it is worth."""
    shape = words_of(query, is_exact=False)
    assert isinstance(shape, Bool)
    found: dict[str, float] = {}
    for node in shape.should:
        if isinstance(node, Boosted) and isinstance(node.node, Term) and node.node.field == field:
            found[str(node.node.value)] = node.factor
    return found


class TestPairs:
    def test_are_worth_less_the_more_loosely_they_belong_together(self) -> None:
        query = parse("cấm hội nghị")
        bonds = {"cam_hoi": 0.05, "hoi_nghi": 1.0}
        bound = replace(query, clauses=(replace(query.clauses[0], bonds=bonds),))

        weights = worth(bound, "body_bigrams")

        assert weights["hoi_nghi"] == BIGRAM
        assert 0.4 * BIGRAM < weights["cam_hoi"] < 0.7 * BIGRAM

    def test_of_which_nothing_is_known_count_in_full(self) -> None:
        assert worth(parse("cấm hội nghị"), "body_bigrams") == {"cam_hoi": BIGRAM, "hoi_nghi": BIGRAM}


class TestBonds:
    @pytest.mark.parametrize(
        ("both", "first", "second", "bond"),
        [(20, 5000, 9000, 0.004), (3, 3, 9, 1.0), (2, 3, 9, 0.67), (0, 4, 4, 0.0), (0, 0, 4, 0.0)],
    )
    def test_are_shares_of_the_rarer_one_to_two_digits(self, both: int, first: int, second: int, bond: float) -> None:
        holders = {("body_bigrams", "hai_yen"): both, ("body", "hai"): first, ("body", "yen"): second}

        assert bonds_of([("hai", "yen")], lambda field, term: holders[field, term]) == {"hai_yen": bond}


class TestNeighbours:
    def test_are_those_that_other_spellings_would_have_too(self) -> None:
        clause = Clause(
            words=("bao", "cao", "ldld", "tinh"), spellings=(Spelling(2, 3, ("lien", "doan"), is_sure=True),)
        )

        assert clause.neighbours == [
            ("bao", "cao"), ("cao", "ldld"), ("ldld", "tinh"), ("cao", "lien"), ("lien", "doan"), ("doan", "tinh"),
        ]  # fmt: skip


class TestWords:
    @pytest.mark.parametrize(("text", "wanted"), [("hồ sơ cấm", EXACT), (LONG, EXACT_IN_LONG)])
    def test_count_in_a_few_more_than_in_a_question(self, text: str, wanted: float) -> None:
        assert set(worth(parse(text), "body_exact").values()) == {wanted}

    def test_are_worth_less_and_less_in_between(self) -> None:
        words = LONG.split()

        steps = [max(worth(parse(" ".join(words[:size])), "body_exact").values()) for size in range(10, 23)]

        assert steps == sorted(steps, reverse=True)
        assert len(set(steps)) > 2
