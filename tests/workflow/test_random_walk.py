"""The random walk of `walk.py`: few here, always the same ones; `bin/bench walk --examples N --json` takes more, and others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.workflow.walk import OfficeWalk, make_walking_office

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import Settings

WALKS, STEPS = 5, 25
FEW = settings(
    max_examples=WALKS, stateful_step_count=STEPS, derandomize=True, database=None, deadline=None,
    phases=[Phase.generate], suppress_health_check=list(HealthCheck), print_blob=True,
)  # fmt: skip


class TestAnyPermittedAct:
    def test_leaves_the_office_in_order(self, db: None, settings: Settings, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = tmp_path
        OfficeWalk.office = make_walking_office()
        OfficeWalk.tally.clear()

        run_state_machine_as_test(OfficeWalk, settings=FEW)

        assert OfficeWalk.tally.total() > WALKS * STEPS / 3  # it did walk
