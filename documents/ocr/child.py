"""
The process that meets a hostile file: `python -m documents.ocr.child TASK.json`.

It limits itself, dies with its supervisor, checks every page for secrecy marks before it reads any text, then reads
the first page, the last and the rest. What it finds goes line by line into a capped file; `supervisor.py` reads it.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import resource
import signal
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Condition, Event, RLock, Thread
from typing import TYPE_CHECKING, Any, NoReturn

from documents.ocr.model import PAGELESS, Crops, EngineMissing, Limits, PageReading, Reason
from documents.ocr.turns import crops_displayed, words_upright

if TYPE_CHECKING:
    from collections.abc import Sequence

    from documents.ocr.drawings import Shared
    from documents.ocr.ink import Array

_PR_SET_PDEATHSIG = 1
# Of a Word or Excel file's first page and of the others: where a paper's head stands.
MARKED_LINES, MARKED_LATER = 40, 10
EARLY_PAGES = 60  # of a longer file the checks take longer than a page may
_EVERY, _DARK = 8, 128
ANSWER_SECONDS = 10  # without an answer the page is read
KNOWN, KNOWN_LETTERHEAD = "known", "known-letterhead"
TREATMENT = "9"  # raise it with whatever changes what is read on the same pixels: pages read before are not taken for known then


def main(task_path: str) -> None:
    """Carry out one task."""
    task, limits = begun(task_path)
    reader = Reader(task, limits)
    try:
        reader.run()
    except EngineMissing as error:
        reader.tell("engine", words=str(error))
        raise


def begun(task_path: str) -> tuple[dict[str, Any], Limits]:
    """What a child is to do, and the limits that it has from now on; it ends when whoever started it ends."""
    task: dict[str, Any] = json.loads(Path(task_path).read_text(encoding="utf-8"))
    limits = Limits(**task["limits"])
    bind_to(task["supervisor"])
    limit(limits)
    return task, limits


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


def renew_cpu(limits: Limits, more: int = 0) -> None:
    """Give the next page its own time: a hundred pages may need what no single one may. Or `more` seconds for all of them."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + limits.cpu_seconds + more
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


