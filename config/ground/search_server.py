"""
A real Elasticsearch for tests, in the foreground, on loopback, without a container: `bin/elasticsearch [8|9] [--nodes N]`.

It says `ready URL[,URL]` when it answers and lives until SIGTERM or Ctrl-C. Its data are gone with it. However it ends, nothing
stands in the way of the next start: ports and folders are its own each time, and the kernel ends servers whose starter died.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from config.ground.children import Child, environment, sweep, watch_signals
from config.ground.paths import is_open_to_others
from config.ground.search_release import RELEASES, Release, fetch, java_for, require_java
from config.ground.somebody import SERVER_USER, prefix_for_server_user

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HOST, PREFIX = "127.0.0.1", "vanthu-elastic."
TICK, START_SECONDS, STOP_SECONDS = 0.1, 600, 30
TAIL_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class Node:
    """One server of the cluster."""

    name: str
    http: int
    transport: int
    home: Path

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.http}"

    @property
    def words(self) -> Path:
        """What it prints."""
        return self.home / "said.log"


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, all different."""
    with ExitStack() as probes:
        found = [probes.enter_context(socket.socket()) for _one in range(count)]
        for probe in found:
            probe.bind((HOST, 0))
        return [probe.getsockname()[1] for probe in found]


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for the time of a run; those of runs that were killed are cleared away, with what is left of their servers."""
    above = Path(tempfile.gettempdir())
    if os.geteuid() == 0 and not is_open_to_others(above / "x"):
        above = Path("/tmp")  # noqa: S108  # the servers' user must reach it
    for left in above.glob(f"{PREFIX}*"):
        _clear_if_left(left)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=above))
    folder.chmod(0o711)
    try:
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clear_if_left(folder: Path) -> None:
    """The kernel frees the lock of whoever was killed; without a lock file it is being made this moment."""
    with suppress(OSError), (folder / "lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        sweep(folder)
        shutil.rmtree(folder, ignore_errors=True)


def lay_out(nodes: Sequence[Node], release: Release) -> None:
    """The folders and settings of every node."""
    for node in nodes:
        for name in ("conf", "data", "logs", "tmp"):
            (node.home / name).mkdir(parents=True)
        conf = node.home / "conf"
        shutil.copy(release.folder / "config/log4j2.properties", conf)
        # The temporary folder must not lie above the server's, and the usual options want to write a log that this has no use for.
        (conf / "jvm.options").write_text(f"-XX:+UseSerialGC\n-Djava.io.tmpdir={node.home / 'tmp'}\n")
        settings = settings_of(node, nodes)
        (conf / "elasticsearch.yml").write_text("".join(f"{key}: {json.dumps(v)}\n" for key, v in settings.items()))


def settings_of(node: Node, nodes: Sequence[Node]) -> dict[str, object]:
    """Security is off because it listens on loopback for a test; an operator's server is another matter (docs/operations.md)."""
    alone = {"discovery.type": "single-node"}
    together = {
        "cluster.initial_master_nodes": [one.name for one in nodes],
        "discovery.seed_hosts": [f"{HOST}:{one.transport}" for one in nodes],
    }
    return {
        "cluster.name": "vanthu-test",
        "node.name": node.name,
        "network.host": HOST,
        "http.port": node.http,
        "transport.port": node.transport,
        "xpack.security.enabled": False,
        "path.data": str(node.home / "data"),
        "path.logs": str(node.home / "logs"),
        "cluster.routing.allocation.disk.threshold_enabled": False,
        **(alone if len(nodes) == 1 else together),
    }


def child_of(node: Node, release: Release, java: Path, *, heap_mb: int, prefix: Sequence[str], mark: Path) -> Child:
    """The launcher of one node, which starts and ends the server itself."""
    home = release.folder
    env = {
        "PATH": "/usr/bin:/bin", "HOME": str(node.home), "LC_ALL": "C.UTF-8",
        "JAVA": str(java / "bin/java"), "JAVA_TYPE": "ES_JAVA_HOME", "ES_JAVA_HOME": str(java),
        "CLI_NAME": "server", "CLI_SCRIPT": str(home / "bin/elasticsearch"), "CLI_LIBS": "lib/tools/server-cli",
        "ES_HOME": str(home), "ES_PATH_CONF": str(node.home / "conf"), "ES_TMPDIR": str(node.home / "tmp"),
        "ES_JAVA_OPTS": f"-Xms{heap_mb}m -Xmx{heap_mb}m", "ES_DISTRIBUTION_TYPE": "tar",
        "VANTHU_SERVED_BY": environment(mark)["VANTHU_SERVED_BY"],
    }  # fmt: skip
    command = [
        java / "bin/java", "-Xms4m", "-Xmx64m", "-XX:+UseSerialGC", "-Dcli.name=server",
        f"-Dcli.script={home / 'bin/elasticsearch'}", "-Dcli.libs=lib/tools/server-cli", f"-Des.path.home={home}",
        f"-Des.path.conf={node.home / 'conf'}", "-Des.distribution.type=tar", "-Des.java.type=ES_JAVA_HOME",
        "-cp", release.class_path(), release.main_class,
    ]  # fmt: skip
    before = [*prefix, "--pdeathsig", "TERM", "--"] if prefix else []
    return Child(node.name, command, env, cwd=home, prefix=before, words=node.words)


