"""
Who runs the database of a folder, and who else uses it.

`serve.lock` is held by whoever started the database: an office (`serve`) or a command (`command`). `using.lock` is held in
common by commands. The kernel frees both however their holder ends.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Kind = Literal["serve", "command"]
PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Host:
    """What the lock file says about its holder; `is_ready` when tables are current and others may come in."""

    pid: int
    kind: str
    is_ready: bool


class HostLock:
    """Held by whoever runs the database of `var`."""

    def __init__(self, file: IO[str], kind: Kind) -> None:
        self._file, self._kind = file, kind
        self._write()

    @classmethod
    def take(cls, var: Path, kind: Kind) -> HostLock | None:
        """The lock, or None while somebody else holds it."""
        var.mkdir(parents=True, exist_ok=True)
        file = (var / "serve.lock").open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        return cls(file, kind)

    def say_ready(self) -> None:
        """Let others in."""
        self._write(" ready")

    def _write(self, more: str = "") -> None:
        self._file.seek(0)
        self._file.truncate()
        self._file.write(f"{os.getpid()} {self._kind}{more}\n")
        self._file.flush()


def host_of(var: Path) -> Host:
    """Who held the lock last."""
    words = (var / "serve.lock").read_text().split()
    pid = int(words[0]) if words else 0
    return Host(pid, words[1] if len(words) > 1 else "", "ready" in words)


@contextmanager
def using(var: Path) -> Iterator[IO[str]]:
    """Hold the common lock of those who use the database."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "using.lock").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        yield users


def wait_for_others(users: IO[str], stopping: list[int]) -> None:
    """Until nobody else uses the database, or we are asked to stop."""
    while not stopping:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(PAUSE)
        else:
            return
