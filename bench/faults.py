"""
Kills under load: `bin/bench faults --json [--kills N] [--search-kills N] [--seed N]`.

An office is served from a folder of its own, clerks take scans in and register them through its pages, and every process in turn
is ended by kill -9 in the middle of it. Then, for each search engine, indexers are killed while papers come, change and go and
while indices are made anew. The report says what was lost of what had been acknowledged: nothing may be.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django

django.setup()

from bench.faulting.searching import SearchReport, kill_indexers  # noqa: E402
from bench.faulting.storm import asked_to_stop_as_by_ctrl_c, new_seed, storm  # noqa: E402
from tests.elastic_server import started  # noqa: E402
from tests.factories.offices import make_office  # noqa: E402

ENGINES = ("tantivy", "elastic")


def search_storm(engines: list[str], *, kills: int, seed: int) -> list[SearchReport]:
    """One office, whose indexers die on each engine."""
    office, reports = make_office(), []
    with asked_to_stop_as_by_ctrl_c(), tempfile.TemporaryDirectory(prefix="vanthu-faults.") as name:
        for engine in engines:
            folder = Path(name) / engine
            folder.mkdir()
            with started() if engine == "elastic" else nullcontext([""]) as urls:
                reports.append(
                    kill_indexers(office=office, name=engine, folder=folder, url=urls[0], kills=kills, seed=seed)
                )
    return reports


def main() -> None:
    """Blow, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50, help="of the office's processes; 0 for none")
    parser.add_argument("--search-kills", type=int, default=30, help="of indexers, on each engine; 0 for none")
    parser.add_argument("--backend", choices=ENGINES, help="that engine alone")
    parser.add_argument("--seed", type=int, default=None, help="repeat the plan of an earlier run")
    parser.add_argument("--log", type=Path, help="keep what the office printed in this file")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    options = parser.parse_args()
    seed = new_seed() if options.seed is None else options.seed
    facts: dict[str, Any] = {"seed": seed}
    is_clean = True
    if options.kills:
        report = storm(kills=options.kills, seed=seed, log=options.log)
        facts, is_clean = asdict(report), not report.complaints
    if options.search_kills:
        engines = [options.backend] if options.backend else list(ENGINES)
        searched = search_storm(engines, kills=options.search_kills, seed=seed)
        facts["search"] = {one.engine: asdict(one) for one in searched}
        is_clean = is_clean and all(one.is_clean for one in searched)
    print(json.dumps(facts, ensure_ascii=False) if options.json else "\n".join(f"{k}: {v}" for k, v in facts.items()))
    raise SystemExit(0 if is_clean else 1)


if __name__ == "__main__":
    main()
