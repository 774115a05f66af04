"""The bench of search's ratios: its papers, and that each measure sees what it is for."""

from __future__ import annotations

from functools import partial
from itertools import islice
from pathlib import Path

import pytest

from bench.searching.asking import Stopwatch, ask, commit_to_visible, endpoint_over_engine, writer_beside
from bench.searching.building import Filling
from bench.searching.corpus import Corpus, typical_queries
from search.backends.base import ReaderTokens, SearchRequest
from search.backends.embedded import EmbeddedBackend
from search.parser import parse

OWN = ["unit:1@0", "post:7"]
COUNT = 40


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus(COUNT, OWN)


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedBackend:
    return EmbeddedBackend(tmp_path / "index")


class TestCorpus:
    def test_is_the_same_each_time(self, corpus: Corpus) -> None:
        assert list(Corpus(3, OWN)) == list(Corpus(3, OWN))

    def test_has_papers_of_three_hundred_words_some_of_which_one_may_read(self, corpus: Corpus) -> None:
        papers = [fields for _pk, fields in Corpus(COUNT, OWN)]

        assert all(290 <= len(fields["body"].split()) <= 400 for fields in papers)
        assert 0 < sum(bool(set(OWN) & set(fields["tokens"])) for fields in papers) < COUNT


class TestMeasures:
    def test_both_sides_of_indexing_take_the_same_papers(self, engine: EmbeddedBackend, corpus: Corpus) -> None:
        filling = Filling.into(engine)

        filling.take(islice(corpus, 10))

        assert engine.health().documents == 10
        assert filling.facts["R4"] > 0

    def test_questions_of_every_kind_find_something(self, engine: EmbeddedBackend, corpus: Corpus) -> None:
        Filling.into(engine).take(corpus)

        asked = ask(engine, typical_queries(corpus, 16), OWN)

        assert len(asked.all.wall) == 16
        assert all(matches > 0 for matches in asked.matches.values())

    def test_the_engine_is_a_part_of_the_page(self, engine: EmbeddedBackend, corpus: Corpus) -> None:
        Filling.into(engine).take(corpus)
        request, readers = SearchRequest(parse("công đoàn")), ReaderTokens(frozenset(OWN))

        found = endpoint_over_engine(
            Stopwatch(engine), {"one": ["a"] * 5}, lambda _text: [engine.search(request, readers) for _turn in range(3)]
        )

        assert found["R1"] >= 1
        assert found["page_engine"]["p50_ms"] > 0

    def test_another_process_sees_what_was_committed(self, engine: EmbeddedBackend, corpus: Corpus) -> None:
        Filling.into(engine).take(islice(corpus, 5))
        opened = partial(EmbeddedBackend, engine.root)

        taken = commit_to_visible(engine, opened, COUNT + 1, rounds=2)

        assert len(taken) == 2

    def test_searches_are_answered_beside_a_writer(self, engine: EmbeddedBackend, corpus: Corpus) -> None:
        papers = dict(islice(corpus, 5))
        Filling.into(engine).take(papers.items())

        with writer_beside(partial(EmbeddedBackend, engine.root), papers):
            asked = ask(engine, {"one word": ["công"] * 3}, OWN)

        assert len(asked.all.wall) == 3
