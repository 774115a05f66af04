"""Processes that are started again when they end, and that never outlive whoever started them."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from config.ground.paths import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

FIRST_DELAY, LONGEST_DELAY, STEADY_SECONDS = 0.5, 30.0, 20.0
MARK = "VANTHU_SERVED_BY"
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def say(*words: object) -> None:
    """A line for whoever watches the terminal."""
    print("serve:", *words, flush=True)  # noqa: T201  # this is a program's voice


def die_with_parent(sig: int, nice: int = 0) -> Callable[[], None]:
    """
    What a child runs between fork and exec, so that the kernel sends it `sig` when its parent ends, even by kill -9.

    The kernel watches the thread that forked: fork from the main thread alone.
    """
    parent = os.getpid()

    def before_exec() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, sig)
        if os.getppid() != parent:
            os._exit(1)
        if nice:
            os.nice(nice)

    return before_exec


def environment(var: Path) -> dict[str, str]:
    """What every process of the office knows; the mark lets a later start find what a killed supervisor left."""
    ours = {"VANTHU_VAR": str(var), "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(CHECKOUT), MARK: str(var)}
    return {**os.environ, **ours}


def watch_signals() -> list[int]:
    """A list that fills with the signals that ask to stop."""
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda sig, _frame: stopping.append(sig))
    return stopping


class Child:
    """One process of the office."""

    def __init__(
        self,
        name: str,
        command: Sequence[object],
        env: Mapping[str, str],
        *,
        cwd: Path,
        nice: int = 0,
        prefix: Sequence[str] = (),
        stop_signal: int = signal.SIGTERM,
        words: Path | None = None,
    ) -> None:
        """
        Describe a process.

        :param prefix: runs the command as somebody else and sees to its end itself (setpriv)
        :param words: file for what it prints, begun anew at each start; the terminal without
        """
        self.name, self.env, self.cwd, self.nice = name, dict(env), cwd, nice
        self.command = [*prefix, *map(str, command)]
        self.prefixed, self.stop_signal, self.words = bool(prefix), stop_signal, words
        self.process: subprocess.Popen[bytes] | None = None
        self.begun, self.due, self.delay = 0.0, 0.0, FIRST_DELAY

    def start(self) -> None:
        """Start in a session of its own: Ctrl-C reaches the supervisor alone, and the group can be ended as one."""
        before = None if self.prefixed else die_with_parent(self.stop_signal, self.nice)
        with self.words.open("wb") if self.words else nullcontext() as out:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.cwd,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT if out else None,
                start_new_session=True,
                preexec_fn=before,  # noqa: PLW1509
            )
        self.begun = time.monotonic()

    def tend(self) -> None:
        """Start what is not running, after a delay that doubles until a run has lasted."""
        if self.process is None:
            if time.monotonic() >= self.due:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.end_group()
        lasted = time.monotonic() - self.begun > STEADY_SECONDS
        self.delay = FIRST_DELAY if lasted else self.delay
        say(f"{self.name} ended with {code}, again in {self.delay} s" + (f", see {self.words}" if self.words else ""))
        self.process, self.due = None, time.monotonic() + self.delay
        self.delay = min(self.delay * 2, LONGEST_DELAY)

    def ask_to_stop(self) -> None:
        """Send the signal that lets it finish its work."""
        if self.process and self.process.poll() is None:
            with suppress(ProcessLookupError):
                self.process.send_signal(self.stop_signal)

    def wait(self, seconds: float) -> None:
        """Wait for the end, then end what is left of the group."""
        if self.process:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
            self.end_group()

    def end_group(self) -> None:
        """Grandchildren too."""
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


def marked(var: Path) -> Iterator[int]:
    """Every living process that some supervisor of this folder started, but not this one."""
    wanted = f"{MARK}={var}".encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with suppress(OSError):
                if wanted in (entry / "environ").read_bytes().split(b"\0"):
                    yield int(entry.name)


def sweep(var: Path, grace: float = 8.0) -> None:
    """End what a killed supervisor left behind."""
    asked = time.monotonic()
    while left := list(marked(var)):
        late = time.monotonic() - asked > grace
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if late else signal.SIGTERM)
        time.sleep(0.1)
