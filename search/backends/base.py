"""
The contract of a search engine.

Every call carries the searcher's reader tokens: there is no default and no bypass, and without tokens there are no hits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from search.query import Query

Sort = Literal["relevance", "date"]
DEEPEST = 10_000  # how many hits one can leaf through; the total is exact beyond it


class BackendUnavailable(Exception):
    """The engine is missing, broken or not answering; lists from the database remain."""


class WriterBusy(Exception):
    """Another process writes this index: there is one writer, for good."""


@dataclass(frozen=True, slots=True)
class ReaderTokens:
    """The searcher's rights; the type has no empty default."""

    tokens: frozenset[str]


@dataclass(frozen=True, slots=True)
class Op:
    """What became of a paper at a place of the feed; without fields it must be forgotten."""

    doc_id: int
    version: int
    fields: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """
    A query with filters; `offset` and `limit` cut the page.

    `hidden` papers are left out although the index may still have them for the searcher: their rights changed since.
    """

    query: Query
    type_id: int | None = None
    unit_id: int | None = None
    year: int | None = None
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 20
    hidden: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper and its score (None when sorted by date)."""

    doc_id: int
    score: float | None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Hits of one page and the exact number of all."""

    total: int = 0
    hits: list[Hit] = field(default_factory=list)


class SearchBackend(Protocol):
    """
    What both engines do alike.

    A new or broken index is filled beside the one that serves, which is replaced in one step when the new one is current.
    """

    def apply(self, ops: Iterable[Op], upto: int) -> None:
        """Take changes in; idempotent, in any order; afterwards `checkpoint()` is at least `upto`."""

    def checkpoint(self) -> int:
        """
        The number of the feed up to which the index that is being written is current; 0 for an empty one.

        :raises BackendUnavailable: if it cannot be read: `begin_anew` then
        """

    def served(self) -> int:
        """
        The number of the feed up to which searchers see.

        :raises BackendUnavailable: if nothing can be searched
        """

    def promote(self) -> None:
        """Let searchers see the index that is being written, once it is current."""

    def begin_anew(self) -> None:
        """Write into an empty index from now on; the old one serves until the new one is promoted."""

    def search(self, request: SearchRequest, readers: ReaderTokens) -> SearchPage:
        """:raises BackendUnavailable: if the engine cannot answer"""

    def digests(self, first: int, last: int) -> dict[int, bytes]:
        """What is served of the papers with these ids: the digest of the fields each was given (`digest_of`)."""
