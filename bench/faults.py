"""
Kills under load: `bin/bench faults --json [--kills N] [--seed N]`.

An office is served from a folder of its own, clerks take scans in and register them through its pages, and every process in turn
is ended by kill -9 in the middle of it. The report says what was lost of what had been acknowledged: nothing may be.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import django

django.setup()

from bench.faulting.storm import new_seed, storm  # noqa: E402


def main() -> None:
    """Blow, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=None, help="repeat the plan of an earlier run")
    parser.add_argument("--log", type=Path, help="keep what the office printed in this file")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    options = parser.parse_args()
    seed = new_seed() if options.seed is None else options.seed
    report = storm(kills=options.kills, seed=seed, log=options.log)
    facts = asdict(report)
    print(json.dumps(facts, ensure_ascii=False) if options.json else "\n".join(f"{k}: {v}" for k, v in facts.items()))
    raise SystemExit(1 if report.complaints else 0)


if __name__ == "__main__":
    main()
