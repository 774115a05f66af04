"""Which process dies, and in the middle of what."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.grounds import NAMES, begun_at

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from bench.faulting.clerks import Clerk
    from tests.grounds import Ground

SUPERVISOR = "supervisor"
VICTIMS = (*NAMES, SUPERVISOR)
MOMENTS = ("ocr", "registration", "upload")
READER = "documents.ocr.child"
MOMENT_SECONDS, LOOK_SECONDS = 20.0, 0.01
# How long after its beginning a moment may be hit: a page is read for seconds, a form is answered in tenths.
LATEST = {"ocr": 1.0, "registration": 0.12, "upload": 0.12}


@dataclass(slots=True)
class Deaths:
    """What was killed, what was going on at that moment, and what lived on although its parent was dead."""

    victims: Counter[str] = field(default_factory=Counter)
    moments: Counter[str] = field(default_factory=Counter)
    orphans: list[str] = field(default_factory=list)


COMES_BACK_SECONDS = 60


def plan(kills: int, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Every process in turn, each turn in another order, in the middle of everything in turn."""
    turn: list[str] = []
    for number in range(kills):
        turn = turn or rng.sample(VICTIMS, len(VICTIMS))
        yield turn.pop(), MOMENTS[number % len(MOMENTS)]


def wait_for_moment(moment: str, ground: Ground, clerks: Sequence[Clerk], rng: random.Random) -> None:
    """Until somebody is in the middle of it, and then a little; if nobody comes to it, the kill falls where it falls."""
    end = time.monotonic() + MOMENT_SECONDS
    while moment not in going_on(ground, clerks, look_for_readers=moment == "ocr") and time.monotonic() < end:
        time.sleep(LOOK_SECONDS * (10 if moment == "ocr" else 1))  # looking for readers costs time itself
    time.sleep(rng.uniform(0, LATEST[moment]))


def going_on(ground: Ground, clerks: Sequence[Clerk], *, look_for_readers: bool = True) -> set[str]:
    """What the office is in the middle of."""
    found = {clerk.doing for clerk in clerks} - {""}
    if look_for_readers and any(READER in words for words in ground.processes().values()):
        found.add("ocr")
    return found


def pick(victim: str, ground: Ground, rng: random.Random) -> int:
    """One process of that name: of the web's any, the master or a worker; of the database's the server."""
    late = time.monotonic() + COMES_BACK_SECONDS
    while not (found := ground.find(victim)):  # killed a moment ago, it is on its way back
        if time.monotonic() > late:
            raise TimeoutError(f"{victim} did not come back")
        time.sleep(0.1)
    return rng.choice(found) if victim == "web" else found[0]


@dataclass(frozen=True, slots=True)
class Brood:
    """The processes below one, as they were at a moment."""

    members: dict[int, tuple[int, str]]

    @classmethod
    def of(cls, pid: int, ground: Ground) -> Brood:
        words = ground.processes()
        return cls({child: (begun_at(child), words.get(child, "?")) for child in ground.below(pid)})

    def left(self) -> list[str]:
        """Command lines of those that still live."""
        return [words for pid, (begun, words) in self.members.items() if begun and begun_at(pid) == begun]


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
