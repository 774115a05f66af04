"""
Files that only an office program reads (RTF, DOC, ODT, XLS, ODS): converted by LibreOffice if it is there, then read.

The file itself is never touched, and what comes out is no more believed than what went in. Texts become Word files and tables
those of Excel, whose fonts tell old encodings; a text without words becomes PDF, because it may be scans pasted into pages.
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
import time
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from documents.ocr.model import Crops, FileReading, Limits, Reason
from documents.ocr.picture import run_child
from documents.ocr.sniff import sniff
from documents.ocr.supervisor import read_file as read_paper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from documents.ocr.model import KnownPage

SECONDS, WAIT_SECONDS = 40, 300
MEMORY_BYTES = 3 << 29
LOOK_EVERY_SECONDS = 0.2
_TEXT, _TABLE, _PDF = ("docx", "pdf"), ("xlsx",), ("pdf",)
# By media type: how the file is called for the program, and what it is turned into, the first that gives words.
CONVERTED: dict[str, tuple[str, tuple[str, ...]]] = {
    "application/rtf": ("rtf", _TEXT),
    "application/msword": ("doc", _TEXT),
    "application/vnd.oasis.opendocument.text": ("odt", _TEXT),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx", _PDF),
    "application/vnd.ms-excel": ("xls", _TABLE),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods", _TABLE),
}
LOCKED = "application/x-encrypted-office"


def read_file(
    path: Path,
    *,
    limits: Limits | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    recall: Callable[[str], KnownPage | None] | None = None,
    model: Path | None = None,
    office: Path | None = None,
    scratch: Path,
    is_cleared: bool = False,
) -> FileReading:
    """
    Read a file of any kind: `supervisor.read_file`, and before it LibreOffice where nothing else opens the file.

    :param office: the program `soffice`; without it such files are not read, and say so
    """
    limits, sniffed = limits or Limits(), sniff(path)
    if sniffed.media_type == LOCKED:
        return FileReading("failed", Reason.ENCRYPTED)
    reading = read_paper(
        path, limits=limits, on_progress=on_progress, recall=recall, model=model, scratch=scratch, is_cleared=is_cleared
    )
    if sniffed.media_type not in CONVERTED or reading.reason not in (Reason.OLD_OFFICE, Reason.NO_TEXT):
        return reading
    if office is None:
        return reading if reading.reason is Reason.NO_TEXT else replace(reading, reason=Reason.NO_OFFICE)
    scratch.mkdir(parents=True, exist_ok=True)
    read = partial(
        read_paper, limits=limits, on_progress=on_progress, model=model, scratch=scratch, is_cleared=is_cleared
    )
    with tempfile.TemporaryDirectory(dir=scratch, prefix="office-", ignore_cleanup_errors=True) as room:
        return _read_converted(path, CONVERTED[sniffed.media_type], office, limits, Path(room), read)


def _read_converted(
    path: Path,
    how: tuple[str, tuple[str, ...]],
    program: Path,
    limits: Limits,
    room: Path,
    read: Callable[[Path], FileReading],
) -> FileReading:
    """What the first of its conversions says that has words; the last one's silence if none has."""
    ending, targets = how
    reading = FileReading("failed", Reason.NO_TEXT)
    for target in targets:
        made = convert(path, ending, target, program=program, limits=limits, room=room / target)
        if isinstance(made, Reason):
            return FileReading("failed", made)
        reading = read(made)
        if reading.reason is not Reason.NO_TEXT:
            break
    return _without_places(reading)


def convert(path: Path, ending: str, target: str, *, program: Path, limits: Limits, room: Path) -> Path | Reason:
    """
    The file as another one in `room`, made by a child of its own, or why there is none.

    One at a time on this machine: the program takes as much memory as all readers together.
    """
    room.mkdir(parents=True)
    file, out = room / f"paper.{ending}", room / "out" / f"paper.{target}"
    shutil.copyfile(path, file)
    own = replace(limits, memory_bytes=max(MEMORY_BYTES, limits.memory_bytes))
    task = {"file": str(file), "target": target, "program": str(program), "room": str(room)}
    with _alone(program) as is_alone:
        if not is_alone:
            return Reason.TOO_SLOW
        begun = time.monotonic()
        run_child("documents.ocr.converting", task, room, own, seconds=SECONDS)
    if out.is_file() and out.stat().st_size:
        return out
    return Reason.TOO_SLOW if time.monotonic() - begun >= SECONDS else Reason.NOT_CONVERTED


@contextmanager
def _alone(program: Path) -> Iterator[bool]:
    """The program's own file is the lock: it is there for every process of this machine, and let go of by whoever dies."""
    end = time.monotonic() + WAIT_SECONDS
    with program.open("rb") as lock:
        while not (is_ours := _locked(lock.fileno())) and time.monotonic() < end:
            time.sleep(LOOK_EVERY_SECONDS)
        yield is_ours


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _without_places(reading: FileReading) -> FileReading:
    """Places on pages that nobody has: the file that people see has none that could be drawn."""
    pages = tuple(replace(page, words=(), turn=0) for page in reading.pages)
    return replace(reading, pages=pages, crops=Crops(), known={})
