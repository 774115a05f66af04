"""
Bytes under their hash, never rewritten.

They are durable before any row speaks of them: written beside, synced, renamed, the folder synced. Bytes without a row are
normal (a refused or interrupted upload); a row without bytes is what must never be.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import IO, TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 1 << 20
MOST_PICTURES = 300


@dataclass(frozen=True, slots=True)
class StoredFile:
    """The hash of kept bytes, and how many they are."""

    sha256: str
    size: int


def keep(stream: IO[bytes]) -> StoredFile:
    """
    Make the bytes of a stream durable and return their hash and size.

    Keeping the same bytes twice keeps them once.
    """
    root = _folder("incoming")
    digest, size = hashlib.sha256(), 0
    with NamedTemporaryFile(dir=root, delete=False) as half:
        try:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                half.write(chunk)
            half.flush()
            os.fsync(half.fileno())
            target = path_of(digest.hexdigest())
            _place(Path(half.name), target)
        finally:
            Path(half.name).unlink(missing_ok=True)
    return StoredFile(digest.hexdigest(), size)


def _place(half: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    half.chmod(0o440)
    if not target.exists():
        half.rename(target)
    for folder in (target.parent, target.parent.parent):
        _sync(folder)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def path_of(sha256: str) -> Path:
    """Where the bytes with this hash lie."""
    return _folder("sha256") / sha256[:2] / sha256


def remove(sha256: str) -> None:
    """Take the bytes with this hash off the disk, and every picture made of them."""
    path_of(sha256).unlink(missing_ok=True)
    shutil.rmtree(_pictures_of(sha256), ignore_errors=True)


def picture(sha256: str, name: str) -> bytes | None:
    """A picture that was made of the bytes with this hash, while it is kept."""
    try:
        return (_pictures_of(sha256) / name).read_bytes()
    except FileNotFoundError:
        return None


def keep_picture(sha256: str, name: str, picture: bytes) -> None:
    """
    For the next one who looks, if there is room: bytes under a hash never change. It goes when they go, and after a day.

    Of one file `MOST_PICTURES` are kept.
    """
    folder = _pictures_of(sha256)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        if sum(1 for _ in folder.iterdir()) < MOST_PICTURES:
            with NamedTemporaryFile(dir=folder, delete=False) as half:
                half.write(picture)
            Path(half.name).rename(folder / name)
    if not path_of(sha256).exists():  # removed meanwhile
        shutil.rmtree(folder, ignore_errors=True)


def _pictures_of(sha256: str) -> Path:
    return _folder("pictures") / sha256[:2] / sha256


def sweep(before: float) -> None:
    """Take away what killed jobs left half done, and pictures, if untouched since that moment, in seconds since 1970."""
    for left in (*_folder("scratch").iterdir(), *_folder("incoming").iterdir(), *_folder("pictures").glob("*/*/*")):
        with suppress(OSError):  # somebody else's now
            if max(path.stat().st_mtime for path in (left, *left.rglob("*"))) < before:
                shutil.rmtree(left) if left.is_dir() else left.unlink()


def hash_of(path: Path) -> str:
    """The hash of what lies at `path` now."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _folder(name: str) -> Path:
    folder = Path(settings.MEDIA_ROOT) / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder for one job, gone afterwards."""
    with TemporaryDirectory(dir=_folder("scratch"), ignore_cleanup_errors=True) as name:
        yield Path(name)
