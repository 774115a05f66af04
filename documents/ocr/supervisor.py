"""
Reading a file from outside: a child per file, watched, limited and ended with all it started (reliability.md 8).

Everything the child says is untrusted, as the file it met is: it is cut, cleaned and checked again here.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from documents.ocr.cores import CORES
from documents.ocr.model import Crops, EngineMissing, FileReading, KnownPage, Limits, PageReading, Reason
from documents.ocr.sniff import sniff
from documents.ocr.trained import engine_version, folder
from documents.ocr.wire import as_crops, as_page, merged, renumbered

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from documents.ocr.model import Kind

LOOK_EVERY_MS = 10  # each page waits for an answer: whether it is known
REPORT_BYTES = 200 << 20
_HOPELESS = (Reason.TOO_SLOW, Reason.TOO_MUCH_MEMORY)
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class _Progress:
    """What is known of a file so far; survives a child that dies."""

    count: int = 0
    signature: bool = False
    checked: set[int] = field(default_factory=set)
    pages: dict[int, PageReading] = field(default_factory=dict)
    crops: Crops = field(default_factory=Crops)
    attempts: dict[int, int] = field(default_factory=dict)  # by page; 0 stands for the file itself
    at: dict[int, float] = field(default_factory=dict)  # pages in hand, and until when each may take
    is_careful: bool = False  # after a death page by page, so that the next one has but one cause
    has_letterhead: bool = False
    known: dict[str, KnownPage] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    marks_of: dict[int, tuple[str, ...]] = field(default_factory=dict)
    refused: Reason | None = None
    secret: str | None = None
    chars: int = 0
    is_done: bool = False

    @property
    def behind(self) -> int:
        """Pages done with, each going two ways: looked through for marks, then read."""
        return (len(self.checked | self.pages.keys()) + len(self.pages)) // 2

    def failed(self) -> list[int]:
        return [number for number, page in self.pages.items() if page.source == "failed"]


def read_file(
    path: Path,
    *,
    limits: Limits | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    recall: Callable[[str], KnownPage | None] | None = None,
    model: Path | None = None,
    scratch: Path,
    is_cleared: bool = False,
) -> FileReading:
    """
    Read a file in a child process of its own and return what became of it; bad files never raise.

    All pages are looked through for red secrecy marks before any text is read, then the first page and the last come
    first.

    :param on_progress: told how many pages are behind, and of how many, at every step from the opening on; what it raises ends
        the reading
    :param recall: gives back a page that was read before, by its key; without it no page is known, and none gets a key
    :param model: a folder with another `vie.traineddata`, instead of Debian's
    :param scratch: a folder for working files; what is put there is removed again
    :param is_cleared: a security officer has seen the paper: what looks like a secrecy mark is none
    :raises EngineMissing: if the engine cannot work, whatever the file is
    """
    limits = limits or Limits()
    if path.stat().st_size == 0:
        return FileReading("failed", Reason.EMPTY)
    kind = sniff(path).kind
    if kind is None:
        return FileReading("failed", Reason.UNKNOWN_TYPE)
    if kind == "office":
        return FileReading("failed", Reason.OLD_OFFICE)
    progress = _Progress()
    scratch.mkdir(parents=True, exist_ok=True)
    with CORES.lanes(limits.lanes) as lanes, tempfile.TemporaryDirectory(dir=scratch, prefix="ocr-") as room:
        limits = replace(limits, lanes=lanes)
        while not progress.is_done:
            help_ = _Help(None if is_cleared else recall, model, is_cleared)  # a cleared page shall not clear others
            child = _Child(path.resolve(), kind, limits, Path(room), progress, help_)
            with contextlib.closing(child.run()) as steps:
                for _ in steps:
                    if on_progress is not None and progress.count:
                        on_progress(progress.behind, progress.count)
    return _result(progress)


def _result(progress: _Progress) -> FileReading:
    if progress.secret:
        return FileReading(
            "quarantined", Reason.SECRET, (), progress.count, progress.secret, has_signature=progress.signature
        )
    if progress.refused:
        return FileReading("failed", progress.refused, (), progress.count)
    pages = tuple(progress.pages[number] for number in sorted(progress.pages))
    status, reason = _judged(pages)
    marks = [mark for number in sorted(progress.marks_of) for mark in progress.marks_of[number]]
    crops = merged(progress.crops, Crops(marks=tuple(marks)))
    return FileReading(status, reason, pages, progress.count, None, progress.signature, crops, progress.known)


def _judged(pages: tuple[PageReading, ...]) -> tuple[Any, Reason | None]:
    failed = [page for page in pages if page.source == "failed"]
    if len(failed) == len(pages):
        return "failed", failed[0].reason if failed else Reason.BROKEN
    if not failed and not any(page.text for page in pages):
        return "failed", Reason.NO_TEXT
    return ("partial", failed[0].reason) if failed else ("read", None)


@dataclass(frozen=True, slots=True)
class _Help:
    """What the office gives a reading along."""

    recall: Callable[[str], KnownPage | None] | None
    model: Path | None
    is_cleared: bool


class _Child:
    """One child process, from its task to its end."""

    def __init__(self, path: Path, kind: Kind, limits: Limits, room: Path, progress: _Progress, help_: _Help) -> None:
        self._limits, self._progress, self._help = limits, progress, help_
        self._room = Path(tempfile.mkdtemp(dir=room))
        self._report = self._room / "report.jsonl"
        self._report.touch()
        self._task = self._room / "task.json"
        task = {
            "path": str(path),
            "kind": kind,
            "limits": asdict(limits),
            "supervisor": os.getpid(),
            "report": str(self._report),
            "scratch": str(self._room),
            "checked": sorted(progress.checked),
            "done": sorted(progress.pages),
            "failed": progress.failed(),
            "is_cleared": help_.is_cleared,
            "is_careful": progress.is_careful,
            "has_letterhead": progress.has_letterhead,
            "asks": help_.recall is not None,
            "engine": engine_version(help_.model) if help_.recall else "",
        }
        self._task.write_text(json.dumps(task), encoding="utf-8")
        self._answered: set[int] = set()
        self._deadline = time.monotonic() + limits.first_seconds

    def run(self) -> Generator[None]:
        """Let it work, step by step. Afterwards the progress knows what the child's death cost."""
        progress = self._progress
        progress.at = {}
        progress.attempts[0] = progress.attempts.get(0, 0) + 1
        with (
            (self._room / "said.txt").open("wb") as said,
            self._report.open("rb") as report,
            contextlib.ExitStack() as last,
        ):
            process, late, pending = self._start(said), False, b""
            last.callback(_end, process)
            end = _end_of(process, last)
            while True:
                ended = process.poll() is not None
                late = not ended and time.monotonic() > min(progress.at.values(), default=self._deadline)
                fresh = report.read(REPORT_BYTES)
                *lines, pending = (pending + fresh).split(b"\n")
                for line in lines:
                    self._hear(line, process)
                    yield
                if late or (ended and not fresh):
                    break
                if not fresh:
                    end.poll(LOOK_EVERY_MS)
        self._settle(process.returncode, late=late)
        yield
        shutil.rmtree(self._room, ignore_errors=True)

    def _start(self, said: Any) -> subprocess.Popen[bytes]:
        command = [*without_network(), sys.executable, "-P", "-m", "documents.ocr.child", str(self._task)]
        return subprocess.Popen(
            command,
            cwd=self._room,
            env=environment(self._room, self._limits, self._help.model),
            stdin=subprocess.PIPE if self._help.recall else subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )

    def _hear(self, line: bytes, process: subprocess.Popen[bytes]) -> None:
        """Take in one line of the report; the clock of the page it speaks of starts anew."""
        try:
            told = json.loads(line)
            event, number = str(told["event"]), int(told.get("page", 0))
        except (ValueError, KeyError, TypeError, RecursionError):
            return
        progress, limits, now = self._progress, self._limits, time.monotonic()
        self._deadline = now + limits.page_seconds
        if event == "opened":
            progress.count, progress.signature = int(told["pages"]), bool(told["signature"])
        elif event in ("checking", "reading"):
            progress.at[number] = now + (limits.draw_seconds if event == "checking" else limits.page_seconds)
            progress.attempts[number] = progress.attempts.get(number, 0) + 1
        elif event == "asks":
            self._answer(number, str(told["key"]), process)
        elif event == "checked":
            self._checked(number, told)
        elif event == "held":
            progress.at.pop(number, None)  # read, and waiting for the others to be checked
        elif event == "failed":
            self._fail(number, Reason(told["reason"]))
        elif event == "page":
            self._keep(number, told)
        else:
            self._hear_last(event, told)

    def _answer(self, number: int, key: str, process: subprocess.Popen[bytes]) -> None:
        """Say whether the page is known; its pipe holds the answers for all pages a file may have."""
        if number in self._answered or not 1 <= number <= self._limits.pages:
            return
        self._answered.add(number)
        known = self._help.recall(key) if self._help.recall else None
        if known is not None:
            self._take(number, key, known)
        answer = "" if known is None else "known-letterhead" if known.is_headed else "known"
        if process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(f"{number} {answer}\n".encode())
                process.stdin.flush()

    def _checked(self, number: int, told: dict[str, Any]) -> None:
        progress = self._progress
        progress.checked.add(number)
        progress.attempts.pop(number, None)
        progress.at.pop(number, None)
        progress.keys[number] = str(told.get("key") or "")[:64]
        progress.marks_of[number] = tuple(str(mark)[:200] for mark in told["marks"][:50])

    def _hear_last(self, event: str, told: dict[str, Any]) -> None:
        """What a child says before it ends by itself."""
        progress = self._progress
        if event == "engine":
            raise EngineMissing(str(told["words"])[:500])
        if event == "secret":
            progress.secret = str(told["mark"])
        elif event == "refused":
            progress.refused = Reason(told["reason"])
        elif event != "done":
            return
        progress.is_done = True

    def _keep(self, number: int, told: dict[str, Any]) -> None:
        progress = self._progress
        left = min(self._limits.page_chars, self._limits.text_chars - progress.chars)
        page, crops = as_page(number, told["reading"], left), as_crops(told["crops"])
        known = KnownPage(page, crops, progress.marks_of.get(number, ()), bool(told.get("is_headed")))
        key = "" if told.get("is_by_program") else progress.keys.get(number, "")  # keys name the library
        self._take(number, key, known)

    def _take(self, number: int, key: str, known: KnownPage) -> None:
        """A page that was read, now or on another day, perhaps as another page of another file."""
        progress = self._progress
        known = renumbered(known, number)
        progress.chars += len(known.reading.text)
        progress.crops = merged(progress.crops, known.crops)
        progress.pages[number] = known.reading
        progress.marks_of[number] = known.marks
        progress.checked.add(number)
        progress.has_letterhead = progress.has_letterhead or (number == 1 and known.is_headed)
        progress.at.pop(number, None)
        if key:
            progress.known[key] = known

    def _fail(self, number: int, reason: Reason) -> None:
        progress = self._progress
        progress.pages[number] = PageReading(number, "failed", reason=reason)
        progress.at.pop(number, None)
        hopeless = [page for page in progress.pages.values() if page.reason in _HOPELESS]
        if len(hopeless) >= self._limits.hopeless_pages:
            left = set(range(1, progress.count + 1)) - progress.pages.keys()
            progress.pages |= {other: PageReading(other, "failed", reason=reason) for other in left}
            progress.is_done = True

    def _settle(self, code: int, *, late: bool) -> None:
        """
        What a death means: a new try page by page, or the end for the page that was being read.

        Of several pages in hand the late one is to blame; for other deaths none is, and they are tried one by one.
        """
        progress = self._progress
        if progress.is_done:
            return
        reason, at = _cause(code, late=late), sorted(progress.at, key=lambda number: progress.at[number])
        progress.is_careful = True
        if len(at) > 1 and not late:
            return
        guilty = at[0] if at else 0
        # Time is not given twice: a page that took too long once would again.
        if reason is not Reason.TOO_SLOW and progress.attempts.get(guilty, 0) < self._limits.attempts:
            return
        if guilty:
            self._fail(guilty, reason)
        elif progress.count:
            left = set(range(1, progress.count + 1)) - progress.pages.keys()
            progress.pages |= {other: PageReading(other, "failed", reason=reason) for other in left}
            progress.is_done = True
        else:
            progress.refused, progress.is_done = reason, True


