"""The contract suite: every test of this folder runs on both engines, the other one being a real Elasticsearch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from search.backends.embedded import EmbeddedBackend
from tests.elastic_fixtures import elastic_url, engine_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from search.backends.base import SearchBackend

__all__ = ["elastic_url"]
ENGINES = ("tantivy", "elastic")


def opened(request: pytest.FixtureRequest, folder: Path) -> Iterator[SearchBackend]:
    """The engine that a fixture's parameter names, with an empty index of its own."""
    if request.param == "elastic":
        with engine_on(request.getfixturevalue("elastic_url")) as engine:
            yield engine
    else:
        yield EmbeddedBackend(folder / "index")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchBackend]:
    yield from opened(request, tmp_path)
