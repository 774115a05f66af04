"""
The served office from inside, as its own programs see it:

    python -m bench.faulting.office open      people who can sign in
    python -m bench.faulting.office facts     what the database holds in the end, as one line of JSON
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402

from documents.models import Document, DocumentFile, RegisterEntry  # noqa: E402
from tests.factories.offices import make_office  # noqa: E402

FAILED_JOBS = """
SELECT job.id, task_name, args, attempts, string_agg(type || ' ' || at::time(0), ', ' ORDER BY event.id)
FROM procrastinate_jobs AS job JOIN procrastinate_events AS event ON event.job_id = job.id
WHERE status NOT IN ('todo', 'doing', 'succeeded') GROUP BY job.id ORDER BY job.id
"""
REASON = "the harness compares what was acknowledged with what is there"


def facts() -> dict[str, Any]:
    """Papers with their files and states, and every line of every book."""
    papers = Document.objects.system(REASON).values_list("pk", "read_state", "read_reason")
    files = DocumentFile.objects.system(REASON).values_list("document", "pk", "sha256")
    lines = RegisterEntry.objects.order_by("register", "number_int").values_list("register", "number_int", "document")
    with connection.cursor() as cursor:
        cursor.execute(FAILED_JOBS)
        failed = [" ".join(map(str, row)) for row in cursor.fetchall()]
    return {"papers": list(papers), "files": list(files), "lines": list(lines), "failed_jobs": failed}


if __name__ == "__main__":
    if sys.argv[1] == "open":
        make_office()
    else:
        print(json.dumps(facts()))