def run(release: Release, *, count: int, port: int | None, heap_mb: int) -> int:
    """Start the servers, say that they are ready, stop them when asked."""
    stopping = watch_signals()
    java = require_java(release)
    fetch(release)
    with scratch_folder() as folder:
        ports = free_ports(2 * count)
        http = [port + place for place in range(count)] if port else ports[:count]
        nodes = [Node(f"n{i + 1}", http[i], ports[count + i], folder / f"n{i + 1}") for i in range(count)]
        lay_out(nodes, release)
        prefix = prefix_for_server_user() if os.geteuid() == 0 else []
        if prefix:
            subprocess.run(["chown", "-R", f"{SERVER_USER}:", *(node.home for node in nodes)], check=True)
        children = [child_of(one, release, java, heap_mb=heap_mb, prefix=prefix, mark=folder) for one in nodes]
        try:
            return _tend(nodes, children, stopping)
        finally:
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.wait(STOP_SECONDS)


def _tend(nodes: Sequence[Node], children: Sequence[Child], stopping: list[int]) -> int:
    """Until asked to stop. A node that ends later is not started again: what a cluster does then is what a test looks at."""
    for child in children:
        child.start()
    end, told = time.monotonic() + START_SECONDS, False
    while not stopping:
        ended = [i for i, child in enumerate(children) if child.process and child.process.poll() is not None]
        if len(ended) == len(children) or (ended and not told) or (not told and time.monotonic() > end):
            return _complain(nodes[ended[0] if ended else 0])
        if not told and _is_whole(nodes):
            told = True
            print("ready " + ",".join(node.url for node in nodes), flush=True)  # noqa: T201  # this is a program's voice
        time.sleep(TICK)
    return 0


def _complain(node: Node) -> int:
    print(f"{node.name}:\n{node.words.read_text(errors='replace')[-TAIL_CHARACTERS:]}", file=sys.stderr)  # noqa: T201
    return 1


def _is_whole(nodes: Sequence[Node]) -> bool:
    """Every node answers and sees all others."""
    return all(_health(node).get("number_of_nodes") == len(nodes) for node in nodes)


def _health(node: Node) -> dict[str, object]:
    asking = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with asking.open(f"{node.url}/_cluster/health?local=true", timeout=5) as answer:
            found: dict[str, object] = json.load(answer)
    except (OSError, ValueError):
        return {}
    return {} if found.get("status") == "red" or found.get("timed_out") else found


def missing_packages(release: Release) -> list[str]:
    """Debian packages without which it cannot be fetched or started; Java for 9 is in no package of Debian 12."""
    found = []
    if release is RELEASES[8] and java_for(release) is None:
        found.append("openjdk-17-jre-headless")
    if not release.is_here and not shutil.which("mvn"):
        found.append("maven")
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        found.append("util-linux")
    return found


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bin/elasticsearch", description=__doc__)
    parser.add_argument("major", type=int, nargs="?", default=8, choices=RELEASES, help="8 (default) or 9")
    parser.add_argument("--nodes", type=int, default=1, metavar="N", help="servers of one cluster")
    parser.add_argument("--port", type=int, help="of the first server; free ones are chosen without")
    parser.add_argument("--heap", type=int, default=512, metavar="MB", help="of each server")
    parser.add_argument("--fetch", action="store_true", help="bring it into the machine's cache, start nothing")
    parser.add_argument("--missing", action="store_true", help="only name the Debian packages that it needs")
    options = parser.parse_args()
    os.umask(0o022)
    release = RELEASES[options.major]
    if options.missing:
        print("\n".join(f"need {name}" for name in missing_packages(release)))  # noqa: T201
        return 0
    if options.fetch:
        require_java(release)
        fetch(release)
        return 0
    return run(release, count=max(1, options.nodes), port=options.port, heap_mb=options.heap)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())
