"""What a program costs with everything it starts: wall time, CPU time and memory."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOK_EVERY_SECONDS = 0.1
MEMORY = 4 << 30  # of one process: a hostile file shall not take the machine down through the peer


@dataclass(frozen=True, slots=True)
class Cost:
    """`largest_mb` is the largest process; `memory_mb` all of them together at the worst moment, without shared pages."""

    code: int
    wall: float
    cpu: float
    largest_mb: float
    memory_mb: float


@dataclass(slots=True)
class _Memory:
    """
    Highest figures of a family of processes, looked at ten times a second.

    The kernel's own sum (`ru_maxrss`) would count what their starter held before it became them.
    """

    largest: int = 0
    together: int = 0

    def look(self, root: int) -> None:
        held = [_held(pid) for pid in family(root)]
        self.largest = max(self.largest, max((high for high, _own in held), default=0))
        self.together = max(self.together, sum(own for _high, own in held))


def run(command: Sequence[str], *, folder: Path, seconds: float) -> Cost:
    """Run a program to its end, or until it has had its time: then it ends with a signal's code."""
    begun, memory = time.monotonic(), _Memory()
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(
            ["prlimit", f"--as={MEMORY}", *command],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        end = os.pidfd_open(process.pid)
        memory.look(process.pid)
        while not select.select([end], [], [], LOOK_EVERY_SECONDS)[0]:
            memory.look(process.pid)
            if time.monotonic() - begun > seconds:
                os.killpg(process.pid, signal.SIGKILL)
        wall = time.monotonic() - begun
        os.close(end)
        _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu, mega = used.ru_utime + used.ru_stime, 1 << 20
    return Cost(process.returncode, wall, cpu, memory.largest / mega, memory.together / mega)


def family(root: int) -> list[int]:
    """A process and all its descendants, whatever session they are in."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (parent := _parent(entry)) is not None:
            children.setdefault(parent, []).append(int(entry.name))
    found = [root]
    for pid in found:  # grows while it is gone through
        found += children.get(pid, [])
    return found


def _parent(entry: Path) -> int | None:
    try:
        return int((entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return None


def _held(pid: int) -> tuple[int, int]:
    """Bytes of memory: the most it ever held, and what it holds now without what it shares with others."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0, 0
    facts = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
    high, own = (int(facts[name][0]) << 10 if name in facts else 0 for name in ("VmHWM", "RssAnon"))
    return high, own
