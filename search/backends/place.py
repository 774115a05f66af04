"""Where an index lies on a cluster; apart from the client, which an office with an embedded index never loads."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cluster is, and how an index lies in it; `prefix` names the office among others on the same cluster."""

    urls: tuple[str, ...]
    prefix: str = "vanthu"
    api_key: str = field(default="", repr=False)
    ca: str = ""
    shards: int = 1
    replicas: int = 1
