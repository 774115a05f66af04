"""Whether the office lives, and whether it can work."""

from __future__ import annotations

import shutil
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse

from jobs.health import health
from jobs.services import workers_alive

if TYPE_CHECKING:
    from django.http import HttpRequest

LEAST_FREE_BYTES = 256 << 20


class TablesBehindError(Exception):
    """The tables are older than the program."""


def livez(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """
    Database, tables and room on the disk: without one of them no paper can be taken in, which is 503.

    Workers and queues are told for operators; pages work without them.
    """
    try:
        _require_current_tables()
        facts = {
            "database": True,
            "tables": True,
            "workers": workers_alive(),
            "oldest_job_seconds": round(max((queue.oldest_seconds for queue in health()), default=0)),
        }
    except DatabaseError:
        facts = {"database": False}
    except TablesBehindError:
        facts = {"database": True, "tables": False}
    facts["disk"] = shutil.disk_usage(settings.VAR_DIR).free > LEAST_FREE_BYTES
    is_ready = all(facts.get(name) for name in ("database", "tables", "disk"))
    return JsonResponse(facts, status=200 if is_ready else 503, headers={"Cache-Control": "no-store"})


@cache
def _require_current_tables() -> None:
    """Asked until the answer is yes, which it stays: a new program comes with a new process."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise TablesBehindError
