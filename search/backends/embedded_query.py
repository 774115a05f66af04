"""A parsed query in the engine's terms. The engine's own parser never sees what a person typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tantivy

from search.analysis import bigrams, folded_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from search.backends.base import ReaderTokens, SearchRequest
    from search.query import Query

# Weights (measured on judged sets, search design): folded syllable, exact, bigram, phrase; title likewise.
FOLDED, EXACT, BIGRAM, PHRASE = 0.3, 0.3, 4.0, 30.0
TITLE_FOLDED, TITLE_EXACT, TITLE_BIGRAM = 2.0, 2.0, 2.0
# A paper's own number and symbol is worth more than all words of papers that name it.
OWN_SYMBOL, NAMED_SYMBOL = 10_000.0, 100.0
SLOP = 2


class QueryBuilder:
    """Builds for the schema of the index that is asked, which may be older than this program's."""

    def __init__(self, schema: Any) -> None:
        self.schema = schema

    def build(self, request: SearchRequest, readers: ReaderTokens) -> Any | None:
        """Everything the request asks for, within the searcher's rights; None if nothing can answer it."""
        filters = self._filters(request, readers)
        if request.query.is_empty:
            return filters
        if not request.query.is_answerable:
            return None
        return _all([filters, self._words(request.query)])

    def _filters(self, request: SearchRequest, readers: ReaderTokens) -> Any:
        clauses = [(tantivy.Occur.Must, self._one_of("readers", readers.tokens))]
        for name in ("type_id", "unit_id", "year"):
            value = getattr(request, name)
            if value is not None:
                clauses.append((tantivy.Occur.Must, self._term(name, value)))
        unwanted = [self._phrase(name, words) for words in request.query.excluded for name in ("body", "title")]
        if request.hidden:
            unwanted.append(self._one_of("id", request.hidden))
        clauses += [(tantivy.Occur.MustNot, query) for query in unwanted]
        return tantivy.Query.const_score_query(tantivy.Query.boolean_query(clauses), 0.0)

    def _words(self, query: Query) -> Any:
        own = [_const(self._term("symbol", symbol), OWN_SYMBOL) for symbol in query.symbols]
        if query.is_symbol:
            return _any([*own, *self._named(query.symbols[0])])
        text = self._text(query)
        return _any([*own, text]) if text is not None else _any(own)

    def _named(self, symbol: str) -> list[Any]:
        """The parts of a number and symbol side by side in a text, as printed with a leading zero or without."""
        words = folded_words(symbol)
        spellings = {words[0], words[0].zfill(2), words[0].zfill(3)}
        phrases = [(name, (spelling, *words[1:])) for spelling in sorted(spellings) for name in ("title", "body")]
        return [_const(self._phrase(name, phrase), NAMED_SYMBOL) for name, phrase in phrases]

    def _text(self, query: Query) -> Any | None:
        must = [_any([self._phrase("body", phrase), self._phrase("title", phrase)]) for phrase in query.phrases]
        words = list(dict.fromkeys(query.words))
        if words:
            must.append(self._at_least(words, query.must_match))
        if not must:
            return None
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, q) for q in must] + [(tantivy.Occur.Should, q) for q in self._ranking(query)]
        )

    def _at_least(self, words: list[str], least: int) -> Any:
        clauses = [
            (tantivy.Occur.Should, _any([self._term("body", word), self._term("title", word)])) for word in words
        ]
        wanted = tantivy.Query.boolean_query(clauses, minimum_number_should_match=max(1, least))
        return tantivy.Query.boost_query(wanted, FOLDED)

    def _ranking(self, query: Query) -> list[Any]:
        words = list(query.words)
        pairs = bigrams(words)
        weighted = [
            ("body_exact", query.exact, EXACT), ("title_exact", query.exact, TITLE_EXACT), ("title", words, TITLE_FOLDED),
            ("body_bigrams", pairs, BIGRAM), ("title_bigrams", pairs, TITLE_BIGRAM),
        ]  # fmt: skip
        should = [
            tantivy.Query.boost_query(self._term(field, word), weight)
            for field, terms, weight in weighted
            for word in dict.fromkeys(terms)
        ]
        if len(words) > 1:
            # A constant: a phrase of common syllables would be worth nearly nothing by its frequency.
            should += [_const(self._phrase(name, words, slop=SLOP), PHRASE) for name in ("body", "title")]
        return should

    def _term(self, field: str, value: object) -> Any:
        return tantivy.Query.term_query(self.schema, field, value)

    def _one_of(self, field: str, values: Iterable[Any]) -> Any:
        return tantivy.Query.term_set_query(self.schema, field, sorted(values))

    def _phrase(self, field: str, words: Sequence[str], slop: int = 0) -> Any:
        """A phrase of one word would end in the engine's panic (a trap of the binding): it is a term."""
        if len(words) == 1:
            return self._term(field, words[0])
        return tantivy.Query.phrase_query(self.schema, field, list(words), slop=slop)


def _all(queries: list[Any]) -> Any:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def _any(queries: list[Any]) -> Any:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _const(query: Any, score: float) -> Any:
    return tantivy.Query.const_score_query(query, score)
