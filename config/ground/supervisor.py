"""
Keep the office alive: its private database and the processes that need it.

    python -m config.ground.supervisor serve [--port N]      everything, until Ctrl-C or SIGTERM
    python -m config.ground.supervisor with -- COMMAND ...    the database alone, for the time of a command

The first to come on a folder starts the database; a command that finds it running uses it.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from config.ground.children import MARK, Child, die_with_parent, say, sweep
from config.ground.database import PrivateServer
from config.ground.paths import CHECKOUT, var_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TICK, GRACE = 0.05, 8.0


class Taken(SystemExit):
    """Something else holds what is needed; exit code 1 with the reason."""


def environment(var: Path) -> dict[str, str]:
    """What every process of the office knows."""
    return dict(os.environ, VANTHU_VAR=str(var), PYTHONUNBUFFERED="1", PYTHONPATH=str(CHECKOUT), **{MARK: str(var)})


def require_free_port(port: int) -> None:
    """:raises Taken: if somebody listens there"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            message = f"Cổng {port} đang được chương trình khác sử dụng (port {port} is taken)."
            raise Taken(message) from None


def lock_folder(var: Path) -> IO[str] | None:
    """The folder's lock, which the kernel frees however its holder ends; None if somebody holds it."""
    var.mkdir(parents=True, exist_ok=True)
    lock = (var / "serve.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    lock.seek(0)
    lock.truncate()
    print(os.getpid(), file=lock, flush=True)
    return lock


@contextmanager
def database(var: Path, stopping: list[int]) -> Iterator[Child | None]:
    """The private server, running; none where DATABASE_URL names another."""
    if os.environ.get("DATABASE_URL"):
        yield None
        return
    server = PrivateServer(var, durable=not os.environ.get("VANTHU_THROW_AWAY"))
    server.create()
    server.end_leftover()
    child = server.child()
    try:
        while not stopping and not server.answers():
            child.tend()
            time.sleep(TICK)
        if not stopping:
            server.lay_out()
        yield child
    finally:
        child.ask_to_stop()
        child.wait(60)


def migrate(env: dict[str, str]) -> None:
    """Bring the tables up to date, as their owner."""
    command = [sys.executable, str(CHECKOUT / "manage.py"), "migrate", "-v0"]
    subprocess.run(command, env=dict(env, VANTHU_ROLE="owner"), check=True, preexec_fn=die_with_parent(signal.SIGKILL))


def processes(env: dict[str, str], port: int) -> list[Child]:
    """Pages, event streams, jobs, OCR and the index; the database makes six."""
    manage = [sys.executable, CHECKOUT / "manage.py"]
    web = [
        sys.executable, "-m", "gunicorn", "config.wsgi", "-k", "gthread", "-w", 2, "--threads", 4, "-b", f"127.0.0.1:{port}",
        "--timeout", 60, "--graceful-timeout", 5, "--max-requests", 2000, "--max-requests-jitter", 200, "--log-level", "warning",
        "--no-control-socket",
    ]  # fmt: skip
    streams = [
        sys.executable, "-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", port + 1,
        "--log-level", "warning", "--lifespan", "off", "--timeout-graceful-shutdown", 3,
    ]  # fmt: skip
    return [
        Child("web", web, env, cwd=CHECKOUT),
        Child("streams", streams, env, cwd=CHECKOUT),
        Child("worker", [*manage, "worker", "default", "--concurrency=4"], env, cwd=CHECKOUT),
        Child("ocr", [*manage, "worker", "ocr"], env, cwd=CHECKOUT, nice=19),
        Child("indexer", [*manage, "search_indexer"], env, cwd=CHECKOUT),
    ]


def serve(port: int) -> None:
    """Run everything until asked to stop; the database ends last, so that what the others still write finds it."""
    stopping = _watch_signals()
    require_free_port(port)
    require_free_port(port + 1)
    var = var_folder()
    lock = lock_folder(var)
    if lock is None:
        message = f"{var} is served by process {(var / 'serve.lock').read_text().strip()} already."
        raise Taken(message)
    sweep(var)
    env = environment(var)
    env.setdefault("STREAMS_ORIGIN", f"http://127.0.0.1:{port + 1}")
    with database(var, stopping) as server:
        if not stopping:
            migrate(env)
        _tend(([server] if server else []), processes(env, port), stopping, port)
    say("stopped")


def _tend(first: list[Child], office: list[Child], stopping: list[int], port: int) -> None:
    if not stopping:
        say(f"http://127.0.0.1:{port}/")
    while not stopping:
        for child in first + office:
            child.tend()
        time.sleep(TICK)
    for child in office:
        child.ask_to_stop()
    until = time.monotonic() + GRACE
    for child in office:
        child.wait(max(0.1, until - time.monotonic()))


def run_with_database(command: list[str]) -> int:
    """
    Run a command with the database up and its tables current; several commands and a supervisor share it.

    Whoever started the database stops it when nobody uses it any more: each user holds a shared lock.
    """
    stopping = _watch_signals()
    var = var_folder()
    env = environment(var)
    while not stopping:
        with using(var) as users:
            lock = lock_folder(var)
            if lock is not None:
                return _run_as_host(command, var, env, stopping, users)
            if os.environ.get("DATABASE_URL") or PrivateServer(var).answers():
                return _run(command, env)
        time.sleep(0.2)
    return 1


def _run_as_host(command: list[str], var: Path, env: dict[str, str], stopping: list[int], users: IO[str]) -> int:
    sweep(var)
    with database(var, stopping):
        migrate(env)
        code = _run(command, env)
        fcntl.flock(users, fcntl.LOCK_EX)  # until the others are through
        return code


@contextmanager
def using(var: Path) -> Iterator[IO[str]]:
    """Hold the shared lock of those who use the database."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "using.lock").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        yield users


def _run(command: list[str], env: dict[str, str]) -> int:
    ended = subprocess.run(command, env=env, check=False, preexec_fn=die_with_parent(signal.SIGTERM))
    return ended.returncode


def _watch_signals() -> list[int]:
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda sig, _frame: stopping.append(sig))
    return stopping


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("serve").add_argument("--port", type=int, default=8000)
    acts.add_parser("with").add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    os.umask(0o022)
    if options.act == "serve":
        serve(options.port)
        return 0
    return run_with_database([word for word in options.command if word != "--"])


if __name__ == "__main__":
    sys.exit(main())
