"""
tantivy in a directory: one writer process, many readers.

`gen-…` folders are generations of the index; the file CURRENT names the one that serves and is replaced in one step. The
checkpoint is document 0, written in the same commit as the papers, so index and checkpoint cannot differ; it carries no
token, so nobody finds it.
"""

from __future__ import annotations

import logging
import shutil
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TypeVar

import tantivy

from search.backends.base import (
    DEEPEST,
    FACETS,
    MOST_VALUES,
    BackendUnavailable,
    Checkpoint,
    Health,
    Hit,
    IndexLost,
    ReaderTokens,
    SearchPage,
    WriterBusy,
    bonds_of,
)
from search.backends.embedded_query import Translator, document_of, schema
from search.backends.prepared import fingerprint
from search.shape import Bool, Constant, Term, rights_of, shape_of, suggestion_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from search.backends.base import Facet, Neighbours, Op, SearchRequest, Sort, Value
    from search.query import Words
    from search.shape import Node

T = TypeVar("T")
logger = logging.getLogger(__name__)
HEAP_BYTES = 64 << 20
CHECKPOINT_ID = 0
FORMAT = version("tantivy")
WHOLE = -1  # every paper was taken in
ALL_VALUES = 10_000
ENGINE_ERRORS = (OSError, OverflowError, RuntimeError, ValueError)
HELD_LETTERS = 4_000_000  # of texts that are held as terms at once
TIES = 32  # hits looked at beyond a page for those of equal score


