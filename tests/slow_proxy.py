"""A way to a server that can be slow, or not be there."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST, PIECE = "127.0.0.1", 1 << 16


class Proxy:
    """Passes bytes on; `delay` in seconds holds every answer up, and while it is `closed` nobody is let in."""

    def __init__(self, port: int) -> None:
        self._target = (HOST, port)
        self.delay, self._pairs = 0.0, list[socket.socket]()
        self._door: socket.socket | None = None
        self.port = 0
        self.open()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def open(self) -> None:
        """At the same port as before."""
        door = socket.create_server((HOST, self.port))
        self.port, self._door = door.getsockname()[1], door
        threading.Thread(target=self._let_in, args=[door], daemon=True).start()

    def close(self) -> None:
        """As a server that was stopped: new connections are refused, those there are end."""
        if self._door:
            with suppress(OSError):
                self._door.shutdown(socket.SHUT_RDWR)
            self._door.close()
        for end in self._pairs:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._pairs.clear()

    def _let_in(self, door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                outer, _address = door.accept()
                inner = socket.create_connection(self._target)
                self._pairs += [outer, inner]
                threading.Thread(target=self._pass_on, args=[outer, inner, False], daemon=True).start()
                threading.Thread(target=self._pass_on, args=[inner, outer, True], daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                if is_answer:
                    time.sleep(self.delay)
                target.sendall(piece)
        for end in (source, target):
            with suppress(OSError):
                end.close()


@contextmanager
def proxy_to(url: str) -> Iterator[Proxy]:
    """A proxy before a server for the time of a block."""
    proxy = Proxy(int(url.rpartition(":")[2]))
    try:
        yield proxy
    finally:
        proxy.close()
