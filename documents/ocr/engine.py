"""
Tesseract in a process of its own: `python -I -S engine.py DOOR PACKAGES MODELS`, started by `tesseract.py`, with nothing but the
standard library and tesserocr, which it takes from the folder PACKAGES.

It loads the model once and becomes a new process for every image: an image that breaks or exhausts the engine ends only that
process, and no image leaves anything behind for the next. To start the program anew for every image cost 0.3 s of CPU each,
and its table another 0.15 s a page: it looks through the line for every letter that it writes. Why tesserocr: ADR 12.

A request is one message on the door, width, height, dpi and layout mode, with two descriptors: a file in memory that holds the
grey points, and a pipe for the answer. The answer ends with four bytes that tell how the process ended.
"""

from __future__ import annotations

import ctypes
import os
import resource
import select
import signal
import socket
import struct
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LANGUAGE = "vie"
READY, MISSING = b"ready", b"missing "
REQUEST, STATUS = struct.Struct("<4I"), struct.Struct("<i")
NAME = b"tesseract"  # what the list of processes calls it
WALL_SECONDS = 90
# Lines read with less confidence than this are read once more, white on black. The engine's own 0.7 cost a fifteenth of all its
# time on lines that are only bad (measured with 5.3.0).
INVERTED_BELOW = "0.3"
_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15
_BLOCK, _PARAGRAPH, _LINE, _WORD = range(4)  # levels of what the engine found
_NO_BREAKS = dict.fromkeys(map(ord, "\t\n"))


class Missing(RuntimeError):
    """The library or its model cannot be loaded."""


class Engine:
    """
    The library with its model, and no image yet.

    :param models: the folder of `vie.traineddata`
    :raises Missing: without library or model
    """

    def __init__(self, models: str) -> None:
        try:
            import tesserocr  # here alone: whoever needs but the shape of a request loads no engine

            self._api = tesserocr.PyTessBaseAPI(path=models, lang=LANGUAGE)
        except Exception as error:  # whatever it is, the program may do without
            raise Missing(f"tesserocr cannot be loaded with {LANGUAGE}.traineddata of {models}: {error}") from error
        self._api.SetVariable("invert_threshold", INVERTED_BELOW)

    def rows(self, grey: bytes, width: int, height: int, dpi: int, psm: int) -> Iterator[bytes]:
        """Read an image: of each word the block, paragraph and line, left, top, right, bottom, confidence, and the text."""
        self._api.SetVariable("user_defined_dpi", str(dpi))
        self._api.SetPageSegMode(psm)
        self._api.SetImageBytes(grey, width, height, 1, width)
        results = self._api.GetIterator() if self._api.Recognize() else None
        if results:
            yield from _words(results)


def _words(results: Any) -> Iterator[bytes]:
    block = paragraph = line = 0
    while True:
        if text := _text(results):
            # A block begins with a paragraph, and that with a line: only words that begin a line are asked for the others.
            if results.IsAtBeginningOf(_LINE):
                line += 1
                paragraph += results.IsAtBeginningOf(_PARAGRAPH)
                block += results.IsAtBeginningOf(_BLOCK)
            sides = "\t".join(map(str, results.BoundingBox(_WORD)))
            sure = results.Confidence(_WORD)
            yield f"{block}\t{paragraph}\t{line}\t{sides}\t{sure:.3f}\t{text}\n".encode()
        if not results.Next(_WORD):
            return


def _text(results: Any) -> str:
    """The word here; nothing for a block that is a picture."""
    try:
        text: str = results.GetUTF8Text(_WORD)
    except RuntimeError:
        return ""
    return text.translate(_NO_BREAKS)


def serve(door: socket.socket, engine: Engine, seconds: int) -> None:
    """Answer until nobody holds the other side of the door."""
    at_work: dict[int, int] = {}  # the pipe that each process answers into
    ended, wakes = os.pipe()
    os.set_blocking(ended, False)
    os.set_blocking(wakes, False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.set_wakeup_fd(wakes)
    while True:
        ready, _, _ = select.select([door.fileno(), ended], [], [])
        if ended in ready:
            os.read(ended, 4096)
            _bury(at_work)
        if door.fileno() in ready:
            request, files, _, _ = socket.recv_fds(door, REQUEST.size, 2)
            if not request:
                return
            image, answer = files
            at_work[_begin(engine, request, (image, answer, *at_work.values()), seconds)] = answer
            os.close(image)


def _begin(engine: Engine, request: bytes, files: Sequence[int], seconds: int) -> int:
    """Answer in a process of its own; the pipes of the others, which come after its own two files, are not its to hold open."""
    parent, (image, answer, *others) = os.getpid(), files
    if pid := os.fork():
        return pid
    try:
        _bind(parent, seconds)
        for other in others:
            os.close(other)
        width, height, dpi, psm = REQUEST.unpack(request)
        said = b"".join(engine.rows(os.pread(image, width * height, 0), width, height, dpi, psm))
        while said:
            said = said[os.write(answer, said) :]
    except BaseException:  # noqa: BLE001 - whatever it is, this process must not go on as a second server
        os._exit(1)
    os._exit(0)


def _bind(parent: int, seconds: int) -> None:
    """End with the server, and before an honest image needs to."""
    signal.set_wakeup_fd(-1)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(WALL_SECONDS)


def _bury(at_work: dict[int, int]) -> None:
    while at_work:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        answer = at_work.pop(pid)
        with suppress(BrokenPipeError):
            os.write(answer, STATUS.pack(os.waitstatus_to_exitcode(status)))
        os.close(answer)


def main() -> NoReturn:
    """Load and serve."""
    sys.path += filter(None, [sys.argv[2]])  # an empty one would be the working folder
    sys.modules["PIL"] = None  # type: ignore[assignment] # tesserocr would load it for a call that is not needed here
    door = socket.socket(fileno=int(sys.argv[1]))
    ctypes.CDLL(None).prctl(_PR_SET_NAME, NAME)
    try:
        engine = Engine(models=sys.argv[3])
    except Missing as error:
        door.send(MISSING + str(error).encode(errors="replace")[:300])
        os._exit(1)
    with suppress(BrokenPipeError):
        door.send(READY)
        serve(door, engine, int(os.environ.get("VANTHU_OCR_SECONDS", "60")))
    os._exit(0)


if __name__ == "__main__":
    main()
