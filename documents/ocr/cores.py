"""The machine's cores, shared out among the files that one process has read at the same time."""

from __future__ import annotations

import os
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Cores:
    """
    Two files at once with two lanes each would start four engines on two cores, where each page takes twice its time.

    A file gets what others left over when it begins, and one lane at least; it keeps its lanes until it is read.
    """

    def __init__(self, count: int) -> None:
        self._free, self._lock = count, Lock()

    @contextmanager
    def lanes(self, wish: int) -> Iterator[int]:
        """How many pages of a file may be read at once, while the context lasts."""
        with self._lock:
            given = max(1, min(wish, self._free))
            self._free -= given
        try:
            yield given
        finally:
            with self._lock:
                self._free += given


CORES = Cores(len(os.sched_getaffinity(0)))
