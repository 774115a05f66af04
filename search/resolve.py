"""What a query means in the searcher's archive: raw typing decoded, abbreviations written out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from search.abbreviations import spellings
from search.analysis import untype

if TYPE_CHECKING:
    from collections.abc import Iterable

    from search.abbreviations import Abbreviation
    from search.backends.base import ReaderTokens, SearchBackend
    from search.query import Clause, Query


def resolved(query: Query, engine: SearchBackend, readers: ReaderTokens, table: Iterable[Abbreviation]) -> Query:
    """
    The query with raw Telex and VNI decoded and other spellings added.

    Only words that none of the searcher's own papers holds are decoded: what others have changes nothing.

    :raises BackendUnavailable: if the engine cannot answer
    """
    doubtful = {word for word in query.words if untype(word) != word}
    absent = doubtful - engine.known(doubtful, readers) if doubtful else set()
    rows = tuple(table)
    return replace(query, clauses=tuple(_resolved(clause, absent, rows) for clause in query.clauses))


def weighed(query: Query, engine: SearchBackend, readers: ReaderTokens) -> Query:
    """
    The resolved query with what is known of its neighbours, for whoever wants the best first.

    :raises BackendUnavailable: if the engine cannot answer
    """
    bonds = engine.bonds([two for clause in query.clauses for two in clause.neighbours], readers)
    return replace(query, clauses=tuple(replace(clause, bonds=bonds) for clause in query.clauses))


def _resolved(clause: Clause, absent: set[str], table: Iterable[Abbreviation]) -> Clause:
    words = tuple(untype(word) if word in absent else word for word in clause.words)
    return replace(clause, words=words, spellings=spellings(words, table))