def _cause(code: int, *, late: bool) -> Reason:
    if late or -code in (signal.SIGXCPU, signal.SIGALRM):
        return Reason.TOO_SLOW
    if -code in (signal.SIGABRT, signal.SIGTRAP, signal.SIGILL, signal.SIGKILL):  # how parsers end without memory
        return Reason.TOO_MUCH_MEMORY
    return Reason.BROKEN


def _end_of(process: subprocess.Popen[bytes], last: contextlib.ExitStack) -> select.poll:
    """What to wait for the end of a process with, until everything ends."""
    file, end = os.pidfd_open(process.pid), select.poll()
    last.callback(os.close, file)
    end.register(file, select.POLLIN)
    return end


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the child and everything it started; its session is its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()


def environment(room: Path, limits: Limits, model: Path | None = None) -> dict[str, str]:
    """Nothing of the office's own settings and secrets reaches the child."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    if models := str(model or folder()):
        kept["TESSDATA_PREFIX"] = models
    return kept | {
        "PYTHONPATH": str(_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        "HOME": str(room),
        "TMPDIR": str(room),
        "OMP_THREAD_LIMIT": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "VANTHU_OCR_SECONDS": str(limits.engine_seconds),
    }


@lru_cache(maxsize=1)
def without_network() -> tuple[str, ...]:
    """The prefix that takes the network away, where the system allows it; otherwise none."""
    for prefix in (("unshare", "-n"), ("unshare", "-r", "-n")):
        try:
            done = subprocess.run([*prefix, "true"], capture_output=True, timeout=5, check=False)
        except (OSError, subprocess.SubprocessError):
            continue
        if done.returncode == 0:
            return prefix
    return ()
