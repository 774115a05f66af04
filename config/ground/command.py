"""A command with the database up and its tables current; several commands and an office share one database."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import IO, TYPE_CHECKING

from config.ground.children import die_with_parent, environment, sweep, watch_signals
from config.ground.database import running
from config.ground.locks import HostLock, host_of, using, wait_for_others
from config.ground.paths import var_folder
from config.ground.tables import bring_up_to_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PAUSE = 0.1
SIGNAL_CODES = 128


def run_with_database(command: Sequence[str]) -> int:
    """
    Run a command and return its exit code.

    The first to come starts the database, and stops it when nobody uses it any more; those who find it running use it.
    """
    stopping = watch_signals()
    var = var_folder()
    env = environment(var)
    while not stopping:
        # Held from before the question until the command has ended, so that the host cannot leave in between.
        with using(var) as users:
            lock = HostLock.take(var, "command")
            if lock is not None:
                return _run_as_host(command, var, env, stopping, users, lock)
            if host_of(var).is_ready:
                return _run(command, env, stopping)
        time.sleep(PAUSE)
    return SIGNAL_CODES + stopping[0]


def _run_as_host(
    command: Sequence[str], var: Path, env: dict[str, str], stopping: list[int], users: IO[str], lock: HostLock
) -> int:
    sweep(var)
    with running(var, stopping) as (server, _child):
        if stopping:
            return SIGNAL_CODES + stopping[0]
        bring_up_to_date(server, env)
        lock.say_ready()
        code = _run(command, env, stopping)
        wait_for_others(users, stopping)
        return code


def _run(command: Sequence[str], env: dict[str, str], stopping: list[int]) -> int:
    """Pass on the wish to stop; Ctrl-C has reached the command already, as a member of the terminal's group."""
    before = die_with_parent(signal.SIGTERM)
    process = subprocess.Popen(command, env={**os.environ, **env}, preexec_fn=before)  # noqa: PLW1509  # one thread
    asked = False
    while True:
        try:
            code = process.wait(PAUSE)
        except subprocess.TimeoutExpired:
            if stopping and not asked:
                asked = True
                if stopping[0] != signal.SIGINT:
                    process.terminate()
            continue
        return code if code >= 0 else SIGNAL_CODES - code
