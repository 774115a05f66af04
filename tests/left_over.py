"""
Sessions that outlive their test: of a process that was killed, or of a page that nobody waits for any more.

Their locks would keep the tables from being emptied, and every later test of this worker would begin with another one's rows.
"""

from __future__ import annotations

import time
import warnings
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

PATIENCE_SECONDS, PAUSE = 15.0, 0.1
OPEN = """
    SELECT pid, state, now() - xact_start, left(query, 300) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND xact_start IS NOT NULL
"""
JOBS = "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE"
END = "SELECT pg_terminate_backend(%s, 5000)"


def end_open_transactions() -> None:
    """Wait for the transactions of other sessions; end those that do not end by themselves, and tell of them."""
    end = time.monotonic() + PATIENCE_SECONDS
    with connection.cursor() as cursor:
        while (rows := _open(cursor)) and time.monotonic() < end:
            time.sleep(PAUSE)
        for row in rows:
            warnings.warn(f"a session outlived its test: {row}", stacklevel=2)
            cursor.execute(END, [row[0]])


def forget_jobs() -> None:
    """Rows of jobs are not Django's, so its tests do not clean them away."""
    with connection.cursor() as cursor:
        cursor.execute(JOBS)


def _open(cursor: CursorWrapper) -> list[tuple[Any, ...]]:
    cursor.execute(OPEN)
    return list(cursor.fetchall())
