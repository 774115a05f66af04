"""
Clerks who register at once: `bin/bench register --json`.

Eight processes, each with a connection of its own, take arrival numbers of one unit's book for papers that only lack theirs.
The report says how many numbers a second there were, and looks for gaps and doubles.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any

import django

django.setup()

from django.db import connections  # noqa: E402

from core import clock  # noqa: E402
from documents.models import Document, RegisterEntry, Validity  # noqa: E402
from documents.services.registration import register_arrival  # noqa: E402
from organizations.services import actor_for  # noqa: E402
from tests.factories.offices import make_office  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from organizations.models import Unit, User

WRITERS = 8


def confirmed_papers(unit: Unit, clerk: User, count: int) -> list[int]:
    """Papers that only lack their number."""
    facts = {"owner_unit": unit, "created_by": clerk, "confirmed_at": clock.now(), "state": Validity.IN_FORCE}
    return [paper.pk for paper in Document.plain.bulk_create(Document(**facts) for _paper in range(count))]


def register_all(papers: Sequence[int], clerk: User) -> None:
    """What one clerk does, on a connection of their own."""
    try:
        for paper in Document.plain.select_related("owner_unit").filter(pk__in=papers):
            register_arrival(document=paper, unit=paper.owner_unit, received_at=clock.now(), actor=actor_for(clerk))
    finally:
        connections.close_all()


def contend(pool: Executor, *, unit: Unit, clerk: User, writers: int, numbers: int) -> float:
    """Let `writers` clerks register `numbers` papers of a unit at once; returns the seconds it took."""
    papers = confirmed_papers(unit, clerk, numbers)
    connections.close_all()
    begun = time.monotonic()
    for done in [pool.submit(register_all, papers[one::writers], clerk) for one in range(writers)]:
        done.result()
    return time.monotonic() - begun


def gaps_and_doubles(unit: Unit) -> tuple[int, int, int]:
    """How many numbers the unit's book of arrivals holds, how many are missing below the last, how many stand twice."""
    taken = list(RegisterEntry.objects.filter(register__unit=unit).values_list("number_int", flat=True))
    return len(taken), max(taken, default=0) - len(set(taken)), len(taken) - len(set(taken))


def main() -> None:
    """Set up, let them register, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--numbers", type=int, default=1000)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    options = parser.parse_args()
    office = make_office()
    with ProcessPoolExecutor(WRITERS, mp_context=multiprocessing.get_context("fork")) as pool:
        seconds = contend(pool, unit=office.top, clerk=office.clerk, writers=WRITERS, numbers=options.numbers)
    numbers, gaps, doubles = gaps_and_doubles(office.top)
    report = {
        "writers": WRITERS, "numbers": numbers, "per_second": round(numbers / seconds, 1), "gaps": gaps, "doubles": doubles,
    }  # fmt: skip
    say(report, as_json=options.json)
    raise SystemExit(0 if numbers == options.numbers and not gaps and not doubles else 1)


def say(report: dict[str, Any], *, as_json: bool) -> None:
    print(json.dumps(report, ensure_ascii=False) if as_json else "\n".join(f"{k}: {v}" for k, v in report.items()))


if __name__ == "__main__":
    main()
