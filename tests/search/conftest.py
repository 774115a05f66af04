"""What the tests of this folder begin with: an office, an engine of their own, operations by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from search.backends.base import Checkpoint, Op, ReaderTokens, SearchPage, SearchRequest
from search.backends.embedded import EmbeddedBackend
from search.parser import parse
from tests.factories.fixtures import office

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from search.backends.base import Generation, SearchBackend

__all__ = ["office"]
EVERYBODY = "unit:1@0"


@pytest.fixture
def engine(tmp_path: Path) -> EmbeddedBackend:
    return EmbeddedBackend(tmp_path / "index")


def op(pk: int, version: int = 1, *, title: str = "", body: str = "", symbol: str = "", **facts: Any) -> Op:
    """A paper as the feed hands it over."""
    usual = {"tokens": [EVERYBODY], "type_id": None, "unit_id": 1, "year": None, "day": 0, "issuer": "", "tags": []}
    named = {"type_name": "", "unit_name": "", "state": "IN_FORCE"}
    fields = {"title": title, "body": body, "symbol": symbol, "symbol_norm": "", **named, **usual, **facts}
    return Op(pk, version, fields)


def newest(engine: SearchBackend) -> Generation:
    """The generation that is written, begun if there is none."""
    if not engine.generations():
        engine.begin_rebuild()
    return engine.generations()[-1]


def put(engine: SearchBackend, ops: Iterable[Op], upto: int) -> None:
    newest(engine).apply(ops, Checkpoint(upto, None))


def reached(engine: SearchBackend) -> int:
    return newest(engine).checkpoint().upto


def fill(engine: SearchBackend, *ops: Op, upto: int = 1) -> None:
    put(engine, ops, upto)
    engine.promote()
    engine.refresh()


def ask(
    engine: SearchBackend, query: str, *tokens: str, of: Any = None, hidden: Any = frozenset(), **facts: Any
) -> SearchPage:
    readers = ReaderTokens(frozenset(tokens or [EVERYBODY]))
    parsed = parse(query)
    chosen = {facet: frozenset([value]) for facet, value in (of or {}).items()}
    filters = replace(parsed.filters, of={**parsed.filters.of, **chosen}, hidden=hidden)
    return engine.search(SearchRequest(parsed, filters, **facts), readers)


def found(engine: SearchBackend, query: str, *tokens: str, **facts: Any) -> list[int]:
    """The papers that a query finds, best first."""
    return [hit.doc_id for hit in ask(engine, query, *tokens, **facts).hits]
