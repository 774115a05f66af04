"""Jobs for tests, known to worker processes as to the tests themselves. Each leaves a line in a file when it has run."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from jobs import job


def leave(diary: str, word: str) -> None:
    with Path(diary).open("a") as out:
        out.write(f"{word}\n")


@job()
def note(*, diary: str, word: str, **kwargs: object) -> None:
    leave(diary, word)


@job()
def slow(*, diary: str, seconds: float, **kwargs: object) -> None:
    leave(diary, "begun")
    time.sleep(seconds)
    leave(diary, "done")


@job()
def poison(*, diary: str, **kwargs: object) -> None:
    leave(diary, "begun")
    os.kill(os.getpid(), signal.SIGKILL)


@job(attempts=3, wait_seconds=0)
def fail_twice(*, diary: str, **kwargs: object) -> None:
    leave(diary, "begun")
    if len(Path(diary).read_text().split()) < 3:
        raise RuntimeError
