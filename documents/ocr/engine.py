"""
Tesseract in a process of its own: `python -I -S engine.py DOOR`, started by `tesseract.py`, with the standard library alone.

It loads the model once and becomes a new process for every image: an image that breaks or exhausts the engine ends only that
process, and no image leaves anything behind for the next. To start the program anew for every image cost 0.3 s of CPU each,
and its table another 0.15 s a page: it looks through the line for every letter that it writes.

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
from ctypes import c_char_p, c_float, c_int, c_void_p
from ctypes.util import find_library
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LANGUAGE = b"vie"
READY, MISSING = b"ready", b"missing "
REQUEST, STATUS = struct.Struct("<4I"), struct.Struct("<i")
NAME = b"tesseract"  # what the list of processes calls it
WALL_SECONDS = 90
# Lines read with less confidence than this are read once more, white on black. The engine's own 0.7 cost a fifteenth of all its
# time on lines that are only bad.
INVERTED_BELOW = b"0.3"
_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15
_BLOCK, _PARAGRAPH, _LINE, _WORD = range(4)
_SIGNATURES: dict[str, tuple[Any, ...]] = {
    "TessBaseAPICreate": (c_void_p,),
    "TessBaseAPIInit3": (c_int, c_void_p, c_char_p, c_char_p),
    "TessBaseAPISetVariable": (c_int, c_void_p, c_char_p, c_char_p),
    "TessBaseAPISetPageSegMode": (None, c_void_p, c_int),
    "TessBaseAPISetImage": (None, c_void_p, c_char_p, c_int, c_int, c_int, c_int),
    "TessBaseAPIRecognize": (c_int, c_void_p, c_void_p),
    "TessBaseAPIGetIterator": (c_void_p, c_void_p),
    "TessResultIteratorGetPageIterator": (c_void_p, c_void_p),
    "TessResultIteratorNext": (c_int, c_void_p, c_int),
    "TessResultIteratorGetUTF8Text": (c_void_p, c_void_p, c_int),
    "TessResultIteratorConfidence": (c_float, c_void_p, c_int),
    "TessPageIteratorIsAtBeginningOf": (c_int, c_void_p, c_int),
    "TessPageIteratorBoundingBox": (c_int, c_void_p, c_int, *[ctypes.POINTER(c_int)] * 4),
    "TessDeleteText": (None, c_void_p),
}


class Missing(RuntimeError):
    """The library or its model cannot be loaded."""


class Engine:
    """The library with its model, and no image yet."""

    def __init__(self) -> None:
        self._library = _library()
        self._handle = self._library.TessBaseAPICreate()
        if self._library.TessBaseAPIInit3(self._handle, None, LANGUAGE) != 0:
            raise Missing("the model vie.traineddata cannot be loaded")
        self._set(b"invert_threshold", INVERTED_BELOW)

    def _set(self, name: bytes, value: bytes) -> None:
        self._library.TessBaseAPISetVariable(self._handle, name, value)

    def rows(self, grey: bytes, width: int, height: int, dpi: int, psm: int) -> Iterator[bytes]:
        """Read an image: of each word the block, paragraph and line, left, top, right, bottom, confidence, and the text."""
        library, handle = self._library, self._handle
        self._set(b"user_defined_dpi", b"%d" % dpi)
        library.TessBaseAPISetPageSegMode(handle, psm)
        library.TessBaseAPISetImage(handle, grey, width, height, 1, width)
        if library.TessBaseAPIRecognize(handle, None) != 0:
            return
        results = library.TessBaseAPIGetIterator(handle)
        if results:
            yield from self._words(results)

    def _words(self, results: int) -> Iterator[bytes]:
        library, places = self._library, self._library.TessResultIteratorGetPageIterator(results)
        block = paragraph = line = 0
        box = [c_int() for _ in range(4)]
        while True:
            if text := self._text(results):
                # A block begins with a paragraph, and that with a line: only words that begin a line are asked for the others.
                if library.TessPageIteratorIsAtBeginningOf(places, _LINE):
                    line += 1
                    paragraph += library.TessPageIteratorIsAtBeginningOf(places, _PARAGRAPH)
                    block += library.TessPageIteratorIsAtBeginningOf(places, _BLOCK)
                library.TessPageIteratorBoundingBox(places, _WORD, *box)
                sides = b"\t".join(b"%d" % side.value for side in box)
                sure = library.TessResultIteratorConfidence(results, _WORD)
                yield b"%d\t%d\t%d\t%s\t%.3f\t%s\n" % (block, paragraph, line, sides, sure, text)
            if not library.TessResultIteratorNext(results, _WORD):
                return

    def _text(self, results: int) -> bytes:
        """The word here; nothing for a block that is a picture."""
        at = self._library.TessResultIteratorGetUTF8Text(results, _WORD)
        if not at:
            return b""
        text = ctypes.string_at(at).translate(None, b"\t\n")
        self._library.TessDeleteText(at)
        return text


def _library() -> Any:
    try:
        library = ctypes.CDLL("libtesseract.so.5")
    except OSError:
        name = find_library("tesseract")
        if name is None:
            raise Missing("libtesseract is not installed") from None
        library = ctypes.CDLL(name)
    for name, (result, *arguments) in _SIGNATURES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


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
    os.environ["OMP_THREAD_LIMIT"] = "1"  # more threads cost four times the time for the same text
    door = socket.socket(fileno=int(sys.argv[1]))
    ctypes.CDLL(None).prctl(_PR_SET_NAME, NAME)
    try:
        engine = Engine()
    except (Missing, OSError, AttributeError) as error:
        door.send(MISSING + str(error).encode(errors="replace")[:300])
        os._exit(1)
    with suppress(BrokenPipeError):
        door.send(READY)
        serve(door, engine, int(os.environ.get("VANTHU_OCR_SECONDS", "60")))
    os._exit(0)


if __name__ == "__main__":
    main()
