"""
Reading against others: `bin/bench ocr --corpus DIR --against ocrmypdf [tesseract] [tesserocr] [--rounds 3] --json`.

Every PDF under DIR is read by each system in turn, two pages at once, several rounds; of the rounds the median counts. The
office's own reading is the door that its job uses, child processes and all. `tesseract` is Debian's program on the pages that
the office would hand to its engine, `tesserocr` the library that reads them there, alone. Quality is told where a `.gt.json`
lies beside a file; ratios are over the files that both sides read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bench.ocr.systems import OcrMyPdf, Own, System, Tesseract
from bench.ocr.truth import Counts, WrongTruth, score, truths_of
from bench.searching.clocks import machine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bench.ocr.measured import Cost

PEERS = ("ocrmypdf", "tesseract", "tesserocr")


@dataclass(slots=True)
class Tally:
    """One system, file by file."""

    costs: dict[Path, list[Cost]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[Path, list[str]] = field(default_factory=dict)
    refused: dict[Path, int] = field(default_factory=dict)

    def take(self, file: Path, cost: Cost, texts: list[str]) -> None:
        if texts:
            self.costs[file].append(cost)
            self.texts[file] = texts
        else:
            self.refused[file] = cost.code

    def read(self) -> list[Path]:
        return [file for file in self.texts if file not in self.refused]


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of PDF files, folders within it too")
    parser.add_argument("--against", nargs="*", choices=PEERS, default=[])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    return parser.parse_args()


def main() -> None:
    given = options()
    files = sorted(file for file in given.corpus.resolve().rglob("*") if file.suffix.lower() == ".pdf")
    if not files or given.rounds < 1:
        sys.exit("no PDF file in this folder, or no round to run")
    try:
        for file in files:
            truths_of(file)
    except WrongTruth as wrong:  # before hours are spent
        sys.exit(str(wrong))
    with TemporaryDirectory(prefix="vanthu-bench-ocr-") as name:
        tallies = compete(systems(given.against, Path(name)), files, given.rounds, Path(name))
    report = described(tallies) | {"rounds": given.rounds, "files": len(files), "machine": machine()}
    print(json.dumps(report, ensure_ascii=False) if given.json else json.dumps(report, ensure_ascii=False, indent=2))


def systems(peers: Sequence[str], folder: Path) -> list[System]:
    known: dict[str, System] = {
        "ocrmypdf": OcrMyPdf(),
        "tesseract": Tesseract("tesseract", "bench.ocr.bare", folder / "treated"),
        "tesserocr": Tesseract("tesserocr", "bench.ocr.library", folder / "treated"),
    }
    return [Own(), *(known[name] for name in peers)]


def compete(readers: Sequence[System], files: Sequence[Path], rounds: int, folder: Path) -> dict[str, Tally]:
    """In turn and file by file, so that what else the machine does meets all alike; a refused file is not tried again."""
    tallies = {reader.name: Tally() for reader in readers}
    for number in range(1, rounds + 1):
        for file in files:
            for reader in readers:
                tally = tallies[reader.name]
                if file in tally.refused:
                    continue
                with TemporaryDirectory(dir=folder) as room:
                    cost, texts = reader.read(file, Path(room))
                tally.take(file, cost, texts)
                said = f"{cost.cpu:.1f} CPU s, {cost.wall:.1f} s" if texts else f"refused ({cost.code})"
                print(f"{number}/{rounds} {file.name} {reader.name}: {said}", file=sys.stderr, flush=True)
    return tallies


def described(tallies: dict[str, Tally]) -> dict[str, Any]:
    own = tallies["own"]
    report: dict[str, Any] = {"systems": {name: _facts(tally, tally.read()) for name, tally in tallies.items()}}
    report["against"] = {
        name: _ratios(own, tally, [file for file in tally.read() if file in set(own.read())])
        for name, tally in tallies.items()
        if name != "own"
    }
    return report


def _facts(tally: Tally, files: Sequence[Path]) -> dict[str, Any]:
    pages = sum(len(tally.texts[file]) for file in files)
    costs = [cost for file in files for cost in tally.costs[file]]
    return {
        "files": len(files), "pages": pages, "cpu_s_per_page": _per_page(tally, files, "cpu"),
        "wall_s_per_page": _per_page(tally, files, "wall"),
        "peak_memory_mb": round(max((cost.memory_mb for cost in costs), default=0)),
        "largest_process_mb": round(max((cost.largest_mb for cost in costs), default=0)),
        "refused": sorted(file.name for file in tally.refused), **_quality(tally, files),
    }  # fmt: skip


def _per_page(tally: Tally, files: Sequence[Path], what: str) -> float:
    """Of each round the sum over all files; of the rounds the median."""
    pages = sum(len(tally.texts[file]) for file in files)
    rounds = zip(*(tally.costs[file] for file in files), strict=True)
    sums = [sum(getattr(cost, what) for cost in costs) for costs in rounds]
    return round(median(sums) / pages, 3) if sums and pages else 0.0


def _quality(tally: Tally, files: Iterable[Path]) -> dict[str, Any]:
    """Over all pages whose truth is known, and profile by profile."""
    total, profiles = Counts(), defaultdict[str, Counts](Counts)
    for file in files:
        for number, blocks in truths_of(file).items():
            if number > len(tally.texts[file]):
                continue
            counts = score(blocks, tally.texts[file][number - 1])
            total.add(counts)
            profiles[profile_of(file)].add(counts)
    if not total.chars:
        return {}
    return {**total.rates, "profiles": {name: counts.rates for name, counts in sorted(profiles.items())}}


def profile_of(file: Path) -> str:
    """`fax200` of `L00.fax200.pdf`; files without one are known by their folder."""
    parts = file.name.split(".")
    return parts[1] if len(parts) > 2 else file.parent.name


def _ratios(own: Tally, other: Tally, files: Sequence[Path]) -> dict[str, Any]:
    mine, theirs = _facts(own, files), _facts(other, files)
    shared = ("cpu_s_per_page", "wall_s_per_page")
    report: dict[str, Any] = {name.split("_")[0]: round(mine[name] / max(theirs[name], 1e-9), 3) for name in shared}
    report |= {"files": len(files), "pages": theirs["pages"]}
    if "cer" in mine and "cer" in theirs:
        gaps = {
            name: round(rates["cer"] - theirs["profiles"][name]["cer"], 3) for name, rates in mine["profiles"].items()
        }
        report["cer_above"] = {"all": round(mine["cer"] - theirs["cer"], 3), **gaps}
    return report


if __name__ == "__main__":
    main()
