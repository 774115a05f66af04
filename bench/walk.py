"""
The random walk over flows and deliveries, as long as one likes: `bin/bench walk --examples 1000 --json`.

What CI walks in a minute (tests/workflow/test_random_walk.py) this walks for hours, on ever other ways. An invariant that does
not hold ends it with the steps that led there, shortened; the same seed walks the same way.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import time
from typing import Any

import django

django.setup()

from hypothesis import HealthCheck, seed, settings  # noqa: E402
from hypothesis.stateful import run_state_machine_as_test  # noqa: E402

from tests.workflow.walk import OfficeWalk, make_walking_office  # noqa: E402


def walk(*, examples: int, steps: int, number: int) -> dict[str, Any]:
    """Walk, and count what was done. An invariant that does not hold rises out of here."""
    OfficeWalk.office, OfficeWalk.issues = make_walking_office(), steps
    OfficeWalk.tally.clear()
    begun = time.monotonic()
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, database=None, deadline=None,
        suppress_health_check=list(HealthCheck), print_blob=True,
    )  # fmt: skip
    run_state_machine_as_test(seed(number)(OfficeWalk), settings=chosen)
    return {
        "examples": examples, "steps": steps, "seed": number, "seconds": round(time.monotonic() - begun, 1),
        "acts": OfficeWalk.tally.total(), "violations": 0, "by_kind": dict(OfficeWalk.tally.most_common()),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench walk", description=__doc__)
    parser.add_argument("--examples", type=int, default=100, help="how many walks")
    parser.add_argument("--steps", type=int, default=60, help="steps of each, at most")
    parser.add_argument("--seed", type=int, default=None, help="walk as another time")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    number = secrets.randbelow(1 << 31) if asked.seed is None else asked.seed
    print(f"seed {number}", file=sys.stderr, flush=True)
    found = walk(examples=asked.examples, steps=asked.steps, number=number)
    if asked.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for kind, count in found["by_kind"].items():
        print(f"{count:6}  {kind}")
    print(f"{found['acts']} acts in {found['examples']} walks, {found['seconds']} s, every invariant held")


if __name__ == "__main__":
    main()
