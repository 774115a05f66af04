"""Filling an index: what the office's pipeline needs, held against the bare engine that is given ready terms."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import tantivy

from bench.promoting import promoted
from bench.searching.clocks import Clock
from search.backends.base import Checkpoint, Op
from search.backends.embedded import HEAP_BYTES
from search.backends.embedded_query import document_of, schema
from search.feed import FILLED_AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from search.backends.base import SearchBackend

COMPARED = 20_000  # papers that the bare engine is given too


@dataclass(slots=True)
class Filling:
    """CPU of both sides; `upto` is the feed's number that the index stands at."""

    engine: SearchBackend
    pipeline: Clock
    bare: Clock
    compared: Clock
    papers: int = 0
    upto: int = 1

    @classmethod
    def into(cls, engine: SearchBackend, upto: int = 1) -> Filling:
        engine.begin_rebuild()
        return cls(engine, Clock(), Clock(), Clock(), upto=upto)

    def take(self, papers: Iterable[tuple[int, dict[str, Any]]]) -> None:
        """As the feed fills a new generation: some thousands in each commit, then shown."""
        generation = self.engine.generations()[-1]
        with TemporaryDirectory(prefix="vanthu-bare-") as folder:
            for ops in _portions(papers):
                clock = self.compared if self.papers < COMPARED else self.pipeline
                with clock.run():
                    generation.apply(ops, Checkpoint(self.upto, ops[-1].doc_id))
                if self.papers < COMPARED and self.engine.name == "tantivy":
                    self._bare(Path(folder), ops)
                self.papers += len(ops)
        generation.apply([], Checkpoint(self.upto, None))
        promoted(self.engine)
        self.engine.refresh()

    def _bare(self, folder: Path, ops: Sequence[Op]) -> None:
        documents = [document_of(op) for op in ops]
        with self.bare.run():
            writer = tantivy.Index(schema(), path=str(folder)).writer(HEAP_BYTES, 1)
            for document in documents:
                writer.add_document(document)
            writer.commit()
            writer.wait_merging_threads()

    @property
    def facts(self) -> dict[str, float]:
        seconds = self.pipeline.cpu_seconds + self.compared.cpu_seconds
        found = {
            "documents": self.papers,
            "cpu_seconds": round(seconds, 1),
            "per_cpu_second": round(self.papers / seconds),
        }
        if self.bare.cpu:
            found["R4"] = round(self.bare.cpu_seconds / self.compared.cpu_seconds, 3)
        return found


def _portions(papers: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[list[Op]]:
    rest = iter(papers)
    while some := [Op(pk, 1, fields) for pk, fields in islice(rest, FILLED_AT_ONCE)]:
        yield some
