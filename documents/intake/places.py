"""The watched folder as a place: what lies in it, what has come to rest, and moving things out without losing any."""

from __future__ import annotations

import os
import time
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from django.core.cache import cache

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DONE, FAILED = "done", "failed"
HALF = (
    ".part",
    ".partial",
    ".tmp",
    ".temp",
    ".crdownload",
    ".filepart",
    ".swp",
)  # still being written by whoever named them so
SIDECAR = ".json"
REMEMBERED_SECONDS = 24 * 3600
LONGEST_NAME, LONGEST_ENDING = 230, 20  # bytes


def lying_in(root: Path) -> Iterator[Path]:
    """
    Every file that wants to be taken, in the order of its name; never what was taken before, hidden, half written, or a link.

    A link would let whoever may write here have any file of the machine read.
    """
    for folder, names, files in os.walk(root):
        here = root / folder
        is_top = here == root
        names[:] = sorted(name for name in names if name[0] != "." and not (is_top and name in {DONE, FAILED}))
        for name in sorted(files):
            path = here / name
            if name[0] not in ".~" and not name.lower().endswith(HALF) and path.is_file() and not path.is_symlink():
                yield path


def sidecar_of(path: Path) -> Path | None:
    """
    Where what is said about a file lies, if anything is.

    `SCAN.PDF.JSON` speaks of `scan.pdf` too, as scanners and file servers write names; not where its own file lies beside it.
    """
    usual, names = path.name + SIDECAR, _names_in(path.parent)
    if usual in names:
        return path.with_name(usual)
    for name in _written_otherwise(usual, (name for name in names if name.lower().endswith(SIDECAR))):
        own = name[: -len(SIDECAR)]
        if own == path.name or own not in names:
            return path.with_name(name)
    return None


def is_lonely(sidecar: Path) -> bool:
    """Whether the file that it speaks of lies under no name beside it."""
    own = sidecar.with_suffix("")
    return not own.exists() and not _written_otherwise(own.name, _names_in(own.parent))


def _names_in(folder: Path) -> set[str]:
    return set(os.listdir(folder))  # noqa: PTH208  # names alone: there may be thousands


def _written_otherwise(name: str, names: Iterable[str]) -> list[str]:
    folded = name.casefold()
    return sorted(one for one in names if one.casefold() == folded)


def readable(path: Path) -> Path:
    """The path in letters that a database and a terminal take: old programs write names in bytes that are no text."""
    return Path(os.fsencode(path).decode("utf-8", "replace"))


def tidy(path: Path) -> Path:
    """The same, with room behind each name for a number, `.json` and `.txt`: a disk takes 255 bytes."""
    return Path(*map(_fitting, readable(path).parts))


def _fitting(name: str) -> str:
    data, ending = name.encode(), PurePath(name).suffix.encode()[-LONGEST_ENDING:]
    if len(data) <= LONGEST_NAME:
        return name
    return (data[: LONGEST_NAME - len(ending)] + ending).decode("utf-8", "ignore")


def signature(path: Path) -> tuple[int, int] | None:
    """Size and time of the last change; None for what is gone."""
    try:
        facts = path.lstat()
    except FileNotFoundError:
        return None
    return facts.st_size, facts.st_mtime_ns


def rests(path: Path, seconds: float) -> bool:
    """
    Whether nothing has changed the file for so long.

    By its own times, of which the inode's tells of writing even where a copy sets the other one back; where the clock of a
    file server goes ahead, by looking twice.
    """
    try:
        facts = path.lstat()
    except FileNotFoundError:
        return False
    now = time.time()  # the file system's own clock, whatever the office's says
    if now - max(facts.st_mtime, facts.st_ctime) >= seconds:
        return True
    seen = [facts.st_size, facts.st_mtime_ns]
    key = f"intake-rest:{facts.st_dev}:{facts.st_ino}"
    known = cache.get(key)
    if known and known[:2] == seen:
        return bool(now - known[2] >= seconds)
    cache.set(key, [*seen, now], REMEMBERED_SECONDS)
    return False


def move(path: Path, target: Path) -> Path:
    """
    Put a file at `target`, or beside it where that is taken, and return where it is; nothing is ever written over.

    A link is made first and the old name taken away after it, so that the file has a name at every moment.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    for free in _names_beside(target):
        try:
            os.link(path, free, follow_symlinks=False)
        except FileExistsError:
            continue
        except OSError:  # a file system without links, such as a scanner's share
            if free.exists():
                continue
            path.rename(free)
        else:
            path.unlink()
        _sync(free.parent)
        _sync(path.parent)
        return free
    raise AssertionError  # names do not run out


def _names_beside(target: Path) -> Iterator[Path]:
    yield target
    number = 2
    while True:
        yield target.with_name(f"{target.stem} ({number}){target.suffix}")
        number += 1


def write_reason(beside: Path, sentence: str) -> None:
    """`hỏng.pdf.txt` says why `hỏng.pdf` lies there, for people who only see the folder."""
    path = beside.with_name(beside.name + ".txt")
    with path.open("w", encoding="utf-8-sig", newline="\r\n") as stream:  # as the editors of scanning stations like it
        stream.write(sentence + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def forget_reason(beside: Path) -> None:
    """Once the file was corrected and taken, its old reason speaks of nothing."""
    if not beside.exists():
        beside.with_name(beside.name + ".txt").unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
