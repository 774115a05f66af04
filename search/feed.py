"""The index follows the audit chain: each entry names papers that changed, their present state is loaded and applied."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from audit import feed
from documents.selectors import ids_after, indexable
from search.backends.base import BackendUnavailable, Checkpoint, IndexLost, Op, WriterBusy
from search.engine import backend

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from search.backends.base import Generation, SearchBackend

DOCUMENT = "documents.document:"
BATCH, PORTION = 500, 50
FILLED_AT_ONCE = 2000  # a new generation is not searched yet: fewer commits leave fewer parts to be merged
PATIENCE_SECONDS, PAUSE = 60.0, 0.2


def index_batch(engine: SearchBackend) -> int:
    """
    One step for every generation that is written; returns how much there was, 0 when the index is current.

    A new generation follows the feed and is filled from the database, portion by portion, while the one before it serves; the
    step that makes it whole promotes it. An index that cannot be read, or that followed another chain than this database's, is
    made anew.
    """
    generations = _sound(engine)
    steps = sum(_follow(generation) + _fill(generation) for generation in generations)
    newest = generations[-1].checkpoint()
    if newest.is_whole and newest.upto >= generations[0].checkpoint().upto:
        engine.promote()
    engine.refresh()
    return steps


def _sound(engine: SearchBackend) -> Sequence[Generation]:
    generations = engine.generations()
    if not generations or not _is_sound(generations[-1]):
        rebuild(engine)
    return [one for one in engine.generations() if _is_sound(one)]


def rebuild(engine: SearchBackend) -> None:
    """Begin a new generation: as of the feed's present end, then paper by paper; what serves goes on serving."""
    head = feed.head()  # before the generation is there: another process may begin to fill it at once
    engine.begin_rebuild()
    engine.generations()[-1].apply([], Checkpoint(head, 0))


def _is_sound(generation: Generation) -> bool:
    try:
        return generation.checkpoint().upto <= feed.head()
    except IndexLost:
        return False


def _follow(generation: Generation) -> int:
    """Take the next entries of the chain in."""
    reached = generation.checkpoint()
    entries = feed.entries_after(reached.upto, BATCH)
    versions: dict[int, int] = {}
    for entry in entries:
        for target in entry.targets:
            if target.startswith(DOCUMENT):
                versions[int(target.removeprefix(DOCUMENT))] = entry.n
    if entries:
        generation.apply(ops_for(versions), Checkpoint(entries[-1].n, reached.scanned))
    return len(entries)


def _fill(generation: Generation) -> int:
    """Take the next papers of the database in, as of the feed's place that was reached before they were looked at."""
    reached = generation.checkpoint()
    if reached.scanned is None:
        return 0
    ids = ids_after(reached.scanned, FILLED_AT_ONCE)
    ops = ops_for(dict.fromkeys(ids, reached.upto))
    generation.apply(ops, Checkpoint(reached.upto, ids[-1] if len(ids) == FILLED_AT_ONCE else None))
    return max(1, len(ids))


def ops_for(versions: dict[int, int]) -> Iterator[Op]:
    """Operations for papers at a place of the feed; those that may not be found any more are forgotten."""
    for ids in _portions(versions):
        present = fields_by_document(ids)
        for pk in ids:
            yield Op(pk, versions[pk], present.get(pk))


def _portions(ids: Iterable[int]) -> Iterator[list[int]]:
    """Texts are long: few papers are held at once."""
    rest = iter(ids)
    while portion := list(islice(rest, PORTION)):
        yield portion


def fields_by_document(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What the index keeps of papers as they are now."""
    found = {document.id: asdict(document) for document in indexable(ids)}
    for fields in found.values():
        fields["day"] = date.fromisoformat(fields["date"]).toordinal() if fields["date"] else 0
    return found


def changed_since(n: int) -> set[int]:
    """Papers that acts beyond a place of the feed have changed: an index that stands there may be wrong about them."""
    return {int(target.removeprefix(DOCUMENT)) for target in feed.targets_after(n, DOCUMENT)}


def index_pending(seconds: float = PATIENCE_SECONDS) -> bool:
    """
    Bring the index up to date in this process, or wait for the indexer that holds it; False when the time is over.

    For commands that must see their own act.
    """
    wanted, engine = feed.head(), backend()
    end = time.monotonic() + seconds
    while not (is_current := _serves(engine, wanted)) and time.monotonic() < end:
        try:
            if not index_batch(engine):
                time.sleep(PAUSE)
        except (WriterBusy, BackendUnavailable):
            time.sleep(PAUSE)
    return is_current


def _serves(engine: SearchBackend, wanted: int) -> bool:
    try:
        return wanted <= engine.served() <= feed.head()
    except BackendUnavailable:
        return False
