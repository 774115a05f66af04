"""Running what waits where no worker lives, and how the queues are."""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError
from procrastinate.jobs import Job

from jobs import enqueue
from jobs.health import health, orphans, unfinished, waiting
from jobs.registry import Attempts
from jobs.services import run_waiting, see_through, workers_alive
from jobs.tasks import pause_before
from tests.processes import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from procrastinate import RetryDecision
    from pytest_django import Settings

    from tests.jobs.conftest import Worker

NOTE, SLOW = "tests.jobs.tasks.note", "tests.jobs.tasks.slow"
pytestmark = [pytest.mark.usefixtures("queue"), pytest.mark.xdist_group("workers")]


class TestRunWaiting:
    def test_runs_the_named_queues_alone(self, diary: Path) -> None:
        enqueue(NOTE, diary=str(diary), word="here")
        enqueue(NOTE, queue="elsewhere", diary=str(diary), word="there")

        run_waiting(["default"])

        assert diary.read_text().split() == ["here"]
        assert waiting(["elsewhere"]) == 1

    def test_takes_back_what_a_dead_worker_left(
        self, worker: Callable[..., Worker], diary: Path, settings: pytest.MonkeyPatch
    ) -> None:
        settings.JOBS_STALLED_SECONDS = 0  # type: ignore[attr-defined]
        enqueue(SLOW, diary=str(diary), seconds=1)
        with worker("default") as first:
            wait_for(lambda: "begun" in diary.read_text())
            os.kill(first.pid, signal.SIGKILL)

        run_waiting(["default"])

        assert diary.read_text().split() == ["begun", "begun", "done"]


class TestSeeThrough:
    def test_does_the_work_where_no_worker_lives(self, diary: Path) -> None:
        enqueue(NOTE, diary=str(diary), word="done")

        assert not workers_alive()
        assert see_through(["default"], until=lambda: "done" in diary.read_text(), seconds=20)

    def test_leaves_it_to_a_worker_that_lives(self, worker: Callable[..., Worker], diary: Path) -> None:
        with worker("default"):
            wait_for(workers_alive)
            enqueue(NOTE, diary=str(diary), word="done")

            assert see_through(["default"], until=lambda: "done" in diary.read_text(), seconds=20)

    def test_says_when_nothing_is_left_that_could_help(self) -> None:
        assert not see_through(["default"], until=lambda: False, seconds=20)


class TestHealth:
    def test_counts_by_queue(self, diary: Path) -> None:
        enqueue(NOTE, diary=str(diary), word="first")
        run_waiting(["default"])
        enqueue(NOTE, queue="elsewhere", diary=str(diary), word="second")

        found = {line.queue: line for line in health()}

        assert (found["elsewhere"].waiting, found["elsewhere"].running) == (1, 0)
        assert found["default"].waiting == 0
        assert found["elsewhere"].oldest_seconds < 60
        assert unfinished(NOTE) == [{"diary": str(diary), "word": "second"}]
        assert orphans() == []


class TestPauseBefore:
    def test_is_none_after_a_first_death(self) -> None:
        assert pause_before(0) == timedelta()

    def test_grows_up_to_a_minute(self) -> None:
        assert timedelta(seconds=1.5) <= pause_before(2) <= timedelta(seconds=3)
        assert timedelta(seconds=30) <= pause_before(24) <= timedelta(minutes=1)

    def test_parts_jobs_that_died_together(self) -> None:
        assert len({pause_before(5) for _job in range(20)}) > 1


class TestAttempts:
    def decision(self, exception: Exception, attempts: int) -> RetryDecision | None:
        job = Job(id=1, queue="ocr", lock=None, queueing_lock=None, task_name="x", attempts=attempts)
        return Attempts(3, 10).get_retry_decision(exception=exception, job=job)

    def test_end_for_a_job_that_fails(self) -> None:
        assert self.decision(ValueError(), 1) is not None
        assert self.decision(ValueError(), 2) is None

    def test_go_on_for_one_whose_database_was_lost(self, settings: Settings) -> None:
        settings.JOBS_ATTEMPTS = 25

        assert self.decision(OperationalError(), 2) is not None
        assert self.decision(OperationalError(), 24) is None
