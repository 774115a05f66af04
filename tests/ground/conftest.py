"""An office of its own, in a folder of its own, on ports of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.grounds import Ground, new_ground

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def ground(worker_id: str) -> Iterator[Ground]:
    number = int(worker_id.removeprefix("gw")) if worker_id != "master" else 0
    with new_ground(18400 + 10 * number) as office:
        yield office
