"""What is done for the index by the clock. Hours are UTC: the office sleeps."""

from __future__ import annotations

from typing import Any

from jobs import periodic
from search.upkeep import ask_for_purge
from search.verification import verify_index

NIGHTLY = "7 19 * * *"  # 02:07 in Hà Nội


@periodic(cron=NIGHTLY, queue="default")
def look_after_index(timestamp: int, **kwargs: Any) -> None:
    """Compare the index with the database, and have old tombstones forgotten; twice does no harm."""
    verify_index()
    ask_for_purge()
