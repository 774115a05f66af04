"""How the index is, for operators: in the office, on the command line."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from audit import feed
from core import clock
from search.backends.base import BackendUnavailable, WriterBusy
from search.engine import backend
from search.models import Verification
from search.upkeep import indexer_lives, open_rebuild
from search.verification import words_of

if TYPE_CHECKING:
    from search.backends.base import Health
    from search.models import IndexRequest

ON_ITS_WAY = 50  # entries, about a second of work


@dataclass(frozen=True, slots=True)
class Report:
    """What an operator wants to know; `health` and `served` are None when the engine does not answer."""

    engine: str
    health: Health | None
    served: int | None
    head: int
    has_indexer: bool
    rebuild: IndexRequest | None
    verification: Verification | None

    @property
    def lag(self) -> int | None:
        """How many entries of the audit chain searchers do not see yet."""
        return None if self.served is None else max(0, self.head - self.served)

    @property
    def is_behind(self) -> bool:
        """Beyond what is on its way at any moment of a working day."""
        return bool(self.lag) and (not self.has_indexer or (self.lag or 0) > ON_ITS_WAY)

    @property
    def findings(self) -> list[str]:
        """What the last verification found, in words."""
        return [words_of(finding) for finding in self.verification.findings] if self.verification else []

    @property
    def verified_hours(self) -> int:
        """How old that is, in full hours."""
        return int((clock.now() - self.verification.at).total_seconds() // 3600) if self.verification else 0

    @property
    def is_rebuilding(self) -> bool:
        """Another generation is being made, or somebody asked for one."""
        return self.rebuild is not None or bool(self.health and self.health.is_rebuilding)

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        last = self.verification
        facts = asdict(self.health) if self.health else {"engine": self.engine}
        return {
            "ok": self.health is not None, **facts, "is_rebuilding": self.is_rebuilding, "served": self.served,
            "head": self.head, "lag": self.lag, "indexer": self.has_indexer,
            "verified_at": last.at.isoformat() if last else None, "findings": self.findings,
        }  # fmt: skip


def report() -> Report:
    """As of now."""
    engine = backend()
    try:
        health, served = engine.health(), engine.served()
    except (BackendUnavailable, WriterBusy):
        health, served = None, None
    return Report(
        engine.name, health, served, feed.head(), indexer_lives(), open_rebuild(),
        Verification.objects.order_by("-at", "-id").first(),
    )  # fmt: skip
