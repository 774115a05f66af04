"""Where the engine and its Vietnamese model are on this machine, and which they are; the standard library alone."""

from __future__ import annotations

import hashlib
import os
import subprocess
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

MODEL = "vie.traineddata"


def folder() -> str:
    """The model's folder: the one that is set, where Debian puts it, or where the engine's program looks; empty without any."""
    if given := os.environ.get("TESSDATA_PREFIX", ""):
        return given
    known = next(Path("/usr/share").glob(f"tesseract-ocr/*/tessdata/{MODEL}"), None)
    return str(known.parent) if known else _listed()


def _listed() -> str:
    try:
        said = subprocess.run(["tesseract", "--list-langs"], capture_output=True, timeout=10, check=False).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    return said.decode(errors="replace").partition('"')[2].partition('"')[0]


def packages() -> str:
    """The folder that tesserocr is installed in; empty where it is not."""
    found = find_spec("tesserocr")
    return str(Path(found.origin).parents[1]) if found and found.origin else ""


@lru_cache(maxsize=4)
def engine_version(model: Path | None) -> str:
    """The engine and its model, as part of what a page is known by; empty where there is no engine."""
    # Here, because it takes as long to load as all the rest, and children have no need of it.
    from importlib.metadata import PackageNotFoundError, version

    try:
        trained = hashlib.sha256((Path(model or folder()) / MODEL).read_bytes()).hexdigest()
        return f"tesserocr {version('tesserocr')} {trained[:16]}"
    except (OSError, PackageNotFoundError):
        return ""
