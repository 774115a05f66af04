"""A tenth of `bin/bench faults`: each process of a working office is killed once, and nothing that was acknowledged is lost."""

from __future__ import annotations

import pytest

from bench.faulting.killing import VICTIMS
from bench.faulting.storm import CLERKS, new_seed, storm
from tests.jobs.conftest import QUICK

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.slow]


class TestStorm:
    def test_loses_nothing_while_each_process_is_killed(self) -> None:
        settings = {name: value for name, value in QUICK.items() if name != "JOBS_ATTEMPTS"}

        report = storm(kills=len(VICTIMS), seed=new_seed(), settings=settings)

        assert report.complaints == [], report
        assert report.verify
        assert report.kills == dict.fromkeys(sorted(VICTIMS), 1)
        assert report.uploads == report.registrations == len(CLERKS) * len(VICTIMS)
