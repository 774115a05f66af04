"""The real Elasticsearch of a run, as fixtures; folders import them in their conftest."""

from __future__ import annotations

import os
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from search.backends.elastic import ElasticBackend
from search.backends.elastic_client import OPERATOR_SECONDS
from search.backends.place import Place
from tests.elastic_server import shared_server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def elastic_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the server that all processes of this run share."""
    folder = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        folder = folder.parent
    with shared_server(folder / "elasticsearch") as url:
        yield url


@contextmanager
def engine_on(url: str) -> Iterator[ElasticBackend]:
    """An office of its own on a server."""
    engine = ElasticBackend(Place((url,), prefix=f"test-{uuid.uuid4().hex[:12]}", replicas=0))
    yield engine
    forget(engine)


def forget(engine: ElasticBackend) -> None:
    """Delete every index of the engine's office."""
    client = engine.client(OPERATOR_SECONDS)
    for name in client.indices.get_alias(index=f"{engine.place.prefix}-*", allow_no_indices=True):
        client.options(ignore_status=404).indices.delete(index=name)
