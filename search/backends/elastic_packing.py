"""
Packing an index into few segments, without the copy of all that was sent.

The engine keeps that copy, larger than the index, for a replica that might lag behind. A merge leaves it out once a lease says that
nobody lags; the engine renews leases twice a minute, up to what is written out. So an index is written out first, then the lease is
waited for, then its segments are merged in the background. An alias of the index says how far that is, whoever began it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from search.backends.elastic_client import OPERATOR_SECONDS, WRITE_SECONDS

if TYPE_CHECKING:
    from search.backends.elastic_client import Cluster

PACK, PACKED = "pack", "packed"
LEAST_BYTES = 8 << 20  # below, a copy costs less than waiting
LARGEST_SEGMENT = 5 << 30
LEASE_SECONDS = 120  # longer than the engine ever takes: then the index is merged as it is
PUSHES = 8  # documents for each shard, so that none has a single segment, which a merge would leave as it is


class Packing:
    """How one index comes to be packed."""

    def __init__(self, cluster: Cluster, name: str, aliases: set[str]) -> None:
        self.name, self.aliases = name, aliases
        self.client = cluster.client

    def is_due(self) -> bool:
        """Whether it is worth it and not done yet; each call is the next step on the way there."""
        if self._since is not None:
            self.step()
            return True
        if f"{self.name}-{PACKED}" in self.aliases:
            return self._is_merging()
        if self._bytes() < LEAST_BYTES:
            return False
        self.begin()
        return True

    def begin(self) -> None:
        """Write out; anew, if it was packed before."""
        if self._since is None:
            self.client(WRITE_SECONDS).indices.flush(index=self.name, wait_if_ongoing=True)
            self._mark(f"{self.name}-{PACK}-{int(time.time())}", {f"{self.name}-{PACKED}"})

    def step(self) -> None:
        """Merge what was written out, as soon as nobody is waited for any more."""
        since = self._since
        if since is None or (self._is_leased() and time.time() - since < LEASE_SECONDS):
            return
        self._mark(f"{self.name}-{PACKED}", {f"{self.name}-{PACK}-{since}"})
        self._push()
        segments = 1 + self._bytes() // LARGEST_SEGMENT
        self.client(WRITE_SECONDS).indices.forcemerge(
            index=self.name, max_num_segments=segments, wait_for_completion=False
        )

    @property
    def _since(self) -> int | None:
        mark = f"{self.name}-{PACK}-"
        return next((int(alias.removeprefix(mark)) for alias in self.aliases if alias.startswith(mark)), None)

    def _mark(self, alias: str, instead: set[str]) -> None:
        actions: list[dict[str, Any]] = [{"add": {"index": self.name, "alias": alias}}]
        actions += [{"remove": {"index": self.name, "alias": one}} for one in instead & self.aliases]
        self.client(WRITE_SECONDS).indices.update_aliases(actions=actions)
        self.aliases = (self.aliases - instead) | {alias}

    def _push(self) -> None:
        shards = self._stats("store")["_shards"]["successful"]
        lines = [part for n in range(PUSHES * shards) for part in ({"index": {"_id": f"{PACKED}-{n}"}}, {"upto": 0})]
        client = self.client(WRITE_SECONDS)
        client.bulk(index=f"{self.name}-w", operations=lines, require_alias=True)
        client.indices.refresh(index=self.name)

    def _is_leased(self) -> bool:
        """Whether some copy may still ask for what the last commit holds."""
        found = self.client(OPERATOR_SECONDS).indices.stats(index=self.name, level="shards")
        copies = [copy for shard in found["indices"][self.name]["shards"].values() for copy in shard]
        return any(
            lease["retaining_seq_no"] <= int(copy["commit"]["user_data"]["local_checkpoint"])
            for copy in copies
            for lease in copy["retention_leases"]["leases"]
        )

    def _is_merging(self) -> bool:
        """Whether the merge that was asked for runs, or waits for its turn."""
        asked: Any = self.client(OPERATOR_SECONDS).perform_request(
            "GET", "/_tasks?actions=indices:admin/forcemerge*&detailed=true", headers={"accept": "application/json"}
        )
        tasks = [task for node in asked["nodes"].values() for task in node["tasks"].values()]
        return any(self.name in task["description"] for task in tasks)

    def _bytes(self) -> int:
        return int(self._stats("store")["_all"]["primaries"]["store"]["size_in_bytes"])

    def _stats(self, metric: str) -> Any:
        return self.client(OPERATOR_SECONDS).indices.stats(index=self.name, metric=metric)