class EmbeddedGeneration:
    """One folder of the index, with its checkpoint as document 0."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def apply(self, ops: Iterable[Op], reached: Checkpoint) -> None:
        """Take changes in and move the checkpoint, in one commit."""
        _guard(lambda: self._write(ops, reached))

    def _write(self, ops: Iterable[Op], reached: Checkpoint) -> None:
        with self._writer() as (index, writer):
            _put(index, writer, ops)
            _mark(writer, _checkpoint_of(index).joined(reached))
            writer.commit()

    @contextmanager
    def _writer(self) -> Iterator[tuple[Any, Any]]:
        index = tantivy.Index(schema(), path=str(self.folder))
        writer = index.writer(HEAP_BYTES, 1)
        try:
            writer.garbage_collect_files()  # a writer killed in its commit leaves files whose names come again
            index.reload()  # what was committed before the lock was ours
            yield index, writer
        finally:
            writer.wait_merging_threads()  # gives the lock back, whatever happened

    def checkpoint(self) -> Checkpoint:
        """How far this folder has come; whatever keeps it from being read does so for good."""
        try:
            return _guard(self._reached)
        except BackendUnavailable as error:
            raise IndexLost(str(error)) from error

    def _reached(self) -> Checkpoint:
        if self.folder.is_dir() and not (self.folder / "meta.json").exists():
            return Checkpoint()  # begun, by whichever process; or emptied: it is filled again
        return _checkpoint_of(tantivy.Index.open(str(self.folder)))

    def purge(self, before: int) -> int:
        """Forget tombstones older than a number of the feed; returns how many."""
        return _guard(lambda: self._purge(before))

    def _purge(self, before: int) -> int:
        with self._writer() as (index, writer):
            old = tantivy.Query.range_query(
                index.schema, "version", tantivy.FieldType.Integer, None, before, include_upper=False
            )
            dead = tantivy.Query.term_query(index.schema, "is_tombstone", True)
            both = tantivy.Query.boolean_query([(tantivy.Occur.Must, old), (tantivy.Occur.Must, dead)])
            count = int(index.searcher().search(both, limit=1).count)
            writer.delete_documents_by_query(both)
            writer.commit()
            return count


class EmbeddedBackend:
    """The index below `root`."""

    name = "tantivy"

    def __init__(self, root: Path) -> None:
        self.root = root
        # The open index and what it was opened of, in one: threads share this engine.
        self._reader: tuple[Any, tuple[str, int, int]] | None = None

    # --- where the index lies ---------------------------------------------------------------------------------------------

    @property
    def _current(self) -> Path:
        return self.root / "CURRENT"

    def _serving(self) -> Path | None:
        """The generation that is searched, or None before the first."""
        if not self._current.exists():
            return None
        name = self._current.read_text().strip()
        if not name.startswith("gen-"):
            raise ValueError(name)
        return self.root / name

    def _kept(self) -> Path | None:
        """The generation that is searched; None too where nobody can say: then none is."""
        try:
            return self._serving()
        except ENGINE_ERRORS:
            return None

    def _own(self) -> list[Path]:
        """What this program wrote, oldest first; numbered, since a broken one is not mended but begun anew."""
        return sorted(self.root.glob(f"gen-{fingerprint(FORMAT)}-*"))

    def generations(self) -> Sequence[EmbeddedGeneration]:
        """What serves, if this program wrote it, and what is being made."""
        return _guard(lambda: [EmbeddedGeneration(folder) for folder in self._own() if folder >= self._oldest()])

    def _oldest(self) -> Path:
        serving = self._kept()
        return serving if serving is not None and serving in self._own() else self.root

    def begin_rebuild(self) -> None:
        """An empty generation; one that was being made is given up."""
        logger.info("a search index is made anew")
        _guard(self._begin)

    def _begin(self) -> None:
        known, serving = self._own(), self._kept()
        number = int(known[-1].name.rpartition("-")[2]) + 1 if known else 1
        for folder in known:
            if folder != serving:
                shutil.rmtree(folder, ignore_errors=True)
        (self.root / f"gen-{fingerprint(FORMAT)}-{number:06d}").mkdir(parents=True)

    def promote(self) -> None:
        """Let searchers see the newest generation; those before it go."""
        newest = _guard(lambda: self._own()[-1])
        if EmbeddedGeneration(newest).checkpoint().is_whole:
            _guard(lambda: self._switch(newest))

    def _switch(self, target: Path) -> None:
        if self._kept() == target:
            return
        half = self.root / "CURRENT.new"
        half.write_text(target.name)
        half.replace(self._current)
        for folder in self.root.glob("gen-*"):
            if folder != target:
                shutil.rmtree(folder, ignore_errors=True)

    def refresh(self) -> None:
        """Readers look at each commit by themselves."""

    # --- reading ----------------------------------------------------------------------------------------------------------

    def _index(self) -> Any:
        """
        The index that serves, as of its last commit.

        :raises BackendUnavailable: before the first is complete
        """
        folder = self._serving()
        try:
            return self._opened(folder)
        except ENGINE_ERRORS:
            later = self._serving()
            if later == folder:
                raise
            return self._opened(later)  # another one was promoted this moment

    def _opened(self, folder: Path | None) -> Any:
        """Opened lazily, so after any fork, and looked after by hand: the engine's own watcher dies with a fork."""
        if folder is None:
            raise BackendUnavailable("there is no index yet")
        facts = (folder / "meta.json").stat()
        seen = (folder.name, facts.st_mtime_ns, facts.st_ino)
        index: Any
        index, present = self._reader or (None, None)
        if present is None or present[0] != folder.name:
            index = tantivy.Index.open(str(folder))
            index.config_reader("manual")
        if present != seen:
            index.reload()
            self._reader = index, seen
        return index

    def served(self) -> int:
        """The feed's number up to which searchers see."""
        return _guard(lambda: _checkpoint_of(self._index()).upto)

    def search(self, request: SearchRequest, readers: ReaderTokens) -> SearchPage:
        """
        Hits that the tokens may see, with their exact number.

        :raises BackendUnavailable: before the first index is complete, or if the engine cannot answer
        """
        if not _may_see(readers):
            return SearchPage()
        return _guard(lambda: self._page(self._index(), request, readers))

    def _page(self, index: Any, request: SearchRequest, readers: ReaderTokens) -> SearchPage:
        shape = shape_of(request, readers)
        if shape is None:
            return SearchPage()
        query = Translator(index.schema).translate(shape)
        searcher = index.searcher()
        first = min(request.offset, DEEPEST)
        last = min(request.offset + request.limit, DEEPEST)
        if _by_day(request):
            total, hits = _by_order(searcher, query, last, request.sort)
        else:
            total, hits = _best(searcher, query, last)
        return SearchPage(total=total, hits=hits[first:last], facets=_facets(index, request, readers, query))

    def scroll(self, request: SearchRequest, readers: ReaderTokens) -> Iterator[int]:
        """All of them at once: a number each."""
        shape = shape_of(request, readers) if _may_see(readers) else None
        if shape is None:
            return iter(())
        return iter(_guard(lambda: self._all(self._index(), request, shape)))

    def _all(self, index: Any, request: SearchRequest, shape: Node) -> list[int]:
        query, searcher = Translator(index.schema).translate(shape), index.searcher()
        reach = max(1, searcher.num_docs)
        found = _by_order(searcher, query, reach, request.sort) if _by_day(request) else _best(searcher, query, reach)
        return [hit.doc_id for hit in found[1]]

    def suggest(self, words: Words, prefix: str, readers: ReaderTokens, n: int) -> list[int]:
        """Newest first."""
        if not _may_see(readers) or not prefix:
            return []

        def look() -> list[int]:
            index = self._index()
            query = Translator(index.schema).translate(suggestion_of(words, prefix, readers))
            return [hit.doc_id for hit in _by_order(index.searcher(), query, n, "date")[1]]

        return _guard(look)

    def known(self, words: Iterable[str], readers: ReaderTokens) -> set[str]:
        """Those of the words that the searcher's papers hold."""
        if not _may_see(readers):
            return set()
        return {word for word in words if self._count(Term("body", word), readers, limit=1)}

    def counts(self, pairs: Sequence[str], readers: ReaderTokens) -> list[int]:
        """How many of the searcher's papers hold each pair."""
        if not _may_see(readers):
            return [0] * len(pairs)
        return [self._count(Term("body_bigrams", pair), readers) for pair in pairs]

    def bonds(self, pairs: Collection[Neighbours], readers: ReaderTokens) -> dict[str, float]:
        """From the lists of terms, which costs next to nothing."""

        def look() -> dict[str, float]:
            return bonds_of(pairs, self._index().searcher().doc_freq)

        return _guard(look) if pairs and _may_see(readers) else {}

    def _count(self, node: Node, readers: ReaderTokens, limit: int = 0) -> int:
        """Their number, or with a limit whether there is one."""

        def look() -> int:
            index = self._index()
            query = Translator(index.schema).translate(Constant(Bool(must=(rights_of(readers), node)), 0.0))
            found = index.searcher().search(query, limit=1, count=not limit)
            return len(found.hits) if limit else int(found.count)

        return _guard(look)

    def explain(self, request: SearchRequest, readers: ReaderTokens, doc_id: int) -> str:
        """The engine's own account, as JSON."""
        shape = shape_of(request, readers) if _may_see(readers) else None
        if shape is None:
            return "{}"

        def look() -> str:
            index = self._index()
            query, searcher = Translator(index.schema).translate(shape), index.searcher()
            own = searcher.search(tantivy.Query.term_query(index.schema, "id", doc_id), 1).hits
            return str(query.explain(searcher, own[0][1]).to_json()) if own else "{}"

        return _guard(look)

    # --- looking after it -------------------------------------------------------------------------------------------------

    def digests(self, first: int, last: int) -> dict[int, bytes]:
        """What is served of the papers with these ids, each with the digest of its fields."""
        return _guard(lambda: _digests(self._index(), first, last))

    def health(self) -> Health:
        """What lies in the folder that serves."""

        def look() -> Health:
            index, folder = self._index(), self._serving()
            living = tantivy.Query.range_query(index.schema, "newest", tantivy.FieldType.Integer, 0, None)
            size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) if folder else 0
            return Health(
                engine=self.name, version=FORMAT, generation=folder.name if folder else "",
                documents=int(index.searcher().search(living, limit=1).count), size=size,
                is_rebuilding=self._own()[-1:] != [folder],
            )  # fmt: skip

        return _guard(look)


