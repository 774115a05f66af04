"""
tantivy in a directory: one writer process, many readers.

The checkpoint is document 0, written in the same commit as the papers, so index and checkpoint cannot differ; it carries no
token, so nobody finds it. A new schema or analysis is a new generation, switched to by an atomic rename.
"""

from __future__ import annotations

import hashlib
import logging
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import tantivy

from core.symbols import normal_symbol
from search.analysis import bigrams, exact_words, folded_words
from search.backends.base import BackendUnavailable, Hit, ReaderTokens, SearchPage, SearchRequest, WriterBusy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from search.backends.base import Op
    from search.query import Query

T = TypeVar("T")
logger = logging.getLogger(__name__)
ANALYSIS_VERSION = 1
HEAP_BYTES = 64 << 20
CHECKPOINT_ID = 0
# Weights (measured on judged sets, search design): folded syllable, exact, bigram, phrase; title likewise.
FOLDED, EXACT, BIGRAM, PHRASE = 0.3, 0.3, 4.0, 30.0
TITLE_FOLDED, TITLE_EXACT, TITLE_BIGRAM = 2.0, 2.0, 2.0
OWN_SYMBOL = 10_000.0
SLOP = 2


def schema() -> Any:
    """Fields of the index; text is not stored, snippets come from the database."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=True, indexed=True, fast=True)
    builder.add_integer_field("version", stored=True, fast=True)
    for name in ("body", "title"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field(f"{name}_exact", tokenizer_name="whitespace", index_option="freq")
        builder.add_text_field(f"{name}_bigrams", tokenizer_name="whitespace", index_option="freq")
    for name in ("symbol", "readers"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("type_id", "unit_id", "year"):
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_integer_field("day", indexed=True, fast=True)
    return builder.build()


class EmbeddedBackend:
    """The index below `root`."""

    capabilities: frozenset[str] = frozenset()

    def __init__(self, root: Path) -> None:
        self.root = root
        self._schema = schema()
        self._index: Any = None
        self._seen: tuple[str, int] | None = None

    # --- where the index lies ---------------------------------------------------------------------------------------------

    def _fingerprint(self) -> str:
        facts = f"{version('tantivy')} {ANALYSIS_VERSION} {Path(__file__).read_text(encoding='utf-8')}"
        return hashlib.sha256(facts.encode()).hexdigest()[:12]

    def _folder(self) -> Path | None:
        """The generation in use, or None before the first."""
        current = self.root / "CURRENT"
        return self.root / current.read_text().strip() if current.exists() else None

    def _ensure(self) -> Path:
        """The generation for this schema, made and switched to if it is missing."""
        name = f"gen-{self._fingerprint()}"
        folder = self.root / name
        if self._folder() != folder:
            folder.mkdir(parents=True, exist_ok=True)
            half = self.root / "CURRENT.new"
            half.write_text(name)
            half.replace(self.root / "CURRENT")
        return folder

    # --- writing ----------------------------------------------------------------------------------------------------------

    def apply(self, ops: Sequence[Op], upto: int) -> None:
        """Take changes in and move the checkpoint, in one commit. An older version of a paper never replaces a newer."""
        index = tantivy.Index(self._schema, path=str(self._ensure()))
        writer = _guard(lambda: index.writer(HEAP_BYTES, 1))
        index.reload()
        searcher = index.searcher()
        for op in ops:
            if self._version(searcher, op.doc_id) > op.version:
                continue
            writer.delete_documents_by_term("id", op.doc_id)
            writer.add_document(_document(op))
        writer.delete_documents_by_term("id", CHECKPOINT_ID)
        writer.add_document(tantivy.Document(id=CHECKPOINT_ID, version=upto))
        writer.commit()
        writer.wait_merging_threads()

    def _version(self, searcher: Any, doc_id: int) -> int:
        found = searcher.search(self._term("id", doc_id), 1).hits
        return int(searcher.doc(found[0][1])["version"][0]) if found else -1

    # --- reading ----------------------------------------------------------------------------------------------------------

    def checkpoint(self) -> int:
        """The feed's number up to which the index is current."""
        searcher = self._searcher()
        return max(0, self._version(searcher, CHECKPOINT_ID)) if searcher else 0

    def _searcher(self) -> Any:
        """A searcher over the last commit; opened lazily, so after any fork, and reloaded when the files changed."""
        folder = self._folder()
        if folder is None or not (folder / "meta.json").exists():
            return None
        seen = (folder.name, (folder / "meta.json").stat().st_mtime_ns)
        if self._index is None or self._seen is None or self._seen[0] != seen[0]:
            self._index = _guard(lambda: tantivy.Index.open(str(folder)))
        if self._seen != seen:
            self._index.reload()
            self._seen = seen
        return self._index.searcher()

    def search(self, request: SearchRequest, readers: ReaderTokens) -> SearchPage:
        """
        Hits that the tokens may see, with their exact number.

        :raises BackendUnavailable: before the first commit, or if the engine cannot answer
        """
        if not isinstance(readers, ReaderTokens):
            raise TypeError("search needs the searcher's tokens")
        if not readers.tokens:
            return SearchPage()
        searcher = self._searcher()
        if searcher is None:
            raise BackendUnavailable("there is no index yet")
        query = _both(self._filters(request, readers), self._words(request.query))
        return _guard(lambda: self._page(searcher, query, request))

    def _page(self, searcher: Any, query: Any, request: SearchRequest) -> SearchPage:
        by_date = request.sort == "date" or request.query.is_empty
        options: dict[str, Any] = {"order_by_field": "day", "order": tantivy.Order.Desc} if by_date else {}
        found = searcher.search(query, limit=request.limit, offset=request.offset, count=True, **options)
        ids = [int(searcher.doc(address)["id"][0]) for _score, address in found.hits]
        scores = [None if by_date else float(score) for score, _address in found.hits]
        hits = [Hit(doc_id, score) for doc_id, score in zip(ids, scores, strict=True)]
        if not by_date:
            hits.sort(key=lambda hit: (-(hit.score or 0), -hit.doc_id))
        return SearchPage(total=found.count or 0, hits=hits)

    def _term(self, field: str, value: object) -> Any:
        return tantivy.Query.term_query(self._schema, field, value)

    def _filters(self, request: SearchRequest, readers: ReaderTokens) -> Any:
        terms = tantivy.Query.term_set_query(self._schema, "readers", sorted(readers.tokens))
        clauses = [(tantivy.Occur.Must, terms)]
        for name in ("type_id", "unit_id", "year"):
            value = getattr(request, name)
            if value is not None:
                clauses.append((tantivy.Occur.Must, self._term(name, value)))
        clauses += [(tantivy.Occur.MustNot, self._term("body", word)) for word in request.query.excluded]
        clauses += [(tantivy.Occur.MustNot, self._term("title", word)) for word in request.query.excluded]
        return tantivy.Query.const_score_query(tantivy.Query.boolean_query(clauses), 0.0)

    def _words(self, query: Query) -> Any | None:
        if query.is_empty:
            return None
        text = self._text(query)
        if query.symbol is None:
            return text
        own = tantivy.Query.const_score_query(self._term("symbol", query.symbol), OWN_SYMBOL)
        return _any([own, text]) if text is not None else own

    def _text(self, query: Query) -> Any | None:
        must = [self._phrase("body", phrase) for phrase in query.phrases]
        words = list(dict.fromkeys(query.words))
        if words:
            must.append(self._at_least(words, query.must_match))
        if not must:
            return None
        should = self._ranking(query)
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, q) for q in must] + [(tantivy.Occur.Should, q) for q in should]
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
            should += [tantivy.Query.const_score_query(self._phrase(f, words), PHRASE) for f in ("body", "title")]
        return should

    def _phrase(self, field: str, words: Sequence[str]) -> Any:
        """A phrase of one word would end the process (a trap of the binding): it is a term."""
        if len(words) == 1:
            return self._term(field, words[0])
        return tantivy.Query.phrase_query(self._schema, field, list(words), slop=SLOP)


