"""The one door to Tesseract: a grey image goes in, words with boxes in its pixels come out."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from documents.ocr import engine, program, trained
from documents.ocr.model import EngineMissing
from documents.ocr.words import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from documents.ocr.ink import Array

_MESSAGE = 512
_LEAST_DPI = 70
_COLUMNS = 9
_STARTS = 3  # one of them may be a door that another thread has just closed


@dataclass(frozen=True, slots=True)
class Token:
    """One word in pixels of the image that was read; words with one `line` stand on one line."""

    line: tuple[int, int, int]  # block, paragraph, line, each counted through the image
    x: float
    y: float
    w: float
    h: float
    conf: float  # 0 to 1
    text: str


class _Server:
    """The engine's process (`engine.py`), started when it is first needed and again when it is gone."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._door: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ready = False
        self.refused: EngineMissing | None = None  # it said that it cannot work, and is not asked again

    def start(self) -> socket.socket:
        """Let the model load while there is something else to do."""
        with self._lock:
            if self._door is None:
                # Messages, so that several threads may ask at once and none mixes with another.
                self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                given = [str(theirs.fileno()), trained.packages(), trained.folder()]
                command = [sys.executable, "-I", "-S", engine.__file__, *given]
                with theirs:
                    # It ends when nobody holds this side of the door any more, however this process ends.
                    self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
                self._is_ready = False
            return self._door

    def ask(self, request: bytes, image: int, answer: int) -> socket.socket:
        """
        Hand over one image, to a new engine if the one that ran is gone: that was not the doing of this image.

        :return: the door it went through, to be dropped if no answer comes
        :raises EngineMissing: if the engine says that it cannot work, or is gone again and again before any image reached it
        """
        for _ in range(_STARTS):
            door = self.start()
            try:
                self._wait(door)
                socket.send_fds(door, [request], [image, answer])
            except OSError:
                self.drop(door)
            else:
                return door
        raise EngineMissing("tesserocr ends as soon as it is loaded")

    def _wait(self, door: socket.socket) -> None:
        with self._lock:
            if self._is_ready:
                return
            said = door.recv(_MESSAGE)
            self._is_ready = said == engine.READY
        if said.startswith(engine.MISSING):
            self.drop(door)
            raise EngineMissing(said.removeprefix(engine.MISSING).decode(errors="replace"))
        if not self._is_ready:
            raise BrokenPipeError

    def drop(self, door: socket.socket) -> None:
        """End the engine behind this door; the next image starts a new one."""
        with self._lock:
            if self._door is door:
                self._end()

    def stop(self) -> None:
        """End it, so that what it used is counted as used by this process."""
        self.refused = None
        with self._lock:
            if self._door is not None:
                self._end()

    def _end(self) -> None:
        if self._door is not None and self._process is not None:
            self._door.close()
            self._process.kill()
            self._process.wait()
        self._door = None


_server = _Server()


def prepare() -> None:
    """Start the engine, which loads its model meanwhile: an image will follow."""
    if not _server.refused:
        _server.start()


def stop() -> None:
    """End the engine if it runs."""
    _server.stop()


def read(image: Array, dpi: float, *, psm: int = 3) -> list[Token]:
    """
    Read a grey image in one call, by the library, or by the program where the library cannot be loaded.

    :raises EngineMissing: if neither is there, or their model
    :raises TimeoutError: if it needs more than 90 seconds, or more of the processor than `Limits.engine_seconds`
    :raises MemoryError: if it was ended in another way: by an image that needs too much
    """
    dpi = max(_LEAST_DPI, round(dpi))
    return [token for row in _rows(image, dpi, psm) for token in _of(row)]


def is_by_program() -> bool:
    """Whether the library refused, and the program reads in its place: another version, perhaps, with other words."""
    return _server.refused is not None


def _rows(image: Array, dpi: int, psm: int) -> Sequence[Sequence[str]]:
    if not _server.refused:
        try:
            return _by_library(image, dpi, psm)
        except EngineMissing as error:
            _server.refused = error
    return program.rows(image, dpi, psm)


def _by_library(image: Array, dpi: int, psm: int) -> list[Sequence[str]]:
    height, width = image.shape
    request = engine.REQUEST.pack(width, height, dpi, psm)
    answer, theirs = os.pipe()
    with open(answer, "rb") as answers:  # noqa: PTH123 - a pipe
        held = os.memfd_create("page")
        try:
            with open(held, "wb", closefd=False) as file:
                file.write(np.ascontiguousarray(image).data)
            door = _server.ask(request, held, theirs)
        finally:
            os.close(held)
            os.close(theirs)
        said = answers.read()
    status = engine.STATUS.size
    if len(said) < status:  # the engine itself is gone, and this image may have ended it
        _server.drop(door)
        raise MemoryError
    _judge(*engine.STATUS.unpack(said[-status:]))
    return [row.split("\t") for row in said[:-status].decode("utf-8", "replace").split("\n")]


def _judge(code: int) -> None:
    """An engine that a signal ended met an image beyond its limits."""
    if -code in (signal.SIGXCPU, signal.SIGALRM):
        raise TimeoutError
    if code:
        raise MemoryError


def _of(row: Sequence[str]) -> list[Token]:
    if len(row) != _COLUMNS or not (text := clean(row[8])):
        return []
    block, paragraph, line, left, top, right, bottom = map(int, row[:7])
    sure = max(0.0, float(row[7])) / 100
    return [Token((block, paragraph, line), left, top, right - left, bottom - top, sure, text)]


def mean_confidence(tokens: Sequence[Token]) -> float:
    """Mean over words; 0 for none."""
    return sum(token.conf for token in tokens) / len(tokens) if tokens else 0.0


def as_text(tokens: Sequence[Token]) -> str:
    """Words by spaces, lines by line breaks, paragraphs by empty lines; `split()` gives the words back."""
    parts: list[str] = []
    last: tuple[int, int, int] | None = None
    for token in tokens:
        if last is not None:
            parts.append(" " if token.line == last else "\n" if token.line[:2] == last[:2] else "\n\n")
        parts.append(token.text)
        last = token.line
    return "".join(parts)