def _may_see(readers: ReaderTokens) -> bool:
    if not isinstance(readers, ReaderTokens):
        raise TypeError("search needs the searcher's tokens")
    return bool(readers.tokens)


def _by_day(request: SearchRequest) -> bool:
    return request.sort != "relevance" or (request.query.is_empty and request.like is None)


def _mark(writer: Any, reached: Checkpoint) -> None:
    writer.delete_documents_by_term("id", CHECKPOINT_ID)
    scanned = WHOLE if reached.scanned is None else reached.scanned
    writer.add_document(tantivy.Document(id=CHECKPOINT_ID, version=reached.upto, scanned=scanned))


def _found(index: Any, searcher: Any, doc_id: int) -> Any | None:
    found = searcher.search(tantivy.Query.term_query(index.schema, "id", doc_id), 1).hits
    return searcher.doc(found[0][1]) if found else None


def _portions(ops: Iterable[Op]) -> Iterator[list[Op]]:
    """As many papers at a time as their texts allow."""
    portion: list[Op] = []
    letters = 0
    for op in ops:
        portion.append(op)
        letters += len(op.fields["body"]) if op.fields else 0
        if letters > HELD_LETTERS:
            yield portion
            portion, letters = [], 0
    yield portion


def _put(index: Any, writer: Any, ops: Iterable[Op]) -> None:
    """Documents that are not there yet, as in a new generation, cost neither a deletion nor a look-up each."""
    present: dict[int, int] = {}
    highest = _highest(index)
    for portion in _portions(ops):
        present |= _versions(index, [op.doc_id for op in portion if op.doc_id not in present and op.doc_id <= highest])
        writes = []
        for op in portion:
            known = present.get(op.doc_id)
            if known is None or known <= op.version:
                writes.append((op.doc_id, known is not None, document_of(op)))
                present[op.doc_id] = op.version
        # Made first, then handed over in one go: beside the engine's thread on the same core each would cost a quarter more.
        for doc_id, replaces, document in writes:
            if replaces:
                writer.delete_documents_by_term("id", doc_id)
            writer.add_document(document)


