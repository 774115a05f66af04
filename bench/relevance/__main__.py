"""
How well search finds: `bin/bench relevance --json [--docs FILE --queries FILE] [--backend tantivy|elastic] [--hits FILE]`.

Without files it judges by the sets of this folder: papers of a union, or with `--set laws` long questions over articles of law,
where weights are tuned on the half `dev` and looked at on the half `check`. Each line of the papers is {"id", "symbol", "type",
"unit", "date", "title", "body", "tokens"}, of the queries {"id", "base", "slice", "text", "tokens", "relevant": {paper: grade}}.
Elasticsearch is asked two queries at once: its times per query are those of a server with two people at it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

django.setup()

from bench.relevance.archive import make_archive  # noqa: E402
from bench.relevance.laws import HALVES, make_code, make_law_needs  # noqa: E402
from bench.relevance.needs import make_needs  # noqa: E402
from bench.relevance.papers import WrongLine, read_needs, read_papers  # noqa: E402
from bench.relevance.plain import Collocations, PlainIndex, segmented_by, syllables  # noqa: E402
from bench.relevance.report import behind, by_slice, gates, judged  # noqa: E402
from bench.relevance.scratch import Scratch, scratch_backend  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TextIO

    from bench.relevance.papers import Need, Paper
    from bench.relevance.report import Judged

BASELINES = ("syllables", "words")
AT_ONCE = {
    "tantivy": 1,
    "elastic": 2,
}  # a server answers several people at once; an embedded engine works in who asks it


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--docs", type=Path, help="papers, one JSON object a line")
    parser.add_argument("--queries", type=Path, help="queries, one JSON object a line")
    parser.add_argument("--set", choices=("union", "laws"), default="union", help="what is judged by without files")
    parser.add_argument("--half", choices=HALVES, help="questions on every second law alone")
    parser.add_argument("--backend", choices=("tantivy", "elastic"), default="tantivy")
    parser.add_argument("--hits", type=Path, help="keep what each query found in this file")
    parser.add_argument("--baseline", action="append", default=[], choices=BASELINES, help="plain BM25 beside it")
    parser.add_argument("--segmenter", help="a command that tells words, for a further baseline: lines in, lines out")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    given = parser.parse_args()
    if bool(given.docs) != bool(given.queries):
        parser.error("--docs and --queries belong together")
    if given.half and given.set != "laws":
        parser.error("--half is of --set laws")
    return given


def material(given: argparse.Namespace) -> tuple[Iterable[Paper], list[Need]]:
    """The papers and needs of the files, or those of a set of this folder."""
    if given.docs:
        return read_papers(given.docs), read_needs(given.queries)
    if given.set == "laws":
        code = make_code()
        return list(code.papers.values()), make_law_needs(code, given.half)
    archive = make_archive()
    return list(archive.papers.values()), make_needs(archive)


def ask_all(scratch: Scratch, needs: Sequence[Need], kept: TextIO | None, at_once: int) -> list[Judged]:
    rows = []
    with ThreadPoolExecutor(at_once) as people:
        for need, answer in zip(needs, people.map(scratch.answer, needs), strict=True):
            rows.append(judged(need, answer.hits, answer.ms, scratch.leaks(need, answer.hits)))
            if kept:
                kept.write(json.dumps({"id": need.id, "hits": answer.hits, "ms": round(answer.ms, 3)}) + "\n")
    return rows


def plain_rows(given: argparse.Namespace, papers: Sequence[Paper], needs: Sequence[Need]) -> dict[str, list[Judged]]:
    """The same needs asked of plain BM25."""
    segmenters: dict[str, Any] = {}
    if "syllables" in given.baseline:
        segmenters["syllables"] = syllables
    if "words" in given.baseline:
        segmenters["words"] = Collocations([paper.body for paper in papers])
    if given.segmenter:
        segmenters["segmenter"] = segmented_by(given.segmenter)
    return {name: PlainIndex(papers, segment).judge(needs) for name, segment in segmenters.items()}


def main() -> None:
    """Build, ask, report."""
    given = options()
    papers, needs = material(given)
    with scratch_backend(given.backend) as engine:
        begun = time.monotonic()
        scratch = Scratch(engine)
        scratch.fill(papers)
        built = time.monotonic()
        with given.hits.open("w", encoding="utf-8") if given.hits else nullcontext() as kept:
            rows = ask_all(scratch, needs, kept, AT_ONCE[given.backend])
        asked = time.monotonic()
    wants_papers = given.baseline or given.segmenter
    plain = plain_rows(given, list(read_papers(given.docs) if given.docs else papers), needs) if wants_papers else {}
    report = {
        "backend": given.backend, "documents": len(scratch.numbers) - 1, "queries": len(needs),
        "seconds": {"build": round(built - begun, 1), "ask": round(asked - built, 1)},
        "slices": by_slice(rows), "baselines": {name: by_slice(others) for name, others in plain.items()},
        "behind": {name: behind(rows, others) for name, others in plain.items()}, "gates": gates(rows, plain),
    }  # fmt: skip
    say(report, as_json=given.json)


def say(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(report, ensure_ascii=False))
        return
    print(f"{report['backend']}: {report['documents']} documents, {report['queries']} queries, {report['seconds']} s")
    plain = report["baselines"]
    print(f"{'slice':26s}    n  nDCG    MRR    r@10   r@50   empty leaks  p50   p95   {'  '.join(plain)}")
    for name, row in report["slices"].items():
        values = [row[key] for key in ("ndcg@10", "mrr@10", "recall@10", "recall@50", "empty")]
        others = "  ".join(
            f"{slices[name]['ndcg@10']:.3f}/{slices[name]['recall@50']:.3f}" for slices in plain.values()
        )
        text = "  ".join(f"{value:.3f}" for value in values)
        print(f"{name:26s} {row['n']:4d}  {text} {row['leaks']:4d} {row['ms_p50']:6.2f} {row['ms_p95']:6.2f}  {others}")
    for gate in report["gates"]:
        print(f"{'passed' if gate['passed'] else 'FAILED'}  {gate['name']}: {gate['reached']} (bar {gate['wanted']})")
    for name, slices in report["behind"].items():
        print(f"behind {name}: {', '.join(slices) or 'nowhere'}")


if __name__ == "__main__":
    try:
        main()
    except (WrongLine, OSError) as error:
        sys.exit(f"bench relevance: {error}")
