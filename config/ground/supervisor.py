"""
Keep the office alive: its private database and the processes that need it.

    python -m config.ground.supervisor serve [--port N]      everything, until Ctrl-C or SIGTERM
    python -m config.ground.supervisor with -- COMMAND ...    the database alone, for the time of a command
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import time

from config.ground.children import Child, environment, say, sweep, watch_signals
from config.ground.command import run_with_database
from config.ground.database import running
from config.ground.locks import HostLock, host_of
from config.ground.paths import CHECKOUT, var_folder
from config.ground.tables import bring_up_to_date

TICK, GRACE = 0.05, 8.0
HOST = "127.0.0.1"


class Taken(SystemExit):
    """Something else holds what is needed; exit code 1 with the reason."""


def require_free_port(port: int) -> None:
    """:raises Taken: if somebody listens there"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            message = f"Cổng {port} đang được chương trình khác sử dụng (port {port} is taken)."
            raise Taken(message) from None


def processes(env: dict[str, str], port: int) -> list[Child]:
    """Pages, event streams, jobs, OCR and the index; the database makes six."""
    manage = [sys.executable, CHECKOUT / "manage.py"]
    web = [
        sys.executable, "-m", "gunicorn", "config.wsgi", "-k", "gthread", "-w", 2, "--threads", 4, "-b", f"{HOST}:{port}",
        "--timeout", 60, "--graceful-timeout", 5, "--max-requests", 2000, "--max-requests-jitter", 200, "--log-level", "warning",
        "--no-control-socket",
    ]  # fmt: skip
    streams = [
        sys.executable, "-m", "uvicorn", "config.asgi:application", "--host", HOST, "--port", port + 1,
        "--log-level", "warning", "--lifespan", "off", "--timeout-graceful-shutdown", 3,
    ]  # fmt: skip
    return [
        Child("web", web, env, cwd=CHECKOUT),
        Child("streams", streams, env, cwd=CHECKOUT),
        Child("worker", [*manage, "worker", "default", "--concurrency=4"], env, cwd=CHECKOUT),
        Child("ocr", [*manage, "worker", "ocr", "copies"], env, cwd=CHECKOUT, nice=19),
        Child("indexer", [*manage, "search_indexer"], env, cwd=CHECKOUT),
    ]


def serve(port: int) -> None:
    """Run everything until asked to stop; the database ends last, so that what the others still write finds it."""
    stopping = watch_signals()
    var = var_folder()
    lock = _take_over(port, stopping)
    if lock is None:
        return
    env = environment(var) | _streams(port)
    with running(var, stopping) as (server, database):
        if not stopping:
            bring_up_to_date(server, env)
            lock.say_ready()
            _tend([database] if database else [], processes(env, port), stopping, port)
    say("stopped")


def _take_over(port: int, stopping: list[int]) -> HostLock | None:
    """The folder's lock, after a command that has its database up is through; None if asked to stop meanwhile."""
    var, told = var_folder(), False
    while not stopping:
        lock = HostLock.take(var, "serve")
        if lock is not None:
            sweep(var)  # first: pages of a killed office hold the port while they still answer somebody
            require_free_port(port)
            require_free_port(port + 1)
            return lock
        host = host_of(var)
        if host.kind == "serve":
            message = (
                f"Văn phòng này đang chạy ở tiến trình {host.pid} ({var} is served by process {host.pid} already)."
            )
            raise Taken(message)
        if not told:
            say(f"waiting for the command of process {host.pid}")
            told = True
        time.sleep(TICK)
    return None


def _streams(port: int) -> dict[str, str]:
    """Event streams stand on the next port: pages may ask there, and nobody else is answered."""
    pages = ",".join(f"http://{name}:{port}" for name in (HOST, "localhost"))
    ours = {"STREAMS_ORIGIN": f"http://{HOST}:{port + 1}", "STREAMS_FOR": pages}
    return {name: os.environ.get(name, value) for name, value in ours.items()}


def _tend(first: list[Child], office: list[Child], stopping: list[int], port: int) -> None:
    told = False
    while not stopping:
        for child in first + office:
            child.tend()
        if not told and _answers(port):
            told = True
            say(f"http://{HOST}:{port}/")
        time.sleep(TICK)
    say("stopping")
    for child in office:
        child.ask_to_stop()
    until = time.monotonic() + GRACE
    for child in office:
        child.wait(max(0.1, until - time.monotonic()))


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("serve").add_argument("--port", type=int, default=8000)
    acts.add_parser("port").add_argument("port", type=int)
    acts.add_parser("with").add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    os.umask(0o022)
    if options.act == "with":
        return run_with_database([word for word in options.command[:1] if word != "--"] + options.command[1:])
    if options.act == "port":
        require_free_port(options.port)
        require_free_port(options.port + 1)
        return 0
    serve(options.port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
