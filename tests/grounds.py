"""An office of its own for tests and benches: a folder for its data, a pair of ports, and eyes on all its processes."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from config.ground.children import die_with_parent, marked
from tests.processes import ROOT, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = {
    "database": "/postgres -D",
    "web": "gunicorn",
    "streams": "uvicorn",
    "worker": "worker default",
    "ocr": "worker ocr",
    "indexer": "search_indexer",
}
SUPERVISOR = "ground.supervisor"


@dataclass
class Ground:
    """One folder for data and one pair of ports."""

    var: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        """Only what a newcomer's shell has, so that nothing of this run's database leaks in."""
        where = {"HOME": str(self.var), "VANTHU_VAR": str(self.var), "PYTHONPATH": str(ROOT)}
        return {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings"} | where | self.settings

    def start(self, *words: str, said: Path | None = None) -> subprocess.Popen[str]:
        """
        A supervisor of this office; it ends with this process, however that ends.

        :param said: a file for what it and its children print; without one, a pipe that the caller reads
        """
        command = [sys.executable, "-P", "-m", f"config.{SUPERVISOR}", *words]
        with said.open("a") if said else nullcontext(subprocess.PIPE) as out:
            return subprocess.Popen(
                command, cwd=self.var, env=self.env, text=True, stdout=out, stderr=subprocess.STDOUT,
                start_new_session=True, preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509
            )  # fmt: skip

    @property
    def said(self) -> Path:
        """What the office that began last has printed."""
        return self.var / "said.log"

    def serve(self, said: Path | None = None) -> subprocess.Popen[str]:
        """The office; it writes into a file, because a pipe that nobody reads stops whoever writes when it is full."""
        if said is None:
            self.said.unlink(missing_ok=True)
        return self.start("serve", "--port", str(self.port), said=said or self.said)

    def run(self, *words: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """A Python program with the database up; what it and the supervisor say, together."""
        process = self.start("with", "--", sys.executable, *words)
        try:
            output, _none = process.communicate(timeout=seconds)
        finally:
            process.kill()
        return subprocess.CompletedProcess(words, process.returncode, output)

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run(str(ROOT / "manage.py"), *words)

    def fetch(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code

    def is_ready(self) -> bool:
        return self.fetch("/readyz") == 200

    def processes(self) -> dict[int, str]:
        """Everything that lives because of this office, with its command line."""
        found = {pid: command_of(pid) for pid in marked(self.var)}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and str(self.var) in (command := command_of(int(entry.name))):
                found.setdefault(int(entry.name), command)
        found.pop(os.getpid(), None)
        return {pid: command for pid, command in found.items() if command}

    def find(self, name: str) -> list[int]:
        """Process ids, the eldest first, without the supervisor's."""
        return _named(name, self.processes())

    def is_whole(self) -> bool:
        """Whether every process of the office is there and pages are served."""
        processes = self.processes()
        return all(_named(name, processes) for name in NAMES) and self.is_ready()

    def below(self, pid: int) -> set[int]:
        """What a process started, and what that started."""
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                children.setdefault(parent_of(int(entry.name)), []).append(int(entry.name))
        found, left = set[int](), [pid]
        while left:
            left += (more := children.get(left.pop(), []))
            found |= set(more)
        return found

    def clear(self) -> None:
        """End whatever is left of the office, and its folder."""
        for _try in range(100):
            left = self.processes()
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if not left:
                break
            with suppress(AssertionError):
                wait_for(lambda: not self.processes(), 0.5)
        shutil.rmtree(self.var, ignore_errors=True)


@contextmanager
def new_ground(port: int = 0, settings: dict[str, str] | None = None) -> Iterator[Ground]:
    """An office for the time of a block. Not in pytest's folder: its parents are closed to the server's own user."""
    office = Ground(Path(tempfile.mkdtemp(prefix="vanthu-ground.")), port or free_ports(), settings or {})
    try:
        yield office
    finally:
        office.clear()


def _named(name: str, processes: dict[int, str]) -> list[int]:
    found = [pid for pid, words in processes.items() if NAMES[name] in words and SUPERVISOR not in words]
    return sorted(found, key=begun_at)


def free_ports() -> int:
    """A port below those that the system gives away by itself; it and the next one are free."""
    first = 20000 + os.getpid() % 3000 * 2
    for port in range(first, first + 2000, 2):
        with (
            suppress(OSError),
            socket.create_server(("127.0.0.1", port)),
            socket.create_server(("127.0.0.1", port + 1)),
        ):
            return port
    raise OSError("no pair of free ports")


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def begun_at(pid: int) -> int:
    """When a living process began, in ticks since the machine did: with it, a number that is used again is told apart."""
    facts = _facts_of(pid)
    return int(facts[19]) if facts and facts[0] != "Z" else 0


def parent_of(pid: int) -> int:
    facts = _facts_of(pid)
    return int(facts[1]) if facts else 0


def _facts_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []
