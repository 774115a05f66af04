"""An office of its own, in a folder of its own, on ports of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config.ground.children import marked
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


@dataclass
class Ground:
    """One folder for data and one pair of ports."""

    var: Path
    port: int

    @property
    def env(self) -> dict[str, str]:
        """Only what a newcomer's shell has, so that nothing of this run's database leaks in."""
        return {"PATH": os.environ["PATH"], "HOME": str(self.var), "VANTHU_VAR": str(self.var), "PYTHONPATH": str(ROOT)}

    def start(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-P", "-m", "config.ground.supervisor", *words]
        return subprocess.Popen(
            command, cwd=self.var, env=self.env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip

    def serve(self) -> subprocess.Popen[str]:
        return self.start("serve", "--port", str(self.port))

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        process = self.start("with", "--", sys.executable, str(ROOT / "manage.py"), *words)
        output, _none = process.communicate(timeout=120)
        return subprocess.CompletedProcess(words, process.returncode, output)

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
        return sorted(
            pid
            for pid, command in self.processes().items()
            if NAMES[name] in command and "ground.supervisor" not in command
        )


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


@pytest.fixture(scope="module")
def ground(worker_id: str) -> Iterator[Ground]:
    # Not in pytest's folder: its parents are closed to the server's own user.
    var = Path(tempfile.mkdtemp(prefix="vanthu-ground."))
    number = int(worker_id.removeprefix("gw")) if worker_id != "master" else 0
    office = Ground(var, 18400 + 10 * number)
    yield office
    for pid in office.processes():
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not office.processes())
    shutil.rmtree(var, ignore_errors=True)
