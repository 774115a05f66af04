"""
The ratios of search (search design, 9): `bin/bench search --docs 100000 --backend tantivy|elastic --json [--without-page]`.

An office with all papers in its database, an index filled as the feed fills it, and a person with some twenty keys who searches by
the page. Both sides of a ratio are measured in this one run. With --without-page the papers go into the index alone, so that there
may be a million; R1 and R2 are left out then. R9 fills an embedded index beside the cluster's.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import uuid
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from audit import feed  # noqa: E402
from bench.promoting import looked_after  # noqa: E402
from bench.relevance.metrics import percentile  # noqa: E402
from bench.relevance.scratch import scratch_backend  # noqa: E402
from bench.searching.asking import (  # noqa: E402
    THREE,
    Stopwatch,
    ask,
    commit_to_visible,
    endpoint_over_engine,
    page_over_raw,
    writer_beside,
)
from bench.searching.building import Filling  # noqa: E402
from bench.searching.clocks import machine  # noqa: E402
from bench.searching.corpus import Corpus, typical_queries  # noqa: E402
from bench.searching.office import Searcher, Shelves, make_searcher  # noqa: E402
from core import clock  # noqa: E402
from search.backends.elastic import ElasticBackend  # noqa: E402
from search.engine import backend, choose, chosen, open_engine, place_of  # noqa: E402
from search.services import search_documents  # noqa: E402
from tests.elastic_fixtures import forget  # noqa: E402
from tests.elastic_server import started  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from search.backends.base import SearchBackend

KEYS = (20, 200)
WRITTEN = 200
OWN = [f"unit:{number}@0" for number in range(1, KEYS[0] + 1)]
FEW = [f"unit:{number}@0" for number in range(1000, 1180)]


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--docs", type=int, default=100_000)
    parser.add_argument("--backend", choices=("tantivy", "elastic"), default="tantivy")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--without-page", action="store_true", help="the engine alone: no office, no R1 and R2")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    return parser.parse_args()


class Run:
    """One run, told on stderr as it goes."""

    def __init__(self, given: argparse.Namespace, engine: SearchBackend, searcher: Searcher | None) -> None:
        self.given, self.engine, self.searcher = given, engine, searcher
        self.tokens = searcher.tokens if searcher else tuple(OWN)
        self.corpus = Corpus(given.docs, self.tokens)
        self.queries = typical_queries(self.corpus, given.queries)
        self.opened: Callable[[], SearchBackend] = partial(open_engine, place_of(chosen()))
        self.report: dict[str, Any] = {"backend": engine.name, "documents": given.docs, "keys": len(self.tokens)}

    def measure(self) -> dict[str, Any]:
        self.fill()
        self.say("more papers, more keys", **self.growth())
        self.say("beside a writer", **self.contention())
        if self.searcher:
            self.say("the page", **self.page(self.searcher))
        self.say("machine", **machine(), engine_version=self.engine.health().version)
        return self.report

    def say(self, what: str, **facts: Any) -> None:
        print(f"{what}: {json.dumps(facts, ensure_ascii=False)}", file=sys.stderr)
        self.report |= facts

    def fill(self) -> None:
        """A tenth first, to be searched alone; then the rest on top."""
        papers = iter(Shelves(self.searcher).keep(self.corpus) if self.searcher else self.corpus)
        filling = Filling.into(self.engine, feed.head() if self.searcher else 1)
        filling.take(islice(papers, self.given.docs // 10))
        self.few = ask(self.engine, self.queries, self.tokens)
        filling.take(papers)
        filled = self.engine.health().size
        looked_after(self.engine)
        size = self.engine.health().size
        self.say(
            "filled", indexing=filling.facts, R4=filling.facts.get("R4"),
            R3=round(size / self.corpus.bytes, 3), R3_filled=round(filled / self.corpus.bytes, 3),
        )  # fmt: skip

    def growth(self) -> dict[str, Any]:
        """R7, R8."""
        many = ask(self.engine, self.queries, self.tokens)
        wide = ask(self.engine, self.queries, [*self.tokens, *FEW][: KEYS[1]])
        self.idle = many
        return {
            "engine": many.facts, "p95_ms": round(many.all.p95, 2), "R7": round(many.all.p95 / self.few.all.p95, 2),
            "R8": round(wide.all.p95 / many.all.p95, 2), "spread_percent": self.spread(),
        }  # fmt: skip

    def spread(self) -> float:
        """How far the median strays between runs of the same: beyond 20 the machine was too busy to believe."""
        medians = [ask(self.engine, {"six words": self.queries["six words"]}, self.tokens).all.p50 for _run in range(3)]
        return round(100 * (max(medians) - min(medians)) / percentile(medians, 0.5), 1)

    def contention(self) -> dict[str, Any]:
        """R5, R6."""
        seen = commit_to_visible(self.engine, self.opened, self.given.docs + 1)
        papers = dict(islice(iter(Corpus(WRITTEN, self.tokens)), WRITTEN))
        idle = ask(self.engine, self.queries, self.tokens)
        with writer_beside(self.opened, papers):
            time.sleep(1)
            busy = ask(self.engine, self.queries, self.tokens)
        return {
            "R5_ms": {"p50": round(percentile(seen, 0.5), 1), "p95": round(percentile(seen, 0.95), 1)},
            "R6": round(busy.all.p95 / idle.all.p95, 2),
        }  # fmt: skip

    def page(self, searcher: Searcher) -> dict[str, Any]:
        """R1, R2."""
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(searcher.person)

        def visit(text: str) -> None:
            assert client.get(reverse("search:page"), {"q": text}).status_code == 200

        def ten(text: str) -> None:
            search_documents(query=text, user=searcher.person, at=clock.now(), limit=10, facets=THREE)

        found = endpoint_over_engine(Stopwatch(self.engine), self.queries, visit)
        return {**found, "R2": page_over_raw(self.engine, self.queries, self.tokens, ten)}


@contextmanager
def office_engine(name: str) -> Iterator[SearchBackend]:
    """The engine that the pages of this run's office ask; on a cluster, an index of its own beside others'."""
    with ExitStack() as stack:
        urls: tuple[str, ...] = ()
        if name == "elastic":
            urls = tuple(settings.SEARCH_URL or stack.enter_context(started()))
            settings.SEARCH_INDEX, settings.SEARCH_REPLICAS = f"bench-{uuid.uuid4().hex[:12]}", 0
        choose(urls)
        stack.callback(choose, tuple(settings.SEARCH_URL))
        engine = backend()
        if isinstance(engine, ElasticBackend):
            stack.callback(forget, engine)
        yield engine


def beside_embedded(given: argparse.Namespace, run: Run) -> dict[str, Any]:
    """R9: the same papers and questions on both engines."""
    with scratch_backend("tantivy") as other:
        Filling.into(other).take(Corpus(given.docs, run.tokens))
        embedded = ask(other, run.queries, run.tokens)
    return {"R9": round(run.idle.all.p50 / embedded.all.p50, 2), "embedded_p50_ms": round(embedded.all.p50, 2)}


def main() -> None:
    """Fill, ask, report."""
    given = options()
    searcher = None if given.without_page else make_searcher()
    with office_engine(given.backend) as engine:
        run = Run(given, engine, searcher)
        report = run.measure()
        if given.backend == "elastic":
            report |= beside_embedded(given, run)
    report["load"] = [round(one, 2) for one in os.getloadavg()]
    print(json.dumps(report, ensure_ascii=False) if given.json else "\n".join(f"{k}: {v}" for k, v in report.items()))


if __name__ == "__main__":
    main()
