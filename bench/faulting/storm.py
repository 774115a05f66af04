"""
One run: an office is served, clerks work in it round after round, and in each round one of its processes is killed.

In the end the clerks' diary is held against the office: what was acknowledged is there, numbers run, nothing outlived its
supervisor, the work went on by itself.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.faulting import killing
from bench.faulting.clerks import Clerk, Diary, Refused
from bench.faulting.judging import judge
from bench.faulting.killing import SUPERVISOR, Brood, Deaths
from tests.grounds import Ground, new_ground
from tests.processes import wait_for

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

# Two clerks of one unit, who contend for the numbers of one book, and one of another.
CLERKS = ("clerk", "chief", "province_clerk")
START_SECONDS, ORPHAN_SECONDS, ROUNDS_SECONDS = 180, 20, 20 * 60


@dataclass
class Office:
    """The served office: its folder, and the supervisor that runs it now."""

    ground: Ground
    said: Path
    supervisor: subprocess.Popen[str]

    def serve_again(self) -> None:
        self.supervisor = self.ground.serve(self.said)

    def wait_until_ready(self) -> None:
        """:raises AssertionError: if it does not come"""
        wait_for(self._is_whole, START_SECONDS)

    def _is_whole(self) -> bool:
        if self.supervisor.poll() is not None:
            raise SystemExit(f"the office ended by itself:\n{self.said.read_text()[-3000:]}")
        return self.ground.is_whole()


@contextmanager
def served(said: Path, settings: dict[str, str]) -> Iterator[Office]:
    """An office with people in it, ended and cleared away in the end, however the block ends."""
    with new_ground(settings=settings) as ground:
        opened = ground.run("-m", "bench.faulting.office", "open", seconds=START_SECONDS)
        if opened.returncode:
            raise SystemExit(opened.stdout)
        office = Office(ground, said, ground.serve(said))
        try:
            office.wait_until_ready()
            yield office
        finally:
            office.supervisor.kill()
            office.supervisor.wait()


@dataclass(frozen=True, slots=True)
class Report:
    """What `bin/bench faults` prints; `during` counts what was going on when a process was killed."""

    seed: int
    kills: dict[str, int]
    during: dict[str, int]
    uploads: int
    registrations: int
    lost: int
    doubles: int
    gaps: int
    orphans: int
    unread: int
    verify: bool
    answers: dict[int, int]
    seconds: int
    complaints: list[str]


def storm(*, kills: int, seed: int, log: Path | None = None, settings: dict[str, str] | None = None) -> Report:
    """
    Kill `kills` processes of a working office and report.

    :param seed: the same seed, the same plan
    :param log: a file for what the office printed
    :param settings: of the office, beside those of a newcomer
    """
    begun = time.monotonic()
    with asked_to_stop_as_by_ctrl_c(), tempfile.TemporaryDirectory(prefix="vanthu-diary.") as name:
        said, diary = log or Path(name) / "said.log", Diary(Path(name) / "acts.jsonl")
        with served(said, settings or {}) as office:
            clerks = [Clerk(office.ground.port, user, diary) for user in CLERKS]
            for clerk in clerks:
                clerk.sign_in()
            storm = Storm(office, clerks, random.Random(seed))  # noqa: S311  # a plan, no secret
            storm.blow(kills, seed)
            verdict = judge(office, clerks, diary, storm.deaths.orphans)
    answers = sum((clerk.answers for clerk in clerks), Counter[int]())
    done = sum(storm.deaths.victims.values())
    complaints = [*storm.refused, *verdict.complaints] + ([f"only {done} kills in the time"] if done < kills else [])
    complaints += [f"{answers[500]} pages of a broken program"] if answers[500] else []
    return Report(
        seed=seed, kills=dict(sorted(storm.deaths.victims.items())), during=dict(sorted(storm.deaths.moments.items())),
        **asdict(verdict) | {"complaints": complaints}, answers=dict(sorted(answers.items())),
        seconds=round(time.monotonic() - begun),
    )  # fmt: skip


@contextmanager
def asked_to_stop_as_by_ctrl_c() -> Iterator[None]:
    """Whoever is asked to stop clears away what it started, in tests as in benches."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Storm:
    """The rounds of one run."""

    def __init__(self, office: Office, clerks: list[Clerk], rng: random.Random) -> None:
        self._office, self._clerks, self._rng = office, clerks, rng
        self.deaths, self.refused = Deaths(), list[str]()

    def blow(self, kills: int, seed: int) -> None:
        """Round after round, until all kills are done or the time is over."""
        end = time.monotonic() + ROUNDS_SECONDS
        for number, (victim, moment) in enumerate(killing.plan(kills, self._rng)):
            if time.monotonic() > end:
                break
            begun = time.monotonic()
            self._round(f"{seed}-{number}", victim, moment)
            print(f"{number + 1}/{kills} {victim}, {time.monotonic() - begun:.1f} s", file=sys.stderr)

    def _round(self, mark: str, victim: str, moment: str) -> None:
        with ThreadPoolExecutor(len(self._clerks)) as desks:
            work = [desks.submit(_take_in_and_register, clerk, f"{mark}-{clerk.user}") for clerk in self._clerks]
            killing.wait_for_moment(moment, self._office.ground, self._clerks, self._rng)
            self._kill(victim)
            self._office.wait_until_ready()
            for done in work:
                try:
                    done.result()
                except Refused as refusal:
                    self.refused.append(str(refusal))

    def _kill(self, victim: str) -> None:
        ground, supervisor = self._office.ground, self._office.supervisor
        pid = supervisor.pid if victim == SUPERVISOR else killing.pick(victim, ground, self._rng)
        brood = Brood.of(pid, ground)
        self.deaths.moments.update(killing.going_on(ground, self._clerks))
        killing.kill(pid)
        self.deaths.victims[victim] += 1
        if victim == SUPERVISOR:
            supervisor.wait()
            if self._rng.random() < 0.5:  # now and then somebody starts it again before its children are gone
                self._count_orphans(brood)
            self._office.serve_again()
        self._count_orphans(brood)

    def _count_orphans(self, brood: Brood) -> None:
        try:
            wait_for(lambda: not brood.left(), ORPHAN_SECONDS)
        except AssertionError:
            self.deaths.orphans += brood.left()


def _take_in_and_register(clerk: Clerk, mark: str) -> None:
    clerk.register(clerk.take_in(mark), mark)


def new_seed() -> int:
    return int.from_bytes(os.urandom(4), "big")
