"""
A throw-away PostgreSQL for a run of the tests, unless DATABASE_URL or VANTHU_VAR names where to go (as bin/test does).

Loaded by `-p` before Django's settings are read. Worker processes of pytest-xdist inherit the environment and with it the server.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.ground.children import Child


def begin() -> None:
    """Start the server and see to its end."""
    from config.ground.database import PrivateServer  # needs no settings

    var = Path(tempfile.mkdtemp(prefix="vanthu-test."))
    server = PrivateServer(var, durable=False)
    server.create()
    child = server.child()
    child.start()
    atexit.register(end, child, var)
    # Asked to stop, pytest ends as by Ctrl-C and the server with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    while not server.answers():
        time.sleep(0.05)
    server.lay_out()
    os.environ |= {"VANTHU_VAR": str(var), "VANTHU_ROLE": "owner"}


def end(child: Child, var: Path) -> None:
    """Runs in the process that started it, after the last test."""
    child.ask_to_stop()
    child.wait(20)
    shutil.rmtree(var, ignore_errors=True)


# A connection kept by an idle thread would stand in the way when the test database is dropped.
os.environ.setdefault("CONN_MAX_AGE", "0")
if not os.environ.get("DATABASE_URL") and not os.environ.get("VANTHU_VAR"):
    begin()
