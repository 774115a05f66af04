"""
The shape of a query, the same for both engines: what must match, what raises a rank, what filters.

An engine translates these few nodes into its own terms, field by field as `search.backends.prepared` names them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.analysis import dates_in, folded_words, kind_key, numbers_in
from search.backends.base import FACETS
from search.weights import (
    BIGRAM,
    BOND,
    EXACT,
    EXACT_IN_LONG,
    FEW,
    FOLDED,
    MANY,
    NAMED_DAY,
    NAMED_SYMBOL,
    OWN_DAY,
    OWN_KIND,
    OWN_NUMBER,
    OWN_SYMBOL,
    PHRASE,
    SLOP,
    TITLE_BIGRAM,
    TITLE_EXACT,
    TITLE_FOLDED,
    TITLE_UNMARKED,
    UNMARKED,
    UNMARKED_IN_LONG,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from search.backends.base import Facet, Filters, Likeness, ReaderTokens, SearchRequest, Value
    from search.query import Clause, Phrase, Query, Words

LONGEST_KIND = 4  # words of a kind's name


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a field."""

    field: str
    value: Value


@dataclass(frozen=True, slots=True)
class OneOf:
    """Any of the values, however many."""

    field: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Two words or more in this order, at most `slop` places apart in all."""

    field: str
    words: Words
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Begins:
    """A term that begins so; every match is worth the same."""

    field: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Between:
    """A number within bounds, both included; None leaves a side open, not both."""

    field: str
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Boosted:
    """A node whose score is multiplied."""

    node: Node
    factor: float


@dataclass(frozen=True, slots=True)
class Constant:
    """A node that is worth the same wherever it matches; 0 for a filter."""

    node: Node
    score: float


@dataclass(frozen=True, slots=True)
class Bool:
    """All of `must`, none of `must_not`, at least `least` of `should`, whose scores add up."""

    must: tuple[Node, ...] = ()
    should: tuple[Node, ...] = ()
    must_not: tuple[Node, ...] = ()
    least: int = 0


Node = Term | OneOf | Near | Begins | Between | Boosted | Constant | Bool


def any_of(nodes: Iterable[Node]) -> Node:
    """At least one of them."""
    found = tuple(nodes)
    return found[0] if len(found) == 1 else Bool(should=found, least=1)


def side_by_side(field: str, words: Words, slop: int = 0) -> Node:
    """A phrase; of one word it is that word (a phrase of one ends in an engine's panic)."""
    return Term(field, words[0]) if len(words) == 1 else Near(field, words, slop)


def shape_of(request: SearchRequest, readers: ReaderTokens, but: Facet | None = None) -> Node | None:
    """
    Everything that a request asks for, within the searcher's rights; None if nothing can answer it.

    :param but: a facet whose own conditions are left out, to count its other values
    """
    filters = Constant(filter_of(request, readers, but), 0.0)
    if request.like is not None:
        return Bool(must=(filters, _like(request.like)))
    if request.query.is_empty:
        return filters
    if not request.query.is_answerable:
        return None
    return Bool(must=(filters, words_of(request.query, is_exact=request.is_exact)))


def filter_of(request: SearchRequest, readers: ReaderTokens, but: Facet | None = None) -> Node:
    """The searcher's rights and all conditions, save those on one facet."""
    filters = request.filters
    must: list[Node] = [rights_of(readers), *_wanted(filters, but)]
    unlike = [_wanted(other, but) for other in filters.without]
    must_not: list[Node] = [Bool(must=tuple(nodes)) for nodes in unlike if nodes]
    must_not += [_phrase(phrase, is_exact=request.is_exact) for phrase in request.query.excluded]
    if filters.hidden:
        must_not.append(OneOf("id", tuple(sorted(filters.hidden))))
    return Bool(must=tuple(must), must_not=tuple(must_not))


def rights_of(readers: ReaderTokens) -> Node:
    """Papers that carry one of the searcher's tokens."""
    return OneOf("readers", tuple(sorted(readers.tokens)))


def _wanted(filters: Filters, but: Facet | None) -> list[Node]:
    found: list[Node] = [
        OneOf(facet, tuple(sorted(filters.of[facet]))) for facet in FACETS if facet in filters.of and facet != but
    ]
    if filters.first_day is not None or filters.last_day is not None:
        found.append(Between("day", filters.first_day or 1, filters.last_day))  # papers without a date stand on day 0
    found += [Term("symbol", symbol) for symbol in filters.symbols]
    found += [side_by_side(field, words) for field, words in filters.named]
    if filters.only is not None:
        found.append(OneOf("id", tuple(sorted(filters.only))))
    return found


def words_of(query: Query, *, is_exact: bool) -> Node:
    """Any of the alternatives."""
    return any_of(_clause(clause, is_exact=is_exact) for clause in query.clauses if clause.is_answerable)


def _clause(clause: Clause, *, is_exact: bool) -> Node:
    own: list[Node] = [Constant(Term("symbol", symbol), OWN_SYMBOL) for symbol in clause.symbols]
    if clause.is_symbol:
        return any_of([*own, *_named(clause.symbols[0])])
    text = _text(clause, is_exact=is_exact)
    return any_of([*own, text] if text is not None else own)


def _named(symbol: str) -> list[Node]:
    """The parts of a number and symbol side by side in a text, as printed with a leading zero or without."""
    words = folded_words(symbol)
    spellings = sorted({words[0], words[0].zfill(2), words[0].zfill(3)})
    return [Constant(side_by_side("body", (spelling, *words[1:])), NAMED_SYMBOL) for spelling in spellings]


def _text(clause: Clause, *, is_exact: bool) -> Node | None:
    must = [_phrase(phrase, is_exact=is_exact) for phrase in clause.phrases]
    must += [Begins("body", prefix) for prefix in clause.prefixes]
    if clause.words:
        must.append(_most(clause, is_exact=is_exact))
    return Bool(must=tuple(must), should=tuple(_ranking(clause))) if must else None


def _phrase(phrase: Phrase, *, is_exact: bool) -> Node:
    """Side by side; where tones count, with its tones too (places are kept for folded words only)."""
    together = side_by_side("body", phrase.folded)
    return Bool(must=(together, *(Term("body_exact", word) for word in phrase.exact))) if is_exact else together


def _most(clause: Clause, *, is_exact: bool) -> Node:
    """Most of the words; where tones count, all of them with their tones."""
    if is_exact:
        return Boosted(Bool(must=tuple(Term("body_exact", word) for word in dict.fromkeys(clause.exact))), FOLDED)
    days = dates_in(clause.words)
    should = tuple(any_of([*_spelled(clause, word), *_dated(days, word)]) for word in dict.fromkeys(clause.words))
    unmarked = _by_length(clause, UNMARKED, UNMARKED_IN_LONG)
    weight = FOLDED if clause.has_marks else FOLDED + unmarked
    return Boosted(Bool(should=should, least=max(1, clause.must_match)), weight)


def _spelled(clause: Clause, word: str) -> list[Node]:
    """A word, or what may stand for the stretch that it belongs to."""
    stretches = [one for one in clause.spellings if one.is_sure and word in clause.words[one.start : one.end]]
    return [Term("body", word), *(side_by_side("body", one.words) for one in stretches)]


def _dated(days: list[tuple[str, Words]], word: str) -> list[Node]:
    """The day or month that a word belongs to, however a paper writes it."""
    return [Term("days", key) for key, words in days if word in words]


def _ranking(clause: Clause) -> list[Node]:
    """What raises a rank: tones, neighbours, the title, the whole as it was typed."""
    words = clause.words
    pairs = ["_".join(two) for two in clause.neighbours]
    shorts = [other.words[0] for other in clause.spellings if other.is_sure and len(other.words) == 1]
    exact = clause.exact if clause.has_marks else ()  # typed without marks: which paper has none says nothing
    weighted: list[tuple[str, Iterable[str], float]] = [
        ("body_exact", exact, _by_length(clause, EXACT, EXACT_IN_LONG)), ("title_exact", exact, TITLE_EXACT),
        ("title", words, TITLE_FOLDED if exact else TITLE_FOLDED + TITLE_UNMARKED),
        ("body_bigrams", pairs, BIGRAM), ("title_bigrams", pairs, TITLE_BIGRAM),
        ("body", shorts, BIGRAM),
    ]  # fmt: skip
    should: list[Node] = [
        Boosted(Term(field, term), weight * clause.bonds.get(term, 1.0) ** BOND)
        for field, terms, weight in weighted for term in dict.fromkeys(terms)
    ]  # fmt: skip
    for key, _words in dates_in(words):
        should += [Constant(Term("days", key), NAMED_DAY), Constant(Term("symbol", key), OWN_DAY)]
    should += [Constant(Term("symbol", key), OWN_NUMBER) for key in numbers_in(words)]
    should.append(Constant(OneOf("symbol", _kinds(clause)), OWN_KIND))
    if len(words) > 1:
        # A constant: a phrase of common syllables would be worth nearly nothing by its frequency.
        should += [Constant(Near(name, words, SLOP), PHRASE) for name in ("body", "title")]
    return should


def _by_length(clause: Clause, few: float, many: float) -> float:
    """What a word is worth, from some words to a whole question."""
    share = (len(set(clause.words)) - FEW) / (MANY - FEW)
    return few + (many - few) * min(1.0, max(0.0, share))


def _kinds(clause: Clause) -> tuple[str, ...]:
    """What the kind of paper may be that a query begins with, in words or abbreviated."""
    begun = [clause.words[:size] for size in range(1, LONGEST_KIND + 1)]
    begun += [other.words for other in clause.spellings if other.start == 0]
    return tuple(sorted({kind_key(words) for words in begun if words}))


def _like(like: Likeness) -> Node:
    should = tuple(Constant(Term("body_bigrams", pair), weight) for pair, weight in like.weights)
    return Bool(should=should, least=like.must_match)


def suggestion_of(words: Words, prefix: str, readers: ReaderTokens) -> Node:
    """Papers whose label, title and symbol, holds the words and something that begins so."""
    must = (rights_of(readers), *(Term("label", word) for word in words), Begins("label", prefix))
    return Constant(Bool(must=must), 0.0)
