"""Where the office's data live, and its generated secrets."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
SECRET_NAMES = ("postgres", "vanthu_owner", "vanthu_app", "django")


def is_open_to_others(path: Path) -> bool:
    """Whether another user may walk down to `path`: every folder above must let others through."""
    return all(part.stat().st_mode & 0o001 for part in path.resolve().parents)


def var_folder() -> Path:
    """
    `VANTHU_VAR`, else `var/` in the checkout.

    PostgreSQL refuses root and runs as a user of its own, who must reach its data: for root in a checkout under a closed folder
    (root's home is the usual case) they live in /var/lib/vanthu, named by the checkout's path.
    """
    if named := os.environ.get("VANTHU_VAR"):
        return Path(named).resolve()
    if os.geteuid() == 0 and not is_open_to_others(CHECKOUT / "var"):
        mark = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:8]
        return Path("/var/lib/vanthu") / f"{CHECKOUT.name}-{mark}"
    return CHECKOUT / "var"


def socket_folder(var: Path) -> Path:
    """Where the private server listens; there is no port."""
    return var / "postgres" / "socket"


def write_durably(path: Path, text: str) -> None:
    """Write a small private file so that a crash leaves the old or the new one."""
    half = path.with_suffix(".new")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    half.rename(path)


def read_secrets(var: Path) -> dict[str, str]:
    """
    The generated passwords of this office, made on first use.

    :raises SystemExit: if the data are there and the secrets are not
    """
    path = var / "secrets.json"
    if not path.exists():
        if (var / "postgres" / "data").exists():
            message = f"{path} is missing while the database is there: restore it from the backup."
            raise SystemExit(message)
        var.mkdir(parents=True, exist_ok=True)
        write_durably(path, json.dumps({name: secrets.token_urlsafe(48) for name in SECRET_NAMES}))
    known: dict[str, str] = json.loads(path.read_text())
    return known
