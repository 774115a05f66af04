"""Processes of the office in tests, on the database of the test."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

from config.ground.children import die_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")
ROOT = Path(__file__).parent.parent
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def database_url() -> str:
    """The test's database, for another process."""
    at = connection.settings_dict
    who = f"{quote(at['USER'])}:{quote(at['PASSWORD'] or '')}"
    query = {"host": at["HOST"]} if at["HOST"] else {k: v for k, v in at["OPTIONS"].items() if k == "host"}
    return f"postgresql://{who}@/{at['NAME']}?{urlencode(query)}"


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@contextmanager
def running(command: Sequence[str], **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process for the time of a block, ended with everything it started."""
    env = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "PYTHONPATH": str(ROOT),
        **more,
    }
    words, before = [sys.executable, *command], die_with_parent(signal.SIGKILL)
    process = subprocess.Popen(words, cwd=ROOT, env=env, start_new_session=True, preexec_fn=before)  # noqa: PLW1509
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(what: Callable[[], T], seconds: float = 30) -> T:
    """The first true answer of `what`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := what():
                return found
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


def somebody_waits(count: int = 1) -> bool:
    """Whether so many sessions of the test's database wait for a lock that another one holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees the others as they were
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0] >= count)