def _both(filters: Any, words: Any | None) -> Any:
    if words is None:
        return filters
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, filters), (tantivy.Occur.Must, words)])


def _any(queries: list[Any]) -> Any:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _document(op: Op) -> Any:
    document = tantivy.Document(id=op.doc_id, version=op.version)
    if op.fields is None:
        return document  # a tombstone: a late write of an older version stays out
    for name in ("body", "title"):
        text = op.fields[name]
        words = folded_words(text)
        document.add_text(name, " ".join(words))
        document.add_text(f"{name}_exact", " ".join(exact_words(text)))
        document.add_text(f"{name}_bigrams", " ".join(bigrams(words)))
    if symbol := op.fields["symbol_norm"] or normal_symbol(op.fields["symbol"]):
        document.add_text("symbol", symbol)
    for token in op.fields["tokens"]:
        document.add_text("readers", token)
    for name in ("type_id", "unit_id", "year", "day"):
        document.add_integer(name, op.fields[name] or 0)
    return document


def _guard(act: Callable[[], T]) -> T:
    """Turn the engine's errors, and its panics, which are no ordinary exceptions, into ours."""
    try:
        return act()
    except BaseException as error:
        if "LockBusy" in str(error) or "Lockfile" in str(error):
            raise WriterBusy from error
        if isinstance(error, (KeyboardInterrupt, SystemExit, BackendUnavailable)):
            raise
        logger.exception("the search engine failed")
        raise BackendUnavailable(str(error)) from error
