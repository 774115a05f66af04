"""
What one would have without any of this: plain BM25 over accented syllables, or over words of several syllables.

Words are told by the bench itself (pairs and triples that stand together more often than chance), or by any program that reads
texts line by line and writes them with the syllables of a word joined by `_`.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import time
from collections import Counter
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING, Any

import tantivy

from bench.relevance.report import Judged, judged
from core.vietnamese import nfc, place_tones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bench.relevance.papers import Need, Paper

    Segmenter = Callable[[Sequence[str]], list[list[str]]]

_SYLLABLES = re.compile(r"\w+")
_RARE, _BOUND = 5, 3.0
DEPTH = 50


def syllables(texts: Sequence[str]) -> list[list[str]]:
    return [_SYLLABLES.findall(place_tones(text).lower()) for text in texts]


class Collocations:
    """Words told by how much more often two syllables stand side by side than chance would have them."""

    def __init__(self, texts: Sequence[str]) -> None:
        split = syllables(texts)
        single = Counter(one for words in split for one in words)
        pairs = Counter(pair for words in split for pair in pairwise(words))
        total = sum(single.values())
        self.bound = {
            (first, second)
            for (first, second), count in pairs.items()
            if count >= _RARE and log(count * total / (single[first] * single[second])) > _BOUND
        }

    def __call__(self, texts: Sequence[str]) -> list[list[str]]:
        return [self._joined(words) for words in syllables(texts)]

    def _joined(self, words: list[str]) -> list[str]:
        out: list[str] = []
        place = 0
        while place < len(words):
            size = 2 if tuple(words[place : place + 2]) in self.bound else 1
            out.append("_".join(words[place : place + size]))
            place += size
        return out


def segmented_by(command: str) -> Segmenter:
    """Words as a program of one's own tells them."""

    def segment(texts: Sequence[str]) -> list[list[str]]:
        lines = "".join(f"{' '.join(nfc(text).split())}\n" for text in texts)
        done = subprocess.run(shlex.split(command), input=lines, capture_output=True, text=True, check=True)
        return [[word.lower() for word in _SYLLABLES.findall(line)] for line in done.stdout.split("\n")[: len(texts)]]

    return segment


class PlainIndex:
    """BM25 over one field of given tokens, within the asker's rights; any token may match."""

    def __init__(self, papers: Sequence[Paper], segment: Segmenter) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("id", stored=True, fast=True)
        builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
        builder.add_text_field("readers", tokenizer_name="raw", index_option="basic")
        self.schema, self.segment = builder.build(), segment
        self.index = tantivy.Index(self.schema)
        writer = self.index.writer(64 << 20, 1)
        tokens = segment([f"{paper.symbol} . {paper.title} . {paper.body}" for paper in papers])
        for paper, words in zip(papers, tokens, strict=True):
            writer.add_document(tantivy.Document(id=paper.id, text=" ".join(words), readers=paper.tokens))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()

    def judge(self, needs: Sequence[Need]) -> list[Judged]:
        return [
            self._judged(need, words) for need, words in zip(needs, self.segment([n.text for n in needs]), strict=True)
        ]

    def _judged(self, need: Need, words: Iterable[str]) -> Judged:
        begun = time.perf_counter()
        query, searcher = self._query(need, words), self.index.searcher()
        addresses = [address for _score, address in searcher.search(query, DEPTH).hits]
        hits = [int(pk or 0) for pk in searcher.fast_field_values("id", addresses)]
        return judged(need, hits, (time.perf_counter() - begun) * 1000)

    def _query(self, need: Need, words: Iterable[str]) -> Any:
        query, occur = tantivy.Query, tantivy.Occur
        any_of = query.boolean_query([(occur.Should, query.term_query(self.schema, "text", word)) for word in words])
        within = query.const_score_query(query.term_set_query(self.schema, "readers", need.tokens), 0.0)
        return query.boolean_query([(occur.Must, any_of), (occur.Must, within)])
