"""
One real Elasticsearch for a run of the tests, shared by its processes, started by the first that needs it.

    python -m tests.elastic_server FOLDER      the keeper: the server lives while anybody holds FOLDER/users

`TEST_ELASTICSEARCH="9 --heap 2560"` in the environment runs the same tests on the newer server, where its Java is.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from config.ground.children import die_with_parent
from tests.processes import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

READY = "ready "
PAUSE, START_SECONDS = 0.2, 900


@contextmanager
def shared_server(folder: Path) -> Iterator[str]:
    """The server's address; it ends some moments after the last of its users has, however they end."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with (folder / "start").open("a") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            if not (folder / "keeper").exists():
                begin(folder)
        yield address(folder)


@contextmanager
def started(*words: str) -> Iterator[list[str]]:
    """A server, or several, of one's own; the addresses."""
    before = die_with_parent(signal.SIGTERM)
    command = [str(ROOT / "bin/elasticsearch"), *words]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=before)  # noqa: PLW1509
    try:
        said = next((line for line in server.stdout or [] if line.startswith(READY)), "")
        if not said:
            raise SystemExit(server.wait() or 1)
        yield said.removeprefix(READY).strip().split(",")
    finally:
        server.terminate()
        server.wait()


def begin(folder: Path) -> None:
    """The keeper is nobody's child: whoever started it may end before others do."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (folder / "said").open("wb") as said:
        keeper = subprocess.Popen(
            [sys.executable, "-P", "-m", "tests.elastic_server", str(folder)],
            cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
        )  # fmt: skip
    (folder / "keeper").write_text(str(keeper.pid))


def address(folder: Path) -> str:
    """:raises RuntimeError: if the server does not come, with what it said"""
    said, keeper = folder / "said", int((folder / "keeper").read_text())
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and Path(f"/proc/{keeper}/stat").exists():
        for line in said.read_text(errors="replace").splitlines():
            if line.startswith(READY):
                return line.removeprefix(READY)
        if Path(f"/proc/{keeper}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            break
        time.sleep(PAUSE)
    raise RuntimeError(said.read_text(errors="replace")[-4000:])


def keep(folder: Path) -> int:
    """Run the server while somebody uses it."""
    command = [str(ROOT / "bin/elasticsearch"), *os.environ.get("TEST_ELASTICSEARCH", "8").split()]
    server = subprocess.Popen(command, preexec_fn=die_with_parent(signal.SIGTERM))  # noqa: PLW1509
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda sig, _frame: asked.append(sig))
    with (folder / "users").open("a") as users:
        while server.poll() is None and not asked and not _is_free(users):
            time.sleep(PAUSE)
    server.terminate()
    return server.wait()


def _is_free(users: object) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[arg-type]
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(keep(Path(sys.argv[1])))
