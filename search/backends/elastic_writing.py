"""Writing into one index: whole papers with external versions, tombstones, and the checkpoint after them."""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING, Any

import elasticsearch

from search.backends.base import BackendUnavailable, Checkpoint
from search.backends.elastic_client import BUSY, LONGEST_REASON, WRITE_SECONDS, is_there
from search.backends.elastic_index import CHECKPOINT, source_of
from search.backends.elastic_packing import Packing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from search.backends.base import Op
    from search.backends.elastic_client import Cluster

logger = logging.getLogger(__name__)
MOST_OPS, MOST_BYTES = 500, 5 << 20
NEWER_IS_THERE = 409
REFUSED, UNKNOWN_FIELD = 400, "strict_dynamic_mapping_exception"
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)  # seconds, while a cluster is busy or finds itself a new head
LOST_RACES = 10

Line = tuple[dict[str, Any], str]  # where a paper goes, and the paper as JSON


class ElasticGeneration:
    """
    One index.

    Writes go through an alias of its own: an index that is gone is not made again by a write, without its fields.
    """

    def __init__(self, cluster: Cluster, name: str) -> None:
        self.cluster, self.name = cluster, name

    def apply(self, ops: Iterable[Op], reached: Checkpoint) -> None:
        """Take changes in, then move the checkpoint. A newer version that is there already is as good as success."""
        self.cluster.unseen.add(self.name)
        for portion in _portions(ops):
            self._write(portion)
        self._move(reached)

    def _write(self, lines: Sequence[Line]) -> None:
        """:raises BackendUnavailable: if the cluster stays busy"""
        for pause in (*PAUSES, None):
            lines = self._left(lines)
            if not lines:
                return
            if pause is None:
                raise BackendUnavailable("the cluster is busy")
            time.sleep(pause)

    def _left(self, lines: Sequence[Line]) -> list[Line]:
        """Write; those come back that may be tried again."""
        client = self.cluster.client(WRITE_SECONDS).options(max_retries=0)
        operations: list[Any] = [part for where, paper in lines for part in ({"index": where}, paper)]
        try:
            answer = client.bulk(index=f"{self.name}-w", operations=operations, require_alias=True)
        except elasticsearch.ApiError as error:
            if error.status_code in BUSY:
                return list(lines)
            raise BackendUnavailable(str(error)) from error
        except elasticsearch.ConnectionError:  # the next one goes to another node
            return list(lines)
        except elasticsearch.TransportError as error:
            raise BackendUnavailable(str(error)) from error
        results = [item["index"] for item in answer["items"]]
        return [line for line, result in zip(lines, results, strict=True) if not _is_done(result)]

    def _move(self, reached: Checkpoint) -> None:
        """Never back: what is there is joined with what was reached, whoever else writes."""
        with self.cluster.guarded():
            for _race in range(LOST_RACES):
                there, guard = self._read()
                joined = there.joined(reached)
                if guard and joined == there:
                    return
                if self._put(joined, guard or {"op_type": "create"}):
                    return
        raise BackendUnavailable("the checkpoint cannot be written")

    def _put(self, checkpoint: Checkpoint, guard: dict[str, Any]) -> bool:
        fields: dict[str, Any] = {"upto": checkpoint.upto}
        if checkpoint.scanned is not None:
            fields["scanned"] = checkpoint.scanned
        client = self.cluster.client(WRITE_SECONDS)
        try:
            client.index(index=f"{self.name}-w", id=CHECKPOINT, document=fields, require_alias=True, **guard)
        except elasticsearch.ConflictError:
            return False
        return True

    def checkpoint(self) -> Checkpoint:
        """How far it has come; asked of the documents themselves, so that it needs no refresh."""
        with self.cluster.guarded():
            return self._read()[0]

    def _read(self) -> tuple[Checkpoint, dict[str, Any]]:
        found = self.cluster.client(WRITE_SECONDS).options(ignore_status=404).get(index=self.name, id=CHECKPOINT)
        if not is_there(found):
            return Checkpoint(), {}
        fields = found["_source"]
        guard = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        return Checkpoint(fields["upto"], fields.get("scanned")), guard

    def purge(self, before: int) -> int:
        """Forget tombstones older than a number of the feed, and pack what has come together since."""
        query = {
            "bool": {"filter": [{"term": {"deleted": {"value": True}}}, {"range": {"version": {"lt": before}}}]},
        }
        with self.cluster.guarded():
            client = self.cluster.client(WRITE_SECONDS)
            forgotten = int(client.delete_by_query(index=self.name, query=query, conflicts="proceed")["deleted"])
            aliases = client.indices.get_alias(index=self.name)[self.name]["aliases"]
            Packing(self.cluster, self.name, set(aliases)).begin()
        return forgotten


def _portions(ops: Iterable[Op]) -> Iterator[list[Line]]:
    """Requests of a size that the engine likes."""
    lines: list[Line] = []
    size = 0
    for op in ops:
        # Not "external": a batch that comes again must win over itself, its papers may have moved on.
        where = {"_id": str(op.doc_id), "version": op.version, "version_type": "external_gte"}
        paper = json.dumps(source_of(op), ensure_ascii=False)
        if lines and (len(lines) >= MOST_OPS or size + len(paper) > MOST_BYTES):
            yield lines
            lines, size = [], 0
        lines.append((where, paper))
        size += len(paper)
    if lines:
        yield lines


def _is_done(result: dict[str, Any]) -> bool:
    """
    Whether nothing is left to do for a paper.

    One that the engine refuses would stand in the way of all that come after it: it is left out, and verification names it.

    :raises BackendUnavailable: if the index is gone, or lacks a field of this program
    """
    status = result["status"]
    if status in BUSY:
        return False
    if status == REFUSED and result["error"]["type"] != UNKNOWN_FIELD:
        logger.error(
            "the search engine refuses document %s: %s", result["_id"], result["error"]["reason"][:LONGEST_REASON]
        )
    elif status >= REFUSED and status != NEWER_IS_THERE:
        raise BackendUnavailable(str(result["error"]["type"]))
    return True
