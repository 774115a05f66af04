"""The system user that servers run as when root starts them: PostgreSQL and Elasticsearch refuse root."""

from __future__ import annotations

import subprocess

SERVER_USER = "vanthu"


def prefix_for_server_user() -> list[str]:
    """The user, made when it is not there, and the words before a command that let it run as that user."""
    if not _is_there():
        command = [
            "useradd",
            "--system",
            "--user-group",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            SERVER_USER,
        ]
        made = subprocess.run(command, check=False)
        if made.returncode and not _is_there():  # somebody else was quicker, or it cannot be made
            raise SystemExit(made.returncode)
    who = ["--reuid", SERVER_USER, "--regid", SERVER_USER, "--clear-groups", "--no-new-privs", "--inh-caps=-all"]
    return ["setpriv", *who]


def _is_there() -> bool:
    return subprocess.run(["id", SERVER_USER], capture_output=True, check=False).returncode == 0