class Reader:
    """Goes through one file and tells what it meets; pages in as many lanes at once as the task gives."""

    def __init__(self, task: dict[str, Any], limits: Limits) -> None:
        self._task, self._limits = task, limits
        self._out = open(task["report"], "a", encoding="utf-8", errors="replace")  # noqa: PTH123, SIM115
        self._telling = RLock()
        self._lanes = 1 if task["is_careful"] else max(1, limits.lanes)
        self._answers = Answers() if task["asks"] else None
        self._first_is_read = Event()
        self._has_letterhead = bool(task["has_letterhead"])
        self._is_checked = False
        self._held: list[dict[str, Any]] = []  # read, and not told yet
        self._inked: dict[int, float] = {}  # share of each page that is dark, roughly

    def tell(self, event: str, **facts: Any) -> None:
        """Write one line of the report."""
        with self._telling:
            self._out.write(json.dumps({"event": event, **facts}) + "\n")
            self._out.flush()

    def run(self) -> None:
        """Open, check for marks, read."""
        from documents.ocr.drawings import Shared
        from documents.ocr.flattened import Flattened
        from documents.ocr.source import Unreadable, open_source

        task = self._task
        if task["kind"] in PAGELESS:
            self._read_word()
        try:
            opened = open_source(Path(task["path"]), task["kind"], self._limits, Path(task["scratch"]))
            source = Shared(Flattened(opened, self._limits))
        except Unreadable as error:
            self._end("refused", reason=error.reason)
        except MemoryError:
            self._end("refused", reason=Reason.TOO_MUCH_MEMORY)
        self.tell("opened", pages=source.page_count, signature=source.has_signature)
        with ThreadPoolExecutor(self._lanes) as lanes:
            self._go_through(source, lanes)
        self._end("done")

    def _go_through(self, source: Shared, lanes: ThreadPoolExecutor) -> None:
        """
        No text leaves before all pages are checked: a secret paper gives none at all.

        Pages are drawn for the checks one by one; one lane reads the first page meanwhile, and holds its text back. The engine is a
        process, so lanes are threads.
        """
        unchecked, early = self._left(source.page_count, self._task["checked"]), None
        if self._lanes > 1 and unchecked[:1] == [1] and 1 < source.page_count <= EARLY_PAGES:
            first = lanes.submit(self._check, source, unchecked.pop(0))
            early = lanes.submit(self._read_early, source, first)
        for checked in [lanes.submit(self._check, source, number) for number in unchecked]:
            checked.result()
        if early:
            first.result()
        self._let_text_go()
        unread = [number for number in self._left(source.page_count, self._task["done"]) if number != 1 or not early]
        if 1 not in unread and not early:
            self._first_is_read.set()
        for read in [lanes.submit(self._read, source, number) for number in self._by_weight(unread, source.page_count)]:
            read.result()
        if early:
            early.result()

    def _left(self, count: int, behind: list[int]) -> list[int]:
        """The pages that are left, first and last before the others."""
        return [number for number in reading_order(count) if number not in {*behind, *self._task["failed"]}]

    def _by_weight(self, numbers: list[int], count: int) -> list[int]:
        """Those that people wait for, then the fullest: whatever comes last keeps one lane waiting for the other."""
        return sorted(numbers, key=lambda number: (number not in {1, count}, -self._inked.get(number, 0.0)))

    def _read_early(self, source: Shared, checked: Future[None]) -> None:
        checked.result()
        if self._left(1, self._task["done"]):
            self._read(source, 1)
        else:
            self._first_is_read.set()

    def _let_text_go(self) -> None:
        with self._telling:
            self._is_checked = True
            for facts in self._held:
                self.tell("page", **facts)
            self._held.clear()

    def _tell_text(self, **facts: Any) -> None:
        with self._telling:
            if self._is_checked:
                self.tell("page", **facts)
            else:
                self._held.append(facts)
                self.tell("held", page=facts["page"])

    def _read_word(self) -> NoReturn:
        """A file of words without places: no pictures, so a secrecy mark stands among the words."""
        from documents.ocr import marks
        from documents.ocr.source import Unreadable
        from documents.ocr.tablefile import read_table
        from documents.ocr.wordfile import CELL_END, read_word

        try:
            read = read_table if self._task["kind"] == "xlsx" else read_word
            said = read(Path(self._task["path"]), self._limits)
        except Unreadable as error:
            self._end("refused", reason=error.reason)
        except MemoryError:
            self._end("refused", reason=Reason.TOO_MUCH_MEMORY)
        head = said.above.splitlines() + said.pages[0].splitlines()[:MARKED_LINES]
        head += [line for page in said.pages[1:] for line in page.splitlines()[:MARKED_LATER]]
        level = marks.secrecy_written(head)
        if level and not self._task["is_cleared"]:
            self._end("secret", mark=level)
        texts = [page.replace(CELL_END, " ") for page in said.pages[: self._limits.pages]]
        self.tell("opened", pages=len(texts), signature=False)
        for number, text in enumerate(texts, start=1):
            if number in {*self._task["done"], *self._task["failed"]}:
                continue
            reading = PageReading(number, "legacy" if said.is_legacy else "text", text[: self._limits.page_chars])
            self.tell("page", page=number, reading=_plain(reading), crops=_plain(Crops()))
        self._end("done")

    def _end(self, event: str, **facts: Any) -> NoReturn:
        from documents.ocr import tesseract

        with self._telling:
            self.tell(event, **facts)
            self._out.close()
            tesseract.stop()
            # Without clearing up: parsers that met broken files crash most readily while they are taken apart.
            os._exit(0)

    def _check(self, source: Shared, number: int) -> None:
        """Secrecy marks before any text, of every page before the first page is read."""
        from documents.ocr import marks, strategy, tesseract
        from documents.ocr.source import Unreadable

        try:
            page, dpi = self._drawn(source, number)
            self._inked[number] = float((page[::_EVERY, ::_EVERY] < _DARK).mean())
            key = self._key(source, number, page, dpi)
            if key and self._is_known(number, key):
                self._task["done"].append(number)
                source.forget(number)
                return
            if not source.layer(number).is_good:
                tesseract.prepare()  # the engine loads its model while pages are drawn
            found = strategy.page_marks(page, dpi)
        except Unreadable as error:
            self.tell("failed", page=number, reason=error.reason)
            self._task["failed"].append(number)
            return
        except (MemoryError, TimeoutError) as error:
            self._give_up(number, error)
            return
        if (level := marks.secrecy_of(found)) and not self._task["is_cleared"]:
            self._end("secret", mark=level)
        self.tell("checked", page=number, marks=found, key=key)

    def _drawn(self, source: Shared, number: int) -> tuple[Array, float]:
        with source.lock:  # before the page is named: nobody is late because another page is being drawn
            renew_cpu(self._limits)
            self.tell("checking", page=number)
            source.check(number)
            dpi = source.dpi(number)
            return source.draw(number, dpi), dpi

    def _key(self, source: Shared, number: int, page: Array, dpi: float) -> str:
        """What the page is known by; none where its own text will stand for it, or without knowing what reads it."""
        layer = source.layer(number) if self._answers and self._task["engine"] else None
        if layer is None or layer.is_good:
            return ""
        role = f"{number == 1}{number == source.page_count}"
        return page_key(page, f"{dpi:.3f}", role, self._task["engine"], layer.text)

    def _is_known(self, number: int, key: str) -> bool:
        """Ask the supervisor, who may have read this very page on another day."""
        if self._answers is None:
            return False
        self.tell("asks", page=number, key=key)
        answer = self._answers.to(number)
        self._has_letterhead = self._has_letterhead or answer == KNOWN_LETTERHEAD
        return answer in (KNOWN, KNOWN_LETTERHEAD)

    def _give_up(self, number: int, error: BaseException) -> None:
        reason = Reason.TOO_SLOW if isinstance(error, TimeoutError) else Reason.TOO_MUCH_MEMORY
        self.tell("failed", page=number, reason=reason)
        self._task["failed"].append(number)

    def _read(self, source: Shared, number: int) -> None:
        renew_cpu(self._limits)
        self.tell("reading", page=number)
        try:
            self._read_told(source, number)
        finally:
            source.forget(number)
            if number == 1:
                self._first_is_read.set()

    def _read_told(self, source: Shared, number: int) -> None:
        from documents.ocr import strategy, tesseract
        from documents.ocr.merging import with_crop
        from documents.ocr.source import Unreadable

        try:
            reading, page = strategy.read_page(source, number)
            crops = self._crops(source, reading, page)
        except Unreadable as error:
            self.tell("failed", page=number, reason=error.reason)
        except (MemoryError, TimeoutError) as error:
            self._give_up(number, error)
        else:
            self._refuse_secret(reading, crops)
            is_headed = strategy.has_letterhead(reading)
            reading = with_crop(reading, crops.signer_words)
            reading, crops = source.displayed(reading, crops)
            capped = replace(reading, text=reading.text[: self._limits.page_chars])
            facts = {"is_headed": is_headed, "is_by_program": tesseract.is_by_program()}
            self._tell_text(page=number, reading=_plain(capped), crops=_plain(crops), **facts)

    def _refuse_secret(self, reading: PageReading, crops: Crops) -> None:
        """Scans without colour show a mark only in their text."""
        from documents.ocr import marks

        if self._task["is_cleared"]:
            return
        for words in (reading.words, crops.header):
            if level := marks.secrecy_in_header(words_upright(words, reading.turn)):
                self._end("secret", mark=level)

    def _crops(self, source: Shared, reading: PageReading, page: Array | None) -> Crops:
        from documents.ocr import strategy, upright
        from documents.ocr.ink import is_coloured

        if page is None or not reading.words:
            return Crops()
        crops, number, turn = Crops(), reading.number, reading.turn
        standing, page = upright.Standing(source, turn), upright.stood(page, turn)
        if self._shows_the_letterhead(reading):
            crops = replace(
                crops,
                header_page=number,
                header=strategy.header_again(standing, number, reading),
                written=strategy.written_places(page, source.dpi(number)),
            )
        if number == source.page_count or (strategy.is_signing_page(reading) and is_coloured(page)):
            text, words = strategy.signer_crop(standing, number, page)
            crops = replace(crops, signer=text, signer_page=number, signer_words=words)
        return crops_displayed(crops, turn)

    def _shows_the_letterhead(self, reading: PageReading) -> bool:
        """Page one, or another page with a letterhead where page one has none; lanes must not decide which."""
        from documents.ocr import strategy

        is_headed = strategy.has_letterhead(reading)
        if reading.number == 1:
            self._has_letterhead = is_headed
            return True
        if is_headed:
            self._first_is_read.wait()
        return is_headed and not self._has_letterhead


