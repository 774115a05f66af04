"""What the tests of this folder begin with: an office, an engine of their own, operations by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from search.backends.base import Op, ReaderTokens, SearchPage, SearchRequest
from search.backends.embedded import EmbeddedBackend
from search.query import parse
from tests.factories.fixtures import office

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["office"]
EVERYBODY = "unit:1@0"


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedBackend:
    return EmbeddedBackend(tmp_path / "index")


def op(pk: int, version: int = 1, *, title: str = "", body: str = "", symbol: str = "", **facts: Any) -> Op:
    """A paper as the feed hands it over."""
    usual = {"tokens": [EVERYBODY], "type_id": None, "unit_id": 1, "year": None, "day": 0}
    fields = {"title": title, "body": body, "symbol": symbol, "symbol_norm": "", **usual, **facts}
    return Op(pk, version, fields)


def fill(engine: EmbeddedBackend, *ops: Op, upto: int = 1) -> None:
    engine.apply(ops, upto)
    engine.promote()


def ask(engine: EmbeddedBackend, query: str, *tokens: str, **facts: Any) -> SearchPage:
    readers = ReaderTokens(frozenset(tokens or [EVERYBODY]))
    return engine.search(SearchRequest(parse(query), **facts), readers)


def found(engine: EmbeddedBackend, query: str, *tokens: str, **facts: Any) -> list[int]:
    """The papers that a query finds, best first."""
    return [hit.doc_id for hit in ask(engine, query, *tokens, **facts).hits]
