"""A scratch index beside the office: the given papers through the office's own analysis, parser, query shape and engine."""

from __future__ import annotations

import time
import uuid
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from django.conf import settings

from bench.promoting import promoted
from core.symbols import normal_symbol
from core.vietnamese import clean
from search.abbreviations import USUAL
from search.backends.base import BackendUnavailable, Checkpoint, Op, ReaderTokens, SearchRequest
from search.backends.elastic import ElasticBackend
from search.backends.embedded import EmbeddedBackend
from search.backends.place import Place
from search.parser import parse
from search.resolve import resolved, weighed
from tests.elastic_fixtures import forget
from tests.elastic_server import started

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bench.relevance.papers import Need, Paper
    from search.backends.base import SearchBackend

BATCH, DEPTH, TRIES = 5000, 50, 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What a need was answered with, and how long it took."""

    hits: list[int]
    ms: float


@contextmanager
def scratch_backend(name: str) -> Iterator[SearchBackend]:
    """An empty index of an engine, by its name, beside the office's; it goes when the bench ends."""
    if name == "tantivy":
        with TemporaryDirectory(prefix="vanthu-bench-") as folder:
            yield EmbeddedBackend(Path(folder) / "index")
    else:
        with ExitStack() as stack:
            urls = settings.SEARCH_URL or stack.enter_context(started())
            engine = ElasticBackend(Place(tuple(urls), prefix=f"bench-{uuid.uuid4().hex[:12]}", replicas=0))
            stack.callback(forget, engine)
            yield engine


class Scratch:
    """
    The papers in an index.

    Papers are numbered anew, since a file may number them as it likes; tokens are kept to tell leaks by.
    """

    def __init__(self, engine: SearchBackend) -> None:
        self.engine = engine
        self.numbers: list[int] = [0]
        self.tokens: list[frozenset[str]] = [frozenset()]
        self.types: dict[str, int] = {}
        self.units: dict[str, int] = {}

    def fill(self, papers: Iterable[Paper]) -> None:
        """Take all papers in, some thousands in each commit, and let them be found."""
        self.engine.begin_rebuild()
        generation = self.engine.generations()[-1]
        rest = iter(papers)
        while batch := list(islice(rest, BATCH)):
            generation.apply(map(self._op, batch), Checkpoint(1, len(self.numbers)))
        generation.apply([], Checkpoint(1, None))
        promoted(self.engine)
        self.engine.refresh()

    def _op(self, paper: Paper) -> Op:
        self.numbers.append(paper.id)
        self.tokens.append(frozenset(paper.tokens))
        return Op(len(self.numbers) - 1, 1, self._fields(paper))

    def _fields(self, paper: Paper) -> dict[str, Any]:
        """What the feed would hand over of such a paper."""
        day = date.fromisoformat(paper.date) if paper.date else None
        return {
            "symbol": clean(paper.symbol), "symbol_norm": normal_symbol(paper.symbol) or "",
            "type_id": self._numbered(self.types, paper.type), "type_name": paper.type,
            "unit_id": self._numbered(self.units, paper.unit), "unit_name": paper.unit, "issuer": paper.unit,
            "state": "IN_FORCE", "tags": [],
            "year": day.year if day else None, "date": paper.date, "day": day.toordinal() if day else 0,
            "title": clean(paper.title), "body": clean(paper.body), "tokens": paper.tokens, "is_confirmed": True,
        }  # fmt: skip

    @staticmethod
    def _numbered(known: dict[str, int], name: str) -> int | None:
        return known.setdefault(name, len(known) + 1) if name else None

    def answer(self, need: Need) -> Answer:
        """The first fifty hits, from what was typed."""
        readers = ReaderTokens(frozenset(need.tokens))
        for tries_left in reversed(range(TRIES)):
            begun = time.perf_counter()
            try:
                query = weighed(resolved(parse(need.text), self.engine, readers, USUAL), self.engine, readers)
                page = self.engine.search(SearchRequest(query, limit=DEPTH), readers)
                break
            except BackendUnavailable:  # a server that others keep busy: what it finds is judged, not that it waits
                if not tries_left:
                    raise
                time.sleep(1)
        ms = (time.perf_counter() - begun) * 1000
        return Answer([self.numbers[hit.doc_id] for hit in page.hits], ms)

    def leaks(self, need: Need, hits: Iterable[int]) -> int:
        """Hits that the asker may not see."""
        known = self._tokens_by_paper()
        return sum(known[pk].isdisjoint(need.tokens) for pk in hits)

    def _tokens_by_paper(self) -> dict[int, frozenset[str]]:
        if not hasattr(self, "_by_paper"):
            self._by_paper = dict(zip(self.numbers[1:], self.tokens[1:], strict=True))
        return self._by_paper