class Answers:
    """What the supervisor answers, line by line on standard input: the number of a page and whether it is known."""

    def __init__(self) -> None:
        self._known: dict[int, str] = {}
        self._came = Condition()
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in sys.stdin:
            number, _, answer = line.strip().partition(" ")
            with self._came:
                self._known[int(number)] = answer
                self._came.notify_all()

    def to(self, number: int) -> str:
        """The answer about a page; silence means that it is unknown."""
        with self._came:
            self._came.wait_for(lambda: number in self._known, timeout=ANSWER_SECONDS)
            return self._known.get(number, "")


def page_key(page: Array, *facts: str) -> str:
    """What makes two pages the same page: every pixel as drawn, and whatever else decides what is read on it."""
    digest = hashlib.sha256("\0".join((*facts, TREATMENT, str(page.shape))).encode())
    digest.update(page.data)
    return digest.hexdigest()


def reading_order(count: int) -> Sequence[int]:
    """First and last page before the others: they hold the fields people wait for."""
    return [1, count, *range(2, count)][: max(count, 1)] if count > 1 else [1]


def _plain(value: PageReading | Crops) -> dict[str, Any]:
    """Words as lists: half the size of names repeated."""
    facts = {name: getattr(value, name) for name in value.__slots__}
    for name in ("words", "signer_words", "header"):
        if name in facts:
            facts[name] = [[w.text, w.x, w.y, w.w, w.h, round(w.conf, 3)] for w in facts[name]]
    return facts


if __name__ == "__main__":
    main(sys.argv[1])
