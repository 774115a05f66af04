"""Where the engine and its Vietnamese model are on this machine, and which they are; the standard library alone."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

MODEL = "vie.traineddata"


def folder() -> str:
    """The model's folder: the one that is set, where Debian puts it, or where the engine's program looks; empty without any."""
    if given := os.environ.get("TESSDATA_PREFIX", ""):
        return given
    known = max(Path("/usr/share").glob(f"tesseract-ocr/*/tessdata/{MODEL}"), default=None)
    return str(known.parent) if known else _listed()


@lru_cache(maxsize=1)
def _listed() -> str:
    return _said("tesseract", "--list-langs").partition('"')[2].partition('"')[0]


def _said(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, timeout=10, check=True).stdout.decode(errors="replace")
    except (OSError, subprocess.SubprocessError):
        return ""


def library(models: str) -> str:
    """What the library calls itself, loaded in a process of its own with the model of a folder; empty where that fails."""
    where = packages()
    say = (
        "import sys; sys.path.append(sys.argv[1]); import tesserocr; "
        "tesserocr.PyTessBaseAPI(path=sys.argv[2], lang='vie'); print(tesserocr.tesseract_version())"
    )
    return _said(sys.executable, "-I", "-S", "-c", say, where, models).partition("\n")[0] if where else ""


def program() -> str:
    """What the program calls itself; empty where there is none."""
    return _said("tesseract", "--version").partition("\n")[0]


def packages() -> str:
    """The folder that tesserocr is installed in; empty where it is not."""
    found = find_spec("tesserocr")
    places = found.submodule_search_locations if found else None
    return str(Path(places[0]).parent) if places else ""


@lru_cache(maxsize=4)
def engine_version(model: Path | None) -> str:
    """The library and its model, as part of what a page is known by; empty without them, and no page is known then."""
    # Here, because it takes as long to load as all the rest, and children have no need of it.
    from importlib.metadata import PackageNotFoundError, version

    try:
        trained = hashlib.sha256((Path(model or folder()) / MODEL).read_bytes()).hexdigest()
        return f"tesserocr {version('tesserocr')} {trained[:16]}"
    except (OSError, PackageNotFoundError):
        return ""
