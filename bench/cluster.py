"""
A node of three dies: `bin/bench cluster --json [--major 8|9] [--seconds N] [--victim master|other]`.

Three real servers, an index of two shards with a copy of each. Somebody writes batches, somebody searches all the time; a node is
ended by kill -9 in the middle of it. The report says how many acknowledged papers are missing, how many stand in the index
otherwise than they were last written, and how many searches failed: none, none and none.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import threading
import time
import urllib.request
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import django

django.setup()

from search.backends.base import BackendUnavailable, Checkpoint, Op, ReaderTokens, SearchRequest  # noqa: E402
from search.backends.elastic import ElasticBackend  # noqa: E402
from search.backends.place import Place  # noqa: E402
from search.backends.prepared import digest_of  # noqa: E402
from search.parser import parse  # noqa: E402
from tests.elastic_server import started  # noqa: E402
from tests.search.conftest import EVERYBODY, op  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NODES, SHARDS, COPIES, BATCH = 3, 2, 1, 50
SENTENCE = "công đoàn văn bản chỉ đạo kế hoạch báo cáo giao ban tháng quý năm hội nghị tổ chức thực hiện đoàn viên"
WORDS = SENTENCE.split()
PAUSE = 0.05


@dataclass
class Report:
    """What `bin/bench cluster` prints; `longest_search` and `longest_batch` in seconds."""

    server: str
    nodes: int = NODES
    shards: int = SHARDS
    copies: int = COPIES
    killed: str = ""
    acknowledged: int = 0
    lost: int = 0
    stale: int = 0
    searches: int = 0
    failed_searches: int = 0
    empty_searches: int = 0
    longest_search: float = 0.0
    longest_batch: float = 0.0
    nodes_at_the_end: int = 0
    complaints: list[str] = field(default_factory=list)


def ask(url: str, path: str) -> Any:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(url + path, timeout=20) as answer:
        return json.load(answer)


class Writer(threading.Thread):
    """Batches of new papers and of papers that were there; `kept` is what was acknowledged."""

    def __init__(self, engine: ElasticBackend, rng: random.Random) -> None:
        super().__init__(daemon=True)
        self.engine, self.rng, self.stopping = engine, rng, threading.Event()
        self.kept: dict[int, bytes] = {}
        self.longest = 0.0
        self.version = 0

    def run(self) -> None:
        while not self.stopping.is_set():
            self.version += 1
            ops = list(self.batch())
            begun = time.monotonic()
            self._until_acknowledged(ops)
            self.longest = max(self.longest, time.monotonic() - begun)
            self.kept |= {one.doc_id: digest_of(one.fields or {}) for one in ops}

    def batch(self) -> Iterator[Op]:
        fresh = len(self.kept) + 1
        ids = {*range(fresh, fresh + BATCH - 10), *self.rng.sample(range(1, fresh + 1), min(10, fresh))}
        for pk in sorted(ids):
            words = " ".join(self.rng.choices(WORDS, k=60))
            yield op(pk, self.version, title=f"Văn bản {pk}", body=words, day=700_000 + pk % 999)

    def _until_acknowledged(self, ops: Sequence[Op]) -> None:
        """As the indexer does: the same batch again, until it is taken."""
        while True:
            try:
                self.engine.generations()[-1].apply(ops, Checkpoint(self.version, None))
                self.engine.refresh()
            except BackendUnavailable:
                time.sleep(PAUSE)
            else:
                return


class Searcher(threading.Thread):
    """Somebody who searches all the time."""

    def __init__(self, engine: ElasticBackend, rng: random.Random) -> None:
        super().__init__(daemon=True)
        self.engine, self.rng, self.stopping = engine, rng, threading.Event()
        self.done, self.empty, self.failed, self.longest = 0, 0, list[str](), 0.0

    def run(self) -> None:
        while not self.stopping.is_set():
            query = parse(" ".join(self.rng.sample(WORDS, 2)))
            begun = time.monotonic()
            try:
                self.engine.served()
                page = self.engine.search(SearchRequest(query), ReaderTokens(frozenset([EVERYBODY])))
                self.empty += not page.hits
            except BackendUnavailable as error:
                self.failed.append(str(error)[:300])
            self.done += 1
            self.longest = max(self.longest, time.monotonic() - begun)
            time.sleep(PAUSE)


def warm(engine: ElasticBackend) -> None:
    """A server that was started a moment ago answers slowly: wait until it does not."""
    quick, end = 0, time.monotonic() + 120
    while quick < 20 and time.monotonic() < end:
        begun = time.monotonic()
        with suppress(BackendUnavailable):
            engine.search(SearchRequest(parse("văn bản")), ReaderTokens(frozenset([EVERYBODY])))
            quick = quick + 1 if time.monotonic() - begun < 0.3 else 0


def kill_one(urls: Sequence[str], victim: str) -> str:
    """The elected head or another node, by kill -9; its name."""
    facts = ask(urls[0], "/_nodes/process")["nodes"]
    head = ask(urls[0], "/_cluster/state/master_node")["master_node"]
    chosen = head if victim == "master" else next(node for node in sorted(facts) if node != head)
    os.kill(facts[chosen]["process"]["id"], signal.SIGKILL)
    return f"{facts[chosen]['name']}{' (head)' if chosen == head else ''}"


def measure(*, major: int, seconds: float, victim: str, seed: int) -> Report:
    """Write and search, kill in a third of the time, look at everything in the end."""
    with started(str(major), "--nodes", str(NODES)) as urls:
        report = Report(server=ask(urls[0], "")["version"]["number"])
        engine = ElasticBackend(Place(tuple(urls), shards=SHARDS, replicas=COPIES))
        engine.begin_rebuild()
        engine.generations()[-1].apply([op(1, 0, body=" ".join(WORDS))], Checkpoint(0, None))
        engine.promote()
        warm(engine)
        writer, searcher = Writer(engine, random.Random(seed)), Searcher(engine, random.Random(seed))  # noqa: S311
        for thread in (writer, searcher):
            thread.start()
        time.sleep(seconds / 3)
        report.killed = kill_one(urls, victim)
        print(f"killed {report.killed} after {len(writer.kept)} papers", file=sys.stderr)
        time.sleep(seconds * 2 / 3)
        for thread in (searcher, writer):
            thread.stopping.set()
            thread.join()
        engine.refresh()
        judge(report, engine, writer, searcher)
        living = next(url for url in urls if _answers(url))
        report.nodes_at_the_end = ask(living, "/_cluster/health")["number_of_nodes"]
    return report


def judge(report: Report, engine: ElasticBackend, writer: Writer, searcher: Searcher) -> None:
    found = engine.digests(1, max(writer.kept))
    report.acknowledged = len(writer.kept)
    report.lost = len(writer.kept.keys() - found.keys())
    report.stale = sum(found.get(pk, digest) != digest for pk, digest in writer.kept.items())
    report.searches, report.failed_searches, report.empty_searches = searcher.done, len(searcher.failed), searcher.empty
    report.longest_search, report.longest_batch = round(searcher.longest, 2), round(writer.longest, 2)
    report.complaints = searcher.failed[:5]


def _answers(url: str) -> bool:
    try:
        ask(url, "")
    except OSError:
        return False
    return True


def main() -> None:
    """Set up, kill, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--major", type=int, default=8, choices=(8, 9))
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--victim", default="master", choices=("master", "other"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    options = parser.parse_args()
    report = measure(major=options.major, seconds=options.seconds, victim=options.victim, seed=options.seed)
    facts = asdict(report)
    print(json.dumps(facts, ensure_ascii=False) if options.json else "\n".join(f"{k}: {v}" for k, v in facts.items()))
    raise SystemExit(1 if report.lost or report.stale or report.failed_searches or report.empty_searches else 0)


if __name__ == "__main__":
    main()
