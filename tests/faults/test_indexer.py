"""A sixth of `bin/bench faults`: indexers are killed in the middle of writing and of making an index anew, on each engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.faulting.searching import kill_indexers
from bench.faulting.storm import new_seed
from tests.factories.offices import make_office

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("faults")
@pytest.mark.slow
class TestKilledIndexers:
    @pytest.mark.parametrize("name", ["tantivy", "elastic"])
    def test_lose_nothing_and_nobody_finds_less(
        self, name: str, tmp_path: Path, request: pytest.FixtureRequest
    ) -> None:
        url = request.getfixturevalue("elastic_url") if name == "elastic" else ""

        report = kill_indexers(office=make_office(), name=name, folder=tmp_path, url=url, kills=KILLS, seed=new_seed())

        assert report.is_clean, report
        assert (report.kills, report.rebuilds) == (KILLS, KILLS // 2)
        assert report.reads > KILLS
