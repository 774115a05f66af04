"""
tantivy in a directory: one writer process, many readers.

`gen-…` folders are generations of the index; the file CURRENT names the one that serves and is replaced in one step. The
checkpoint is document 0, written in the same commit as the papers, so index and checkpoint cannot differ; it carries no
token, so nobody finds it.
"""

from __future__ import annotations

import logging
import shutil
from typing import TYPE_CHECKING, Any, TypeVar

import tantivy

from search.backends.base import DEEPEST, BackendUnavailable, Hit, ReaderTokens, SearchPage, SearchRequest, WriterBusy
from search.backends.embedded_query import QueryBuilder
from search.backends.fields import document_of, fingerprint, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from search.backends.base import Op

T = TypeVar("T")
logger = logging.getLogger(__name__)
HEAP_BYTES = 64 << 20
CHECKPOINT_ID = 0
ENGINE_ERRORS = (OSError, OverflowError, RuntimeError, ValueError)
TIES = 32  # hits looked at beyond a page for those of equal score


class EmbeddedBackend:
    """The index below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._reader: Any = None
        self._seen: tuple[str, int, int] | None = None

    # --- where the index lies ---------------------------------------------------------------------------------------------

    @property
    def _current(self) -> Path:
        return self.root / "CURRENT"

    def _serving(self) -> Path | None:
        """The generation that is searched, or None before the first."""
        return self.root / self._current.read_text().strip() if self._current.exists() else None

    def _generations(self) -> list[Path]:
        """What this program wrote, oldest first; numbered, since a broken one is not mended but begun anew."""
        return sorted(self.root.glob(f"gen-{fingerprint()}-*"))

    def _target(self) -> Path:
        """The generation that is written."""
        known = self._generations()
        return known[-1] if known else self._make(1)

    def _make(self, number: int) -> Path:
        folder = self.root / f"gen-{fingerprint()}-{number:06d}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def begin_anew(self) -> None:
        """Write into an empty generation from now on."""
        logger.warning("the search index is made anew")
        last = self._target().name.rpartition("-")[2]
        _guard(lambda: self._make(int(last) + 1))

    def promote(self) -> None:
        """Let searchers see what is being written; the generations before go."""
        _guard(lambda: self._switch(self._target()))

    def _switch(self, target: Path) -> None:
        if self._serving() == target:
            return
        half = self.root / "CURRENT.new"
        half.write_text(target.name)
        half.replace(self._current)
        for folder in self.root.glob("gen-*"):
            if folder != target:
                shutil.rmtree(folder, ignore_errors=True)

    # --- writing ----------------------------------------------------------------------------------------------------------

    def apply(self, ops: Iterable[Op], upto: int) -> None:
        """Take changes in and move the checkpoint, in one commit. An older version of a paper never replaces a newer."""
        _guard(lambda: self._write(self._target(), ops, upto))

    def _write(self, folder: Path, ops: Iterable[Op], upto: int) -> None:
        index = tantivy.Index(schema(), path=str(folder))
        writer = index.writer(HEAP_BYTES, 1)
        try:
            writer.garbage_collect_files()  # a writer killed in its commit leaves files whose names come again
            index.reload()  # what was committed before the lock was ours
            _put(index, writer, ops, upto)
            writer.commit()
        finally:
            writer.wait_merging_threads()  # gives the lock back, whatever happened

    def checkpoint(self) -> int:
        """The feed's number up to which the index that is written is current."""
        return _guard(lambda: self._reached(self._target()))

    def _reached(self, folder: Path) -> int:
        if not any(folder.iterdir()):
            return 0
        return _checkpoint_of(tantivy.Index.open(str(folder)))

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
        if self._reader is None or self._seen is None or self._seen[0] != folder.name:
            self._seen = None
            self._reader = tantivy.Index.open(str(folder))
            self._reader.config_reader("manual")
        if self._seen != seen:
            self._reader.reload()
            self._seen = seen
        return self._reader

    def served(self) -> int:
        """The feed's number up to which searchers see."""
        return _guard(lambda: _checkpoint_of(self._index()))

    def search(self, request: SearchRequest, readers: ReaderTokens) -> SearchPage:
        """
        Hits that the tokens may see, with their exact number.

        :raises BackendUnavailable: before the first index is complete, or if the engine cannot answer
        """
        if not isinstance(readers, ReaderTokens):
            raise TypeError("search needs the searcher's tokens")
        if not readers.tokens:
            return SearchPage()
        return _guard(lambda: self._page(self._index(), request, readers))

    def _page(self, index: Any, request: SearchRequest, readers: ReaderTokens) -> SearchPage:
        query = QueryBuilder(index.schema).build(request, readers)
        if query is None:
            return SearchPage()
        searcher = index.searcher()
        first = min(request.offset, DEEPEST)
        last = min(request.offset + request.limit, DEEPEST)
        if request.sort == "date" or request.query.is_empty:
            total, hits = _newest(searcher, query, last)
        else:
            total, hits = _best(searcher, query, last)
        return SearchPage(total=total, hits=hits[first:last])

    def digests(self, first: int, last: int) -> dict[int, bytes]:
        """What is served of the papers with these ids, each with the digest of its fields."""
        return _guard(lambda: _digests(self._index(), first, last))


def _put(index: Any, writer: Any, ops: Iterable[Op], upto: int) -> None:
    searcher = index.searcher()
    for op in ops:
        if _version(index, searcher, op.doc_id) <= op.version:
            writer.delete_documents_by_term("id", op.doc_id)
            writer.add_document(document_of(op))
    reached = max(upto, _version(index, searcher, CHECKPOINT_ID))
    writer.delete_documents_by_term("id", CHECKPOINT_ID)
    writer.add_document(tantivy.Document(id=CHECKPOINT_ID, version=reached))


def _version(index: Any, searcher: Any, doc_id: int) -> int:
    found = searcher.search(tantivy.Query.term_query(index.schema, "id", doc_id), 1).hits
    return int(searcher.doc(found[0][1])["version"][0]) if found else -1


def _checkpoint_of(index: Any) -> int:
    return max(0, _version(index, index.searcher(), CHECKPOINT_ID))


def _newest(searcher: Any, query: Any, reach: int) -> tuple[int, list[Hit]]:
    found = searcher.search(query, limit=max(1, reach), order_by_field="newest", order=tantivy.Order.Desc)
    ids = searcher.fast_field_values("id", [address for _key, address in found.hits])
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
        if "LockBusy" in str(error) or "Lockfile" in str(error):
            raise WriterBusy from error
        logger.exception("the search engine failed")
        raise BackendUnavailable(str(error)) from error
