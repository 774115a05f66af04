"""Searching: the engine alone, the page around it, more papers, more keys, a writer beside it, another process."""

from __future__ import annotations

import multiprocessing
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.relevance.metrics import mean, percentile
from bench.searching.clocks import Clock
from search.abbreviations import USUAL
from search.backends.base import FACETS, Checkpoint, Op, ReaderTokens, SearchRequest
from search.parser import parse
from search.resolve import resolved, weighed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from multiprocessing.connection import Connection

    from search.backends.base import Facet, SearchBackend

THREE: tuple[Facet, ...] = ("type_id", "unit_id", "year")
PATIENCE_SECONDS, LOOK_SECONDS = 20.0, 0.002

Queries = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Times by kind of query, and how many papers matched."""

    clocks: dict[str, Clock]
    matches: dict[str, float]

    @property
    def all(self) -> Clock:
        return Clock(
            [ms for clock in self.clocks.values() for ms in clock.wall],
            [ms for clock in self.clocks.values() for ms in clock.cpu],
        )

    @property
    def facts(self) -> dict[str, Any]:
        return {kind: {**clock.facts, "matches": round(self.matches[kind])} for kind, clock in self.clocks.items()}


def ask(
    engine: SearchBackend,
    queries: Queries,
    tokens: Sequence[str],
    *,
    facets: tuple[Facet, ...] = FACETS,
    limit: int = 20,
) -> Asked:
    """The engine's part of a page: hits, exact number, facets. Each query once to warm, once to measure."""
    readers = ReaderTokens(frozenset(tokens))
    clocks, matches = {kind: Clock() for kind in queries}, {}
    for kind, texts in queries.items():
        totals = []
        for text in texts:
            query = weighed(resolved(parse(text), engine, readers, USUAL), engine, readers)
            request = SearchRequest(query, limit=limit, facets=facets)
            engine.search(request, readers)
            with clocks[kind].run():
                totals.append(engine.search(request, readers).total)
        matches[kind] = mean(totals)
    return Asked(clocks, matches)


def page_over_raw(
    engine: SearchBackend, queries: Queries, tokens: Sequence[str], page: Callable[[str], object]
) -> dict[str, float]:
    """R2: CPU of ten hits with exact number, three facets and snippets over that of the ten hits alone."""
    readers = ReaderTokens(frozenset(tokens))
    found = {}
    for kind in ("one word", "three words"):
        raw, full = Clock(), Clock()
        for text in queries[kind]:
            query = weighed(resolved(parse(text), engine, readers, USUAL), engine, readers)
            request = SearchRequest(query, limit=10)
            page(text)
            with raw.run():
                engine.search(request, readers)
            with full.run():
                page(text)
        found[kind] = round(percentile(full.cpu, 0.5) / percentile(raw.cpu, 0.5), 2)
    return found


class Stopwatch:
    """Notes how long an engine was asked in all; whatever it offers is timed from now on."""

    OFFERS = ("search", "served", "known", "counts", "bonds", "suggest")

    def __init__(self, engine: SearchBackend) -> None:
        self.ms = self.cpu_ms = 0.0
        for name in self.OFFERS:
            setattr(engine, name, self._timed(getattr(engine, name)))

    def _timed(self, offer: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            begun, cpu = time.perf_counter(), time.process_time()
            try:
                return offer(*args, **kwargs)
            finally:
                self.ms += (time.perf_counter() - begun) * 1000
                self.cpu_ms += (time.process_time() - cpu) * 1000

        return timed


def endpoint_over_engine(stopwatch: Stopwatch, queries: Queries, visit: Callable[[str], object]) -> dict[str, Any]:
    """R1: whole answers of the page beside what the engine needed of each."""
    whole, inside = Clock(), Clock()
    for texts in queries.values():
        for text in texts:
            visit(text)
            stopwatch.ms = stopwatch.cpu_ms = 0.0
            with whole.run():
                visit(text)
            inside.wall.append(stopwatch.ms)
            inside.cpu.append(stopwatch.cpu_ms)
    ratios = {"R1": whole.p95 / inside.p95, "R1_p50": whole.p50 / inside.p50}
    ratios["R1_cpu"] = percentile(whole.cpu, 0.95) / percentile(inside.cpu, 0.95)
    return {
        **{name: round(value, 2) for name, value in ratios.items()},
        "page": whole.facts,
        "page_engine": inside.facts,
    }


# --- another process ----------------------------------------------------------------------------------------------------------


def commit_to_visible(
    engine: SearchBackend, opened: Callable[[], SearchBackend], number: int, rounds: int = 20
) -> list[float]:
    """R5: milliseconds from a commit here until another process finds the paper."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    child = context.Process(target=_watch, args=(opened, there, rounds))
    child.start()
    taken = []
    for turn in range(rounds):
        here.recv()
        paper = _paper(number, turn)
        engine.generations()[-1].apply([paper], Checkpoint(1, None))
        committed = time.monotonic()
        engine.refresh()
        if (seen := here.recv()) is None:
            raise RuntimeError(f"another process saw nothing for {PATIENCE_SECONDS} s")
        taken.append((seen - committed) * 1000)
    child.join()
    return [max(0.0, ms) for ms in taken]


def _watch(opened: Callable[[], SearchBackend], pipe: Connection, rounds: int) -> None:
    engine, readers = opened(), ReaderTokens(frozenset(["user:1"]))
    for turn in range(rounds):
        request = SearchRequest(parse(f"chimbaobao{turn}"))
        pipe.send(0.0)
        end = time.monotonic() + PATIENCE_SECONDS
        while not (found := engine.search(request, readers).total) and time.monotonic() < end:
            time.sleep(LOOK_SECONDS)
        pipe.send(time.monotonic() if found else None)


def _paper(number: int, turn: int) -> Op:
    facts = {
        "symbol": "",
        "symbol_norm": "",
        "type_id": None,
        "type_name": "",
        "unit_id": None,
        "unit_name": "",
        "year": None,
    }
    texts = {
        "title": f"chimbaobao{turn}",
        "body": "",
        "issuer": "",
        "state": "IN_FORCE",
        "tags": [],
        "day": 0,
        "date": None,
    }
    return Op(number, turn + 2, {"id": number, **facts, **texts, "tokens": ["user:1"], "is_confirmed": True})


@contextmanager
def writer_beside(opened: Callable[[], SearchBackend], papers: Mapping[int, dict[str, Any]]) -> Iterator[None]:
    """Another process that writes papers again and again, 200 in a commit, until the block ends."""
    context = multiprocessing.get_context("fork")
    stop = context.Event()
    child = context.Process(target=_write, args=(opened, papers, stop))
    child.start()
    try:
        yield
    finally:
        stop.set()
        child.join()


def _write(opened: Callable[[], SearchBackend], papers: Mapping[int, dict[str, Any]], stop: Any) -> None:
    engine, version = opened(), 100
    while not stop.is_set():
        version += 1
        engine.generations()[-1].apply([Op(pk, version, fields) for pk, fields in papers.items()], Checkpoint(1, None))
        engine.refresh()
