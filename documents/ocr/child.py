"""
The process that meets a hostile file: `python -m documents.ocr.child TASK.json`.

It limits itself, dies with its supervisor, checks every page for secrecy marks before it reads any text, then reads
the first page, the last and the rest. What it finds goes line by line into a capped file; `supervisor.py` reads it.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from documents.ocr.model import Crops, EngineMissing, Limits, PageReading, Reason
from documents.ocr.turns import crops_displayed, words_upright

if TYPE_CHECKING:
    from collections.abc import Sequence

    from documents.ocr.ink import Array
    from documents.ocr.source import PageSource

_PR_SET_PDEATHSIG = 1
_DRAWINGS_KEPT = 2


def main(task_path: str) -> None:
    """Carry out one task."""
    task = json.loads(Path(task_path).read_text(encoding="utf-8"))
    limits = Limits(**task["limits"])
    bind_to(task["supervisor"])
    limit(limits)
    reader = Reader(task, limits)
    try:
        reader.run()
    except EngineMissing as error:
        reader.tell("engine", words=str(error))
        raise


def bind_to(supervisor: int) -> None:
    """End when the supervisor ends, however it ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != supervisor:
        sys.exit("the supervisor is gone")


def limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_bytes, limits.file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    renew_cpu(limits)


def renew_cpu(limits: Limits) -> None:
    """Give the next page its own time: a hundred pages may need what no single one may."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + limits.cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


class Reader:
    """Goes through one file and tells what it meets."""

    def __init__(self, task: dict[str, Any], limits: Limits) -> None:
        self._task, self._limits = task, limits
        self._out = open(task["report"], "a", encoding="utf-8", errors="replace")  # noqa: PTH123, SIM115
        self._drawings: dict[int, Array] = {}
        self._has_letterhead = False

    def tell(self, event: str, **facts: Any) -> None:
        """Write one line of the report."""
        self._out.write(json.dumps({"event": event, **facts}) + "\n")
        self._out.flush()

    def run(self) -> None:
        """Open, check for marks, read."""
        from documents.ocr.source import Unreadable, open_source

        task = self._task
        try:
            source = open_source(Path(task["path"]), task["kind"], self._limits, Path(task["scratch"]))
        except Unreadable as error:
            self._end("refused", reason=error.reason)
        except MemoryError:
            self._end("refused", reason=Reason.TOO_MUCH_MEMORY)
        self.tell("opened", pages=source.page_count, signature=source.has_signature)
        for number in reading_order(source.page_count):
            if number not in task["checked"] and number not in task["failed"]:
                self._check(source, number)
        for number in reading_order(source.page_count):
            if number not in task["done"] and number not in task["failed"]:
                self._read(source, number)
        self._end("done")

    def _end(self, event: str, **facts: Any) -> NoReturn:
        self.tell(event, **facts)
        self._out.close()
        # Without clearing up: parsers that met broken files crash most readily while they are taken apart.
        os._exit(0)

    def _check(self, source: PageSource, number: int) -> None:
        """Secrecy marks before any text, of every page before the first page is read."""
        from documents.ocr import marks, strategy
        from documents.ocr.source import Unreadable

        renew_cpu(self._limits)
        self.tell("checking", page=number)
        try:
            source.check(number)
            found = strategy.page_marks(source, number)
        except Unreadable as error:
            self.tell("failed", page=number, reason=error.reason)
            self._task["failed"].append(number)
            return
        except (MemoryError, TimeoutError) as error:
            self._give_up(number, error)
            return
        if (level := marks.secrecy_of(found)) and not self._task["is_cleared"]:
            self._end("secret", mark=level)
        self.tell("checked", page=number, marks=found)

    def _give_up(self, number: int, error: BaseException) -> None:
        reason = Reason.TOO_SLOW if isinstance(error, TimeoutError) else Reason.TOO_MUCH_MEMORY
        self.tell("failed", page=number, reason=reason)
        self._task["failed"].append(number)

    def _read(self, source: PageSource, number: int) -> None:
        from documents.ocr import strategy
        from documents.ocr.merging import with_crop
        from documents.ocr.source import Unreadable

        renew_cpu(self._limits)
        self.tell("reading", page=number)
        try:
            reading, page = strategy.read_page(source, number)
            crops = self._crops(source, reading, page)
        except Unreadable as error:
            self.tell("failed", page=number, reason=error.reason)
        except (MemoryError, TimeoutError) as error:
            self._give_up(number, error)
        else:
            self._refuse_secret(reading, crops)
            reading = with_crop(reading, crops.signer_words)
            capped = replace(reading, text=reading.text[: self._limits.page_chars])
            self.tell("page", page=number, reading=_plain(capped), crops=_plain(crops))

    def _refuse_secret(self, reading: PageReading, crops: Crops) -> None:
        """Scans without colour show a mark only in their text."""
        from documents.ocr import marks

        if self._task["is_cleared"]:
            return
        for words in (reading.words, crops.header):
            if level := marks.secrecy_in_header(words_upright(words, reading.turn)):
                self._end("secret", mark=level)

    def _crops(self, source: PageSource, reading: PageReading, page: Array | None) -> Crops:
        from documents.ocr import strategy, upright

        if page is None or not reading.words:
            return Crops()
        crops, number, turn = Crops(), reading.number, reading.turn
        standing, page = upright.Standing(source, turn), upright.stood(page, turn)
        if number == 1 or (not self._has_letterhead and strategy.has_letterhead(reading)):
            self._has_letterhead = strategy.has_letterhead(reading)
            crops = replace(
                crops,
                header_page=number,
                header=strategy.header_again(standing, number),
                written=strategy.written_places(page, source.dpi(number)),
            )
        if number == source.page_count or strategy.is_signing_page(reading):
            text, words = strategy.signer_crop(standing, number, page)
            crops = replace(crops, signer=text, signer_page=number, signer_words=words)
        return crops_displayed(crops, turn)


def reading_order(count: int) -> Sequence[int]:
    """First and last page before the others: they hold the fields people wait for."""
    return [1, count, *range(2, count)][: max(count, 1)] if count > 1 else [1]


def _plain(value: PageReading | Crops) -> dict[str, Any]:
    """Words as lists: half the size of names repeated."""
    facts = asdict(value)
    for name in ("words", "signer_words", "header"):
        if name in facts:
            facts[name] = [[w["text"], w["x"], w["y"], w["w"], w["h"], round(w["conf"], 3)] for w in facts[name]]
    return facts


if __name__ == "__main__":
    main(sys.argv[1])
