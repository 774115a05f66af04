"""
The inbox of a busy person among many work items: `bin/bench inbox --items 1000000 --json`.

The real page of a signed-in person, from session to template; `queries` are those beyond session and user, `plan` is how the
database finds the page's rows. The other tabs are measured too and told on stderr.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench.world.items import fill  # noqa: E402

if TYPE_CHECKING:
    from organizations.models import User

TABS = ("todo", "support", "fyi", "done")
WARM, ROUNDS = 20, 300
BEYOND = ("django_session", 'FROM "organizations_user" WHERE "organizations_user"."id" =')


def milliseconds(client: Client, url: str) -> list[float]:
    """What the server needs for one page, again and again."""
    taken = []
    for number in range(WARM + ROUNDS):
        begun = time.perf_counter()
        answer = client.get(url)
        if number >= WARM:
            taken.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200
    return taken


def queries_of(client: Client, url: str) -> list[str]:
    """What the page asks the database beyond session and user."""
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    return [query["sql"] for query in asked if not any(words in query["sql"] for words in BEYOND)]


def plan_of(queries: list[str]) -> str:
    """How the rows of the page are found."""
    (main,) = [sql for sql in queries if "workflow_workitem" in sql and "documents_document" in sql]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {main}")
        return "\n".join(line for (line,) in cursor.fetchall())


def measure(client: Client, tab: str) -> dict[str, Any]:
    """One tab of the inbox."""
    url = f"{reverse('desk:inbox')}?tab={tab}"
    taken, queries = milliseconds(client, url), queries_of(client, url)
    return {
        "queries": len(queries), "p50_ms": round(statistics.median(taken), 1),
        "p95_ms": round(statistics.quantiles(taken, n=20)[-1], 1), "plan": plan_of(queries),
    }  # fmt: skip


def look(person: User) -> dict[str, dict[str, Any]]:
    """Every tab, told on stderr as it is measured."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(person)
    found = {}
    for tab in TABS:
        facts = found[tab] = measure(client, tab)
        print(
            f"{tab:8} {facts['queries']} queries, p50 {facts['p50_ms']} ms, p95 {facts['p95_ms']} ms", file=sys.stderr
        )
    return found


def main() -> None:
    """Fill, measure, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--holders", type=int, default=20_000)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    options = parser.parse_args()
    begun = time.monotonic()
    crowd = fill(items=options.items, holders=options.holders)
    print(f"filled in {time.monotonic() - begun:.0f} s", file=sys.stderr)
    found = look(crowd.person)
    report = {"items": crowd.items, "holders": crowd.holders, "keys": crowd.keys, **found["todo"]}
    print(json.dumps(report, ensure_ascii=False) if options.json else report["plan"])


if __name__ == "__main__":
    main()
