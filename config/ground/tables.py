"""Whether the tables of the private database are those of this checkout; asking costs milliseconds, migrating seconds."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from config.ground.children import die_with_parent
from config.ground.database import DATABASE, PrivateServer
from config.ground.paths import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Mapping

OWNER = "vanthu_owner"
_SAID = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"


def fingerprint() -> str:
    """Of every migration of ours, and of the pinned versions that bring the others."""
    digest = hashlib.sha256()
    for path in [CHECKOUT / "requirements" / "run.txt", *sorted(CHECKOUT.glob("*/migrations/*.py"))]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def bring_up_to_date(server: PrivateServer | None, env: Mapping[str, str]) -> None:
    """Migrate as the tables' owner; skipped when the database says, in its comment, that this was done."""
    if server is None:
        migrate(env)
        return
    wanted = f"tables {fingerprint()}"
    with server.connect(OWNER, DATABASE) as db:
        said = db.execute(_SAID, (DATABASE,)).fetchone()
    if said and said[0] == wanted:
        return
    migrate(env)
    with server.connect(OWNER, DATABASE) as db:
        db.execute(f"COMMENT ON DATABASE {DATABASE} IS '{wanted}'")


def migrate(env: Mapping[str, str]) -> None:
    """
    Run Django's migrations.

    :raises SystemExit: with the exit code, after Django has said what is wrong
    """
    command = [sys.executable, str(CHECKOUT / "manage.py"), "migrate", "-v0"]
    ended = subprocess.run(
        command,
        env={**os.environ, **env, "VANTHU_ROLE": "owner"},
        check=False,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )
    if ended.returncode:
        raise SystemExit(ended.returncode)
