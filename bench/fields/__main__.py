"""
How well the fields of unseen letters are read: `bin/bench fields --letters N --seed S --json [--keep FOLDER]`.

N letters of invented offices are drawn, sealed, signed in blue, stamped, scanned in colour and read as any upload is. A part
of the issuers (`--known`) and all signers stand in the catalogue, among names that sign nothing. Exit 1 where a share is below
its gate.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.fields.drawing import draw
from bench.fields.judging import GATES, judged, report
from bench.fields.letters import letter, people
from documents.extraction import DEFAULT_CATALOGUE, extract
from documents.ocr import read_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.fields.judging import Judged
    from demo.scans import Sample
    from documents.extraction import Catalogue

NAMES = 300


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--letters", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--known", type=float, default=0.7, help="share of the issuers that the catalogue knows")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="keep the scans in this folder")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    return parser.parse_args()


def catalogue_of(papers: Sequence[Sample], names: Sequence[str], *, known: float, seed: int) -> Catalogue:
    """What the office would know: some of the issuers, everybody who may sign."""
    dice = random.Random(f"catalogue-{seed}")  # noqa: S311 - a choice, not a secret
    organs = [str(paper.truth["issuer"]) for paper in papers if dice.random() < known]
    return replace(
        DEFAULT_CATALOGUE,
        organs=tuple(dict.fromkeys([*DEFAULT_CATALOGUE.organs, *organs])),
        signers=tuple(names),
    )


def read(paper: Sample, seed: int, room: Path, catalogue: Catalogue) -> list[Judged]:
    """Draw one, read it, judge it."""
    path = room / f"{paper.key}.pdf"
    path.write_bytes(draw(paper, seed))
    with tempfile.TemporaryDirectory(dir=room) as scratch:
        reading = read_file(path, scratch=Path(scratch))
    return judged(paper.key, dict(paper.truth), extract(reading, catalogue))


def main() -> int:
    given = options()
    names = people(random.Random(f"names-{given.seed}"), NAMES)  # noqa: S311
    papers = [letter(f"{at:03d}", given.seed, names) for at in range(given.letters)]
    catalogue = catalogue_of(papers, names, known=given.known, seed=given.seed)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(given.workers) as pool:
        room = given.keep or Path(scratch)
        room.mkdir(parents=True, exist_ok=True)
        found = list(pool.map(lambda paper: read(paper, given.seed, room, catalogue), papers))
    results = report([one for results in found for one in results])
    results |= {"letters": given.letters, "seed": given.seed, "seconds": round(time.monotonic() - begun, 1)}
    print(json.dumps(results, ensure_ascii=False) if given.json else _as_lines(results))
    return 1 if results["failed_gates"] else 0


def _as_lines(results: dict[str, Any]) -> str:
    lines = [
        f"{name:14} {share:7.1%}" + (f"  (at least {GATES[name]:.0%})" if name in GATES else "")
        for name, share in results["shares"].items()
    ]
    return "\n".join([*lines, *(json.dumps(miss, ensure_ascii=False) for miss in results["misses"])])


if __name__ == "__main__":
    sys.exit(main())