def _highest(index: Any) -> int:
    """The highest id that was ever written: papers beyond it need not be looked for."""
    found = index.searcher().aggregate(tantivy.Query.all_query(), {"id": {"max": {"field": "id"}}})
    return int(found["id"]["value"] or 0)


def _versions(index: Any, ids: list[int]) -> dict[int, int]:
    """The versions of those that are in the index."""
    searcher = index.searcher()
    if not ids or not searcher.num_docs:
        return {}
    found = searcher.search(tantivy.Query.term_set_query(index.schema, "id", ids), len(ids), count=False).hits
    addresses = [address for _score, address in found]
    columns = (searcher.fast_field_values(name, addresses) for name in ("id", "version"))
    return dict(zip(*columns, strict=True))


def _checkpoint_of(index: Any) -> Checkpoint:
    document = _found(index, index.searcher(), CHECKPOINT_ID)
    if document is None:
        return Checkpoint()
    scanned = int(document.get_first("scanned") or 0)
    return Checkpoint(int(document["version"][0]), None if scanned == WHOLE else scanned)


def _facets(
    index: Any, request: SearchRequest, readers: ReaderTokens, query: Any
) -> dict[Facet, list[tuple[Value, int]]]:
    """Facets without a choice are counted in one pass; each other one without its own choice."""
    chosen = {facet for facet in request.facets if request.filters.of.get(facet)}
    found = _counted(index, query, [facet for facet in request.facets if facet not in chosen])
    for facet in chosen:
        shape = shape_of(request, readers, facet)
        found |= _counted(index, Translator(index.schema).translate(shape), [facet]) if shape is not None else {}
    return {facet: found[facet] for facet in FACETS if facet in found}


def _counted(index: Any, query: Any, facets: list[Facet]) -> dict[Facet, list[tuple[Value, int]]]:
    if not facets:
        return {}
    wanted = {facet: {"terms": {"field": facet, "size": ALL_VALUES}} for facet in facets}
    answer = index.searcher().aggregate(query, wanted)
    found: dict[Facet, list[tuple[Value, int]]] = {}
    for facet in facets:
        rows = [(_value(row["key"]), int(row["doc_count"])) for row in answer[facet]["buckets"]]
        found[facet] = sorted((row for row in rows if row[0]), key=lambda row: (-row[1], row[0]))[:MOST_VALUES]
    return found


def _value(key: Any) -> Value:
    return int(key) if isinstance(key, float | int) else str(key)


def _by_order(searcher: Any, query: Any, reach: int, sort: Sort) -> tuple[int, list[Hit]]:
    order = tantivy.Order.Asc if sort == "oldest" else tantivy.Order.Desc
    found = searcher.search(query, limit=max(1, reach), order_by_field="newest", order=order)
    ids = searcher.fast_field_values("id", [address for _key, address in found.hits[:reach]])
    return found.count, [Hit(int(pk), None) for pk in ids]


def _best(searcher: Any, query: Any, reach: int) -> tuple[int, list[Hit]]:
    """
    By score, then newest first, then by id: a total order, so that no page shows what another has shown.

    The engine orders equal scores by where they lie, so all of them are looked at before they are cut.
    """
    looked = reach + TIES
    while True:
        found = searcher.search(query, limit=looked)
        hits = found.hits
        if len(hits) < looked or hits[-1][0] < hits[max(0, reach - 1)][0] or looked > DEEPEST:
            break
        looked *= 4
    addresses = [address for _score, address in hits]
    places = searcher.fast_field_values("newest", addresses)
    ids = searcher.fast_field_values("id", addresses)
    ranked = sorted(zip(hits, places, ids, strict=True), key=lambda row: (-row[0][0], -row[1]))
    return found.count, [Hit(int(pk), float(score)) for (score, _address), _place, pk in ranked]


def _digests(index: Any, first: int, last: int) -> dict[int, bytes]:
    within = tantivy.Query.range_query(index.schema, "id", tantivy.FieldType.Integer, max(1, first), last)
    searcher = index.searcher()
    found = searcher.search(within, limit=max(1, last - first + 1)).hits
    documents = [searcher.doc(address) for _score, address in found]
    return {doc["id"][0]: bytes(doc["digest"][0]) for doc in documents if doc.get_first("digest") is not None}


def _guard(act: Callable[[], T]) -> T:
    """
    Turn the engine's errors, and its panics, which are no ordinary exceptions, into ours.

    :raises WriterBusy: if another process writes
    :raises BackendUnavailable: for whatever else is wrong with the engine or its files
    """
    try:
        return act()
    except BaseException as error:
        if not isinstance(error, ENGINE_ERRORS) and type(error).__name__ != "PanicException":
            raise
        if "LockBusy" in str(error):
            raise WriterBusy from error
        logger.exception("the search engine failed")
        raise BackendUnavailable(str(error)) from error
