"""Each trap of the queue's library has its test, with real processes that are really killed."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction

from jobs import enqueue
from tests.processes import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.jobs.conftest import Worker

NOTE, SLOW, POISON, FAILING = (f"tests.jobs.tasks.{name}" for name in ("note", "slow", "poison", "fail_twice"))
pytestmark = [pytest.mark.usefixtures("queue"), pytest.mark.xdist_group("workers")]


def states(task: str) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, attempts FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [task])
        return list(cursor.fetchall())


def pause(pid: int) -> None:
    """
    Stop a process between two transactions: one that sleeps with a lock holds up all others, who end and are started anew until it
    is gone. That is the supervisor's part.
    """

    def is_paused() -> bool:
        os.kill(pid, signal.SIGSTOP)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND xact_start IS NOT NULL"
            )
            (busy,) = cursor.fetchone()
        if busy:
            os.kill(pid, signal.SIGCONT)
        return not busy

    wait_for(is_paused)


class TestOutbox:
    def test_a_job_vanishes_with_the_act_that_wanted_it(self, diary: Path) -> None:
        with transaction.atomic():
            enqueue(NOTE, diary=str(diary), word="never")
            transaction.set_rollback(True)

        assert states(NOTE) == []

    def test_a_key_that_waits_already_leaves_the_act_alive(self, diary: Path) -> None:
        with transaction.atomic():
            first = enqueue(NOTE, key="one", diary=str(diary), word="first")
            second = enqueue(NOTE, key="one", diary=str(diary), word="second")
            third = enqueue(NOTE, key="two", diary=str(diary), word="third")

        assert (first, second, third) == (True, False, True)
        assert len(states(NOTE)) == 2


class TestWorkers:
    def test_the_job_of_a_killed_worker_is_done_by_another(self, worker: Callable[..., Worker], diary: Path) -> None:
        enqueue(SLOW, diary=str(diary), seconds=1.5)
        with worker("default") as first:
            wait_for(lambda: "begun" in diary.read_text())
            os.kill(first.pid, signal.SIGKILL)

        with worker("default"):
            wait_for(lambda: states(SLOW) == [("succeeded", 2)])

        assert diary.read_text().split() == ["begun", "begun", "done"]

    def test_the_job_of_a_stopped_worker_is_done_by_another(self, worker: Callable[..., Worker], diary: Path) -> None:
        """Longer than a worker waits for its jobs: cut off, not counted as failed."""
        enqueue(SLOW, diary=str(diary), seconds=8)
        with worker("default") as first:
            wait_for(lambda: "begun" in diary.read_text())
            first.terminate()
            first.wait(10)
        assert states(SLOW) == [("doing", 0)]

        with worker("default"):
            wait_for(lambda: states(SLOW) == [("succeeded", 2)])

    def test_a_job_that_kills_its_workers_ends_as_failed(self, worker: Callable[..., Worker], diary: Path) -> None:
        enqueue(POISON, diary=str(diary))

        for _life in range(3):
            with worker("default") as doomed:
                wait_for(lambda: doomed.poll() is not None)
        with worker("default"):
            wait_for(lambda: states(POISON)[0][0] == "failed")

        assert diary.read_text().split() == ["begun"] * 3

    def test_a_paused_worker_wakes_and_finishes_what_was_done_again(
        self, worker: Callable[..., Worker], diary: Path
    ) -> None:
        """There is no fence: that is why effects guard themselves. The queue itself stays in order."""
        enqueue(SLOW, diary=str(diary), seconds=1)
        with worker("default") as sleeper:
            wait_for(lambda: "begun" in diary.read_text())
            pause(sleeper.pid)
            with worker("default"):
                wait_for(lambda: states(SLOW)[0][0] == "succeeded")
                os.kill(sleeper.pid, signal.SIGCONT)
                wait_for(lambda: diary.read_text().split().count("done") == 2)

                assert states(SLOW)[0][0] == "succeeded"
                enqueue(NOTE, diary=str(diary), word="after")
                wait_for(lambda: "after" in diary.read_text())

    def test_a_stalled_job_gives_way_to_one_with_its_key(self, worker: Callable[..., Worker], diary: Path) -> None:
        enqueue(SLOW, key="same", diary=str(diary), seconds=5)
        with worker("default") as first:
            wait_for(lambda: "begun" in diary.read_text())
            enqueue(SLOW, key="same", diary=str(diary), seconds=0)
            os.kill(first.pid, signal.SIGKILL)
        with worker("default"):
            wait_for(lambda: states(SLOW)[1][0] == "succeeded")

            wait_for(lambda: states(SLOW)[0][0] in {"aborted", "succeeded"})

    def test_long_jobs_cannot_fill_the_place_of_housekeeping(self, worker: Callable[..., Worker], diary: Path) -> None:
        dead = diary.with_name("dead")
        dead.touch()
        enqueue(SLOW, queue="other", diary=str(dead), seconds=30)
        with worker("other") as first:
            wait_for(lambda: "begun" in dead.read_text())
            os.kill(first.pid, signal.SIGKILL)
        for _place in range(2):
            enqueue(SLOW, diary=str(diary), seconds=20)

        with worker("default"):
            wait_for(lambda: diary.read_text().split() == ["begun", "begun"])
            wait_for(lambda: ("todo", 1) in states(SLOW), seconds=10)

    def test_a_failing_job_is_tried_again_as_often_as_it_says(self, worker: Callable[..., Worker], diary: Path) -> None:
        enqueue(FAILING, diary=str(diary))

        with worker("default"):
            wait_for(lambda: states(FAILING)[0][0] == "succeeded")

        assert diary.read_text().split() == ["begun"] * 3
