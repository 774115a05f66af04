"""An office of its own, in a folder of its own, on ports of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.grounds import Ground, new_ground

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def first_port(worker_id: str) -> int:
    """The first of ten that no other process of the tests uses."""
    return 18400 + 10 * (int(worker_id.removeprefix("gw")) if worker_id != "master" else 0)


@pytest.fixture(scope="session")
def ground(first_port: int) -> Iterator[Ground]:
    with new_ground(first_port) as office:
        yield office


@pytest.fixture
def bare_ground(first_port: int) -> Iterator[Ground]:
    """A machine on which no office has ever run."""
    with new_ground(first_port + 5) as office:
        yield office
