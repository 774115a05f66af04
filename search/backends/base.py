"""
The contract of a search engine.

Every call carries the searcher's reader tokens: there is no default and no bypass, and without tokens there are no hits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from search.query import Query, Words

Sort = Literal["relevance", "date", "oldest"]
Facet = Literal["type_id", "unit_id", "year", "issuer", "tag", "state"]
FACETS: tuple[Facet, ...] = get_args(Facet)
Value = int | str
Neighbours = tuple[str, str]
Named = Literal["issuer_words", "tag_words"]
DEEPEST = 10_000  # how many hits one can leaf through
MOST_VALUES = 30  # of one facet, the most frequent


class BackendUnavailable(Exception):
    """The engine is missing, broken or not answering; lists from the database remain."""


class IndexLost(BackendUnavailable):
    """An index is gone or broken: it has to be made anew."""


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
class Filters:
    """
    What papers must be, whatever the words say. Days are ordinals (`date.toordinal`), both included.

    `named` asks for words of an issuer or a tag. Papers that answer to any of `without` are left out. `hidden` papers are, too,
    although the index may still have them for the searcher: their rights changed since. With `only`, nothing but these is
    looked at.
    """

    of: Mapping[Facet, frozenset[Value]] = field(default_factory=dict)
    first_day: int | None = None
    last_day: int | None = None
    symbols: tuple[str, ...] = ()
    named: tuple[tuple[Named, Words], ...] = ()
    without: tuple[Filters, ...] = ()
    hidden: frozenset[int] = frozenset()
    only: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """Pairs of neighbouring syllables and what each is worth: a paper is like another that shares them."""

    weights: tuple[tuple[str, float], ...]
    must_match: int


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A query with filters; `offset` and `limit` cut the page; `is_exact` takes tone marks at their word."""

    query: Query
    filters: Filters = field(default_factory=Filters)
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 20
    is_exact: bool = False
    facets: tuple[Facet, ...] = ()
    like: Likeness | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper and its score (None when sorted by date)."""

    doc_id: int
    score: float | None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """
    Hits of one page and the number of all, which is a floor if the engine stopped counting.

    A facet is counted under all filters but its own: how many there would be if one ticked it.
    """

    total: int = 0
    hits: list[Hit] = field(default_factory=list)
    is_floor: bool = False
    facets: dict[Facet, list[tuple[Value, int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """
    How far a generation has come: the feed's number that it contains.

    While it is filled from the database, `scanned` is the highest id taken in; None says that every paper was.
    """

    upto: int = 0
    scanned: int | None = 0

    @property
    def is_whole(self) -> bool:
        return self.scanned is None

    def joined(self, other: Checkpoint) -> Checkpoint:
        """What holds after both: a checkpoint never goes back."""
        scanned = None if self.scanned is None or other.scanned is None else max(self.scanned, other.scanned)
        return Checkpoint(max(self.upto, other.upto), scanned)


@dataclass(frozen=True, slots=True)
class Health:
    """What the operator sees: sizes in bytes, papers without tombstones."""

    engine: str
    version: str
    generation: str
    documents: int
    size: int
    is_rebuilding: bool


class Generation(Protocol):
    """An index that is written: the one that serves, or the one that will."""

    def apply(self, ops: Iterable[Op], reached: Checkpoint) -> None:
        """
        Take changes in; idempotent, in any order, an older version never replaces a newer.

        Afterwards `checkpoint()` is `reached`, but never lower than it was.

        :raises WriterBusy: if another process writes
        """

    def checkpoint(self) -> Checkpoint:
        """
        How far it has come.

        :raises IndexLost: if it is gone or broken
        :raises BackendUnavailable: if the engine does not answer now
        """

    def purge(self, before: int) -> int:
        """Forget tombstones older than a number of the feed; returns how many."""


def bonds_of(pairs: Collection[Neighbours], holders: Callable[[str, str], int]) -> dict[str, float]:
    """:param holders: how many papers hold a term of a field"""
    return {
        "_".join(two): _bond(holders("body_bigrams", "_".join(two)), *(holders("body", word) for word in two))
        for two in pairs
    }


def _bond(both: int, first: int, second: int) -> float:
    """Two digits of it: copies of an index with different remains of deleted papers weigh alike."""
    rarer = min(first, second)
    return float(f"{min(1.0, both / rarer):.2g}") if rarer else 0.0


class SearchBackend(Protocol):
    """What both engines do alike."""

    name: str

    # --- writing ---

    def generations(self) -> Sequence[Generation]:
        """Those to be written: what serves, unless its format is another program's, and what is being made, newest last."""

    def begin_rebuild(self) -> None:
        """Make an empty generation beside the one that serves; another one that was being made is given up."""

    def promote(self) -> None:
        """Let searchers see the newest generation, in one step; nothing is done while that one is not whole."""

    def refresh(self) -> None:
        """Show what was applied to searchers now."""

    # --- reading: every call within the searcher's rights ---

    def served(self) -> int:
        """
        The number of the feed up to which searchers see.

        :raises BackendUnavailable: if nothing can be searched
        """

    def search(self, request: SearchRequest, readers: ReaderTokens) -> SearchPage:
        """:raises BackendUnavailable: if the engine cannot answer"""

    def scroll(self, request: SearchRequest, readers: ReaderTokens) -> Iterator[int]:
        """Every paper that answers, in the request's order, beyond `DEEPEST`; offset and limit do not count."""

    def suggest(self, words: Words, prefix: str, readers: ReaderTokens, n: int) -> list[int]:
        """
        Papers whose title holds the folded words and one that begins with the prefix, or whose symbol begins so; newest first.

        By date, so that a paper that the searcher may not see changes nothing.
        """

    def known(self, words: Iterable[str], readers: ReaderTokens) -> set[str]:
        """Those of the folded words that some paper of the searcher holds."""

    def counts(self, pairs: Sequence[str], readers: ReaderTokens) -> list[int]:
        """How many papers of the searcher hold each pair of folded syllables in title or text."""

    def bonds(self, pairs: Collection[Neighbours], readers: ReaderTokens) -> dict[str, float]:
        """
        How firmly two folded syllables belong together, 0 to 1, by both as `body_bigrams` holds them: of the papers with the rarer
        one, those where the two stand side by side.

        Of all papers, as every weight of a word is: it moves papers up and down, and shuts none in or out (search design, 2).
        """

    def explain(self, request: SearchRequest, readers: ReaderTokens, doc_id: int) -> str:
        """How the engine came to a paper's score, for operators."""

    # --- looking after it ---

    def digests(self, first: int, last: int) -> dict[int, bytes]:
        """What is served of the papers with these ids: the digest of the fields each was given (`digest_of`)."""

    def health(self) -> Health:
        """:raises BackendUnavailable: if the engine cannot answer"""
